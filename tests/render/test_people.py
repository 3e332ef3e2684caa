"""Whatever is rendered of a post: no number of a person gets out, wherever it stands and whatever is bold in it."""

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import catalogues
from bot.pipeline import quoting
from bot.render import alert, digest, followup, masking, phrases, spike, story, text, translated
from bot.render.digest_data import Changed, TopicCount
from bot.render.headline import Headline
from bot.render.text import Span
from storage.models import ChannelId, ChannelInfo, Match, Message, MessageId, Origin, Post, PostId, StoredPost
from storage.story_models import Appearance
from tests import records
from tests.render import digests, hostile, showing
from tests.render.test_masking import PERSONAL

ENGLISH = catalogues.load("en")
TOPICS = ("desertion", "rotation")
DIGEST = digests.data(topics=(), channels=(digests.channel_count(0, 3),))
FILLING = "Воду обещают вернуть к вечеру. "


@st.composite
def telling(draw: st.DrawFn) -> tuple[str, StoredPost]:
    """A number, and a post in which it stands somewhere, with matches before, behind and across it."""
    number = draw(st.sampled_from([one for one in PERSONAL if "/" not in one]))
    before, after = draw(st.sampled_from(("", FILLING, FILLING * 19, FILLING * 40))), draw(hostile.any_text)
    whole = f"{before}дезертир, \n{number}\n дезертир {after}"
    place = whole.index(number)
    first = draw(st.integers(max(0, place - 10), place + len(number)))
    marks = {(place - 11, place - 3), (first, first + draw(st.integers(1, 12)))}
    matches = tuple(
        Match(topic=draw(st.sampled_from(TOPICS)), start=a, end=min(b, len(whole)), term="", rule="") for a, b in marks
    )
    return number, records.stored_post(records.post(15, whole), matches=matches)


def renderings(channel: ChannelInfo, post: StoredPost) -> Iterator[Message]:
    """Every way in which a post is told."""
    entry = alert.Entry(channel=channel, post=post, topics=TOPICS)
    yield alert.alert(ENGLISH, channel=channel, post=post, topics=TOPICS, timezone="UTC", brought_by_edit=True)
    yield from alert.summary(ENGLISH, entries=[entry] * 2, timezone="UTC", reason="burst")
    yield from alert.summary(ENGLISH, entries=[entry], timezone="UTC", reason="late")
    whole = Headline(channel=channel, post=post, sentence=(0, len(post.post.text)))
    piece = replace(whole, sentence=quoting.sentence(post.post.text, post.matches))
    listed = tuple(TopicCount(name=name, count=3, usual=1, stories=3, told=(whole, piece)) for name in TOPICS)
    gone = Changed(kind="deleted", at=records.NOW, posted=whole)
    told_day = replace(DIGEST, topics=listed, changed=(gone,))
    yield from digest.digest(ENGLISH, told_day, zone=ZoneInfo("UTC"), picture=None, word=None)
    yield spike.spike(ENGLISH, "rotation", posts=9, usual=1, hour=(0, 60), told=(whole, piece), zone=ZoneInfo("UTC"))
    told = alert.alert(ENGLISH, channel=channel, post=post, topics=TOPICS, timezone="UTC")
    yield from followups(channel, post, told)


def unaware(number: str, post: StoredPost) -> Iterator[Message]:
    """The post as somebody might show it who knows nothing of masking, and divides it anywhere."""
    place = post.post.text.index(number)
    shown = post.post.text[max(0, place - 100) : place + 100]
    if masking.masked(number, guess=False) != number:
        yield text.message([Span(shown[at : at + 7], "bold" if at % 2 else "italic") for at in range(0, len(shown), 7)])


def followups(channel: ChannelInfo, post: StoredPost, told: Message) -> Iterator[Message]:
    """What is said of a post below its alert, and the alert as it becomes."""
    other = records.post(15, "Совсем другое.")
    yield edited(channel, post.post, before=other.text)
    yield edited(channel, other, before=post.post.text)
    gone = followup.deleted(
        ENGLISH,
        channel=channel,
        post=post.post,
        post_id=post.id,
        at=records.NOW,
        seen=True,
        owner=True,
        silent=False,
    )
    yield gone
    yield followup.kept(ENGLISH, gone, post=post.post, post_id=post.id, timezone="UTC")
    yield translated.in_place(told, translated.words(post.post.text), "Translated by Telegram")
    yield translated.in_place(told, post.post.text, "Translated by Telegram")
    appearances = [appears(post.id, channel), *(appears(PostId(post.id + one.id), one) for one in others(channel))]
    standing = story.Standing(quoted=post.id, appearances=appearances)
    yield story.renewed(told, story.tail(ENGLISH, standing, timezone="UTC"))
    yield story.spread(ENGLISH, standing, silent=False)


def edited(channel: ChannelInfo, post: Post, *, before: str) -> Message:
    return followup.edited(
        ENGLISH, channel=channel, post=post, before=before, edits=1, at=records.NOW, flagged=True, silent=False
    )


def others(channel: ChannelInfo) -> list[ChannelInfo]:
    """Further channels of the same name."""
    return [replace(channel, id=ChannelId(channel.id + number)) for number in range(1, 4)]


def appears(post_id: PostId, channel: ChannelInfo) -> Appearance:
    return Appearance(
        post_id=post_id,
        channel=channel,
        message_id=MessageId(15),
        date=records.NOW,
        edited_at=None,
        deleted_at=None,
        views=None,
        origin=Origin(channel_id=None, message_id=None, title=channel.title, date=None),
    )


def digits(shown: str) -> list[str]:
    return [letter for letter in shown if letter.isdecimal()]


@settings(max_examples=25)
@given(hostile.channels(), telling())
def test_no_rendering_of_a_post_shows_a_number_of_a_person(channel: ChannelInfo, found: tuple[str, StoredPost]) -> None:
    number, post = found
    shown = text.clean(number)
    told = renderings(replace(channel, title=f"{channel.title} {number}"), post)
    for message in (*told, *unaware(number, post)):
        showing.assert_sendable(message)
        assert shown not in message.text
        assert "".join(digits(number))[:-2] not in "".join(digits(message.text.replace("\u20e3", "")))
        assert text.clean(number) not in text.readable(message)


@given(telling())
def test_matched_words_stay_bold_at_their_place(found: tuple[str, StoredPost]) -> None:
    _, post = found
    word = replace(post, matches=tuple(m for m in post.matches if post.post.text[m.start : m.end] == "дезертир"))
    message = alert.alert(ENGLISH, channel=records.channel_info(), post=word, topics=TOPICS, timezone="UTC")
    bold = [showing.covered(message, entity) for entity in message.entities if entity.kind == "bold"]
    assert bold[2:] == ["дезертир"] * bool(word.matches)


def test_a_title_with_a_number_is_masked_in_lists_and_notices() -> None:
    assert phrases.title(records.channel_info(title="Куплю, 8 921 123-45-67")) == "Куплю, • ••• •••-••-67"
