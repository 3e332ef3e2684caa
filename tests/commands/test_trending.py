"""/trend, as it is asked in the chat."""

import pytest

from bot import ingest
from storage.database import Database
from storage.models import Post
from tests.commands.chatting import TEXTS, Chatting
from tests.records import CHANNEL, CHAT, NOW, channel_info, post
from tests.render import showing

DAY = 86_400
TODAY = "Wed 18 Nov 2026"
CALM, LOUD = "Ротация прошла спокойно.", "Ротация сорвана, люди ждут замены третий месяц."


@pytest.fixture
async def chatting(database: Database) -> Chatting:
    """The owner, who watches a channel that speaks of rotation once a day and of something else as often."""
    chatting = Chatting(database, allowed=(CHAT,))
    await chatting.says("/start")
    await chatting.follows(channel_info())
    days = [post(1 + n, CALM, date=NOW - n * DAY - 60, views=5) for n in range(60)]
    await read(chatting, *days, *(post(100 + n, "Воды нет.", date=NOW - n * DAY - 90) for n in range(60)))
    return chatting


async def read(chatting: Chatting, *written: Post) -> None:
    teller = ingest.Teller(rules=chatting.rules, catalogues={"en": TEXTS}, wake=lambda: None)
    batch = ingest.Batch(channel_id=CHANNEL, posts=written, source="backfill")
    await ingest.store(chatting.database, teller, batch, now=NOW)


async def loud_day(chatting: Chatting, ago: int, *, posts: int = 9) -> None:
    said = [post(1000 + 50 * ago + n, f"{LOUD} №{n}", date=NOW - ago * DAY + n, views=n) for n in range(posts)]
    await read(chatting, *said)


async def test_a_topic_is_told_by_its_chart_and_the_days_that_stand_out(chatting: Chatting) -> None:
    await loud_day(chatting, 3)
    await loud_day(chatting, 20, posts=5)
    messages = await chatting.says("/trend rot")
    assert messages[0].picture is not None
    shown = "\n".join(message.text for message in messages)
    assert shown.startswith(f"Tue 20 Oct 2026 – {TODAY}\nRotation: 44 posts · usually 1 a day")
    assert "\n\nThu 29 Oct 2026: 6, usually 1\n• 13:05 Вести гарнизона\nРотация прошла спокойно." in shown
    assert "\n\nSun 15 Nov 2026: 10, usually 1\n• 13:06 Вести гарнизона\nРотация сорвана" in shown


async def test_without_words_all_topics_are_told(chatting: Chatting) -> None:
    (message,) = await chatting.says("/trend 2w")
    assert message.text.startswith(f"Thu 5 Nov 2026 – {TODAY}\nDesertion: 0 posts · usually 0 a day\n")
    assert "\nRotation: 14 posts · usually 1 a day\nNo day stands out." in message.text


async def test_words_are_told_in_all_their_forms_and_shown_bold(chatting: Chatting) -> None:
    await read(chatting, *(post(3000 + n, f"Нет воды. Воды нет {n}.", date=NOW - 2 * DAY + n) for n in range(6)))
    messages = await chatting.says("/trend воды 30d")
    shown = "\n".join(message.text for message in messages)
    assert "воды: 36 posts · usually 1 a day" in shown
    assert "Mon 16 Nov 2026: 7, usually 1\n" in shown
    (last,) = [message for message in messages if "Нет воды. Воды нет" in message.text]
    assert "⟦bold воды⟧. ⟦bold Воды⟧ нет" in showing.marked(last)


async def test_the_span_of_time_may_stand_first(chatting: Chatting) -> None:
    for typed in ("rotation", "воды нет"):
        (message,) = await chatting.says(f"/trend 2w {typed}")
        assert await chatting.says(f"/trend {typed} 2w") == [message]


async def test_what_never_came_up_has_no_picture(chatting: Chatting) -> None:
    (message,) = await chatting.says("/trend мост 7d")
    assert (message.picture, message.text.splitlines()[1]) == (None, "мост: 0 posts")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/trend rotation 53w", "At most 366 days at a time, please."),
        ("/trend 400d", "At most 366 days at a time, please."),
        ('/trend "вода', "A quotation mark is open"),
    ],
)
async def test_what_cannot_be_read_gets_a_sentence(chatting: Chatting, typed: str, said: str) -> None:
    assert said in await chatting.hears(typed)
