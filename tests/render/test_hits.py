from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import catalogues
from bot.render import hits, text
from bot.render.catalogue import Catalogue
from bot.render.hits import Hit, Sums
from bot.render.text import Span
from storage.models import ChannelInfo, StoredPost
from tests.records import NOW, channel_info, match, post, stored_post
from tests.render import hostile

ENGLISH = catalogues.load("en")


def shown(texts: Catalogue, sums: Sums, *found: Hit) -> str:
    items = hits.hit_list(texts, sums, found, zone=ZoneInfo("UTC"), now=NOW)
    return "\n".join(text.readable(message) for message in text.pack(items))


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        (Sums(query="вода", total=0), "Nothing found."),
        (Sums(query="вода", total=1), "1 post"),
        (Sums(query="вода", total=1, ranked=1), "1 post"),
        (Sums(query="вода", total=1234), "1,234 posts, newest first"),
        (Sums(query="вода", total=9_000, ranked=9_000), "9,000 posts, most relevant first"),
        (Sums(query="вода", total=100_000, more=True), "More than 100,000 posts, newest first"),
        (
            Sums(query="вода", total=100_000, more=True, ranked=10_000),
            "More than 100,000 posts; the newest 10,000 of them, most relevant first",
        ),
    ],
)
def test_above_the_hits_stands_how_many_there_are(texts: Catalogue, sums: Sums, said: str) -> None:
    assert said in shown(texts, sums)


def test_what_is_missing_is_said(texts: Catalogue) -> None:
    assert "⏳ Up to 500 older posts" in shown(texts, Sums(query="вода", total=2, missing=500))


def test_a_post_without_text_is_said_to_have_none(texts: Catalogue) -> None:
    hit = Hit(channel=channel_info(), stored=stored_post(post(7, "", media="photo")), current=True)
    assert shown(texts, Sums(query="topic:x", total=1), hit).endswith("garrison_news/7)\n(without text)")


def test_of_a_long_post_the_passage_around_the_words_is_shown(texts: Catalogue) -> None:
    long = f"{'Совсем о другом говорится здесь. ' * 30}А вода кончилась. {'И снова о другом. ' * 30}"
    start = long.index("вода")
    found = Hit(
        channel=channel_info(), stored=stored_post(post(1, long), matches=(match("", start, start + 4),)), current=True
    )
    (_, _, line) = shown(texts, Sums(query="вода", total=1), found).rpartition(")\n")
    assert "А вода кончилась." in line
    assert len(line) <= hits.PASSAGE_LIMIT + 2


@given(hostile.channels(), hostile.stored_posts(), hostile.texts, st.booleans())
def test_hits_of_any_post_can_be_sent(channel: ChannelInfo, stored: StoredPost, query: str, current: bool) -> None:
    items = hits.hit_list(
        ENGLISH,
        Sums(query=query, total=1),
        [Hit(channel=channel, stored=stored, current=current)] * 6,
        zone=ZoneInfo("UTC"),
        now=NOW,
    )
    message = text.message([span for item in items for span in (*item, Span("\n"))])
    assert text.utf16(message.text) <= text.TEXT_LIMIT
    assert sum(entity.kind == "link" for entity in message.entities) == 6
