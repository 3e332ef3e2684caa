"""Texts that channels could use against the bot, for property tests."""

from hypothesis import strategies as st

from bot.render.text import Span
from storage.models import ChannelInfo, Match, Origin, Post, StoredPost, TextPart
from tests import records

FRAGMENTS = (
    "<b>bold</b>",
    "<a href='tg://user?id=1'>click</a>",
    "&lt;&amp;",
    "**bold** __it__ `code` ```pre``` [x](tg://resolve?domain=x)",
    "{n} {name} {0} %s %(n)s {{",
    "\u202eright to left\u202c",
    "\u2067\u2066isolated\u2069",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\x00\x07\x1b[31m\r\n",
    "👨‍👩‍👧‍👦",
    "🇺🇦🇺🇦🇺🇦",
    "👍🏽",
    "❤️",
    "1️⃣",
    "е\u0301" + "\u0301" * 30,
    "שלום عالم",
    "\ud800",
    "слово ",
    "дезертир",
    "\n\n\n\n",
    "\u3000\u2028\u2029\u00a0\t",
    "x" * 700,
    "слово за слово " * 60,
    "🎖" * 400,
    "🇺🇦" * 300,
    "а\u200d" * 200,
)

texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=20), max_size=12).map("".join)
long_texts = texts.map(lambda text: (text * (1 + 10_000 // max(1, len(text))))[:10_000])
any_text = texts | long_texts

spans = st.lists(
    st.builds(
        Span,
        any_text,
        st.sampled_from((None, "bold", "italic", "code")),
        quoted=st.sampled_from((None, "quote", "folded")),
    )
    | st.builds(Span, texts, st.just("link"), st.just("https://t.me/x/1")),
    max_size=8,
)
styled_spans = st.lists(st.builds(Span, st.sampled_from(("a ", " б", "🎖")), st.just("bold")), max_size=250)

moments = st.integers(1_377_000_000, 2_000_000_000)


@st.composite
def channels(draw: st.DrawFn) -> ChannelInfo:
    return records.channel_info(
        title=draw(any_text),
        username=draw(st.none() | st.just("garrison_news") | texts),
        fake=draw(st.booleans()),
        scam=draw(st.booleans()),
        verified=draw(st.booleans()),
        restricted=draw(st.booleans()),
    )


@st.composite
def stored_posts(draw: st.DrawFn) -> StoredPost:
    text = draw(any_text)
    first, step = draw(st.integers(0, len(text))), draw(st.sampled_from((1, 9, 10, 40, 1000)))
    places = range(first, len(text), step)[:400]
    matches = tuple(
        Match(
            topic=draw(st.sampled_from(("rotation", "desertion"))), start=a, end=min(a + 9, len(text)), term="", rule=""
        )
        for a in places
    )
    middle = draw(st.integers(0, len(text)))
    parts = (
        TextPart(kind="message", start=0, end=middle),
        TextPart(kind=draw(st.sampled_from(("poll", "preview", "rich"))), start=middle, end=len(text)),
    )
    origin = draw(
        st.none()
        | st.builds(
            Origin, channel_id=st.none(), message_id=st.none(), title=st.none() | texts, date=st.none() | moments
        )
    )
    post: Post = records.post(
        draw(st.integers(1, 2**31 - 1)),
        text,
        date=draw(moments),
        edited_at=draw(st.none() | moments),
        parts=parts,
        media=draw(st.none() | st.sampled_from(("photo", "poll", "webpage", "hologram"))),
        views=draw(st.none() | st.integers(0, 10**9)),
        grouped_id=draw(st.none() | st.just(7)),
        origin=origin,
    )
    return records.stored_post(
        post,
        language=draw(st.sampled_from(("ru", "und", "xx"))),
        captured_at=draw(moments),
        deleted_at=draw(st.none() | moments),
        matches=matches,
    )
