"""Hostile text of channels is shown as text, within Telegram's limits, however a post is told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import catalogues
from bot.render import alert, phrases, text
from storage.models import ChannelInfo, Entity, EntityKind, Match, Message, MessageId, StoredPost
from tests import records
from tests.render import hostile, showing
from tests.render.test_people import TOPICS, others, renderings

ENGLISH = catalogues.load("en")
OURS = {"bold", "italic", "code", "quote", "folded", "link", "strike", "underline"}
ACTING = (
    "<b>жирно</b> <a href='tg://user?id=1'>имя</a> &lt;script&gt;",
    "**жирно** __косо__ `код` ```блок``` [имя](tg://user?id=1) ||тайна||",
    "tg://resolve?domain=x&start=1 tg://join?invite=AAA https://t.me/+AAAA",
    "{n} {title} {0} %s %(n)s {{",
)


@st.composite
def dressed(draw: st.DrawFn) -> StoredPost:
    """A post that came with 200 entities of its own, which are not to be shown."""
    stored = draw(hostile.stored_posts())
    kinds: tuple[EntityKind, ...] = ("bold", "link", "quote", "code")
    worn = tuple(
        Entity(kind=draw(st.sampled_from(kinds)), start=at, length=5, url="tg://user?id=1") for at in range(200)
    )
    return replace(stored, post=replace(stored.post, entities=worn))


@settings(max_examples=25)
@given(hostile.channels(), dressed())
def test_however_a_post_is_told_it_can_be_sent_and_leads_only_to_itself(channel: ChannelInfo, post: StoredPost) -> None:
    own = {
        phrases.link(one, MessageId(number))
        for one in (channel, *others(channel))
        for number in (15, post.post.message_id)
    }
    for message in renderings(channel, post):
        showing.assert_sendable(message)
        assert {entity.kind for entity in message.entities} <= OURS
        links = {entity.url for entity in message.entities if entity.url is not None}
        assert {link for link in links if not link.startswith("https://t.me/")} == set()
        assert links <= own | {link for link in links if link.count("/") == 3}


@pytest.mark.parametrize("acting", ACTING)
def test_markup_and_links_are_shown_as_they_were_written(acting: str) -> None:
    word = "дезертир"
    whole = f"{acting} {word} {acting}"
    place = whole.index(word)
    found = Match(topic="desertion", start=place, end=place + len(word), term=word, rule=word)
    post = records.stored_post(records.post(15, whole), matches=(found,))
    for message in renderings(records.channel_info(title=acting), post):
        showing.assert_sendable(message)
        assert acting[:12] in message.text
        assert {entity.url for entity in message.entities} <= {
            None,
            "https://t.me/garrison_news/15",
            "https://t.me/garrison_news",
        }
    (message, *_) = renderings(records.channel_info(), post)
    assert word in [showing.covered(message, entity) for entity in message.entities if entity.kind == "bold"]


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧‍👦", "🇺🇦", "👍🏽", "❤️"])
def test_no_emoji_is_divided_where_a_text_is_cut(emoji: str) -> None:
    for filling in range(8):
        whole = "дезертир " + "я" * filling + emoji * 700
        found = Match(topic="desertion", start=0, end=8, term="", rule="")
        post = records.stored_post(records.post(15, whole), matches=(found,))
        for message in renderings(records.channel_info(title=emoji * 90), post):
            showing.assert_sendable(message)
            assert "".join(message.text.split(text.clean(emoji))).count(emoji[0]) == 0


def test_ten_thousand_characters_are_told_in_six_hundred() -> None:
    whole = "слово " * 900 + "дезертир" + " слово" * 900
    place = whole.index("дезертир")
    found = Match(topic="desertion", start=place, end=place + 8, term="", rule="")
    post = records.stored_post(records.post(15, whole), matches=(found,))
    message: Message = alert.alert(
        ENGLISH, channel=records.channel_info(title="Т" * 300), post=post, topics=TOPICS, timezone="UTC"
    )
    (quotation,) = (entity for entity in message.entities if entity.kind == "quote")
    shown = showing.covered(message, quotation)
    assert len(shown) <= 604
    assert 0.3 < shown.index("дезертир") / len(shown) < 0.7
    assert len(message.text) < 850
