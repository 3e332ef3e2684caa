"""What a chat is told of, when, and whether it makes a sound."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot import audience
from storage.models import Chat, ChatId, Mute
from tests import records

KYIV = ZoneInfo("Europe/Kyiv")
CHAT = Chat(id=records.CHAT, role="owner", language="en", timezone="Europe/Kyiv", paired_at=0)
NIGHT = replace(CHAT, quiet_from=22 * 60, quiet_to=7 * 60 + 30)
BOTH = {"rotation", "desertion"}


def at(hour: int, minute: int = 0, *, day: int = 21) -> int:
    return int(datetime(2026, 11, day, hour, minute, tzinfo=KYIV).timestamp())


def decide(chat: Chat, *mutes: Mute, topics: set[str] = BOTH, now: int | None = None) -> audience.Telling | None:
    return audience.decide(chat, mutes, channel_id=records.CHANNEL, topics=topics, now=at(12) if now is None else now)


def mute(kind: str, subject: str, *, chat: Chat = CHAT) -> Mute:
    return Mute(chat_id=chat.id, kind=kind, subject=subject, until=None)  # type: ignore[arg-type]


def test_who_has_set_nothing_is_told_of_every_topic_at_once_with_sound() -> None:
    assert decide(CHAT) == audience.Telling(topics=("desertion", "rotation"), silent=False)


def test_only_the_topics_that_were_chosen_are_told() -> None:
    chosen = replace(CHAT, topics=("rotation", "mobilization"))
    assert decide(chosen) == audience.Telling(topics=("rotation",), silent=False)
    assert decide(chosen, topics={"desertion"}) is None


def test_what_is_muted_is_not_told() -> None:
    assert decide(CHAT, mute("topic", "rotation")) == audience.Telling(topics=("desertion",), silent=False)
    assert decide(CHAT, mute("channel", str(records.CHANNEL))) is None
    other = replace(CHAT, id=ChatId(records.CHAT + 1))
    assert decide(CHAT, mute("channel", str(records.CHANNEL), chat=other)) is not None


def test_an_alert_is_silent_when_each_of_its_topics_is() -> None:
    silent = replace(CHAT, silent_topics=("rotation",))
    assert decide(silent) == audience.Telling(topics=("desertion", "rotation"), silent=False)
    assert decide(silent, topics={"rotation"}) == audience.Telling(topics=("rotation",), silent=True)
    # A topic that is muted makes no sound either.
    assert decide(silent, mute("topic", "desertion")) == audience.Telling(topics=("rotation",), silent=True)


def test_who_wants_the_digest_only_is_told_nothing() -> None:
    assert decide(replace(CHAT, mode="digest")) is None


@pytest.mark.parametrize(
    ("chat", "hour", "held"),
    [
        (NIGHT, (12, 0), None),
        (NIGHT, (21, 59), None),
        (NIGHT, (22, 0), (at(7, 30, day=22), "quiet")),
        (NIGHT, (3, 0), (at(7, 30), "quiet")),
        (NIGHT, (7, 30), None),
        (replace(CHAT, mode="hourly"), (12, 0), (at(13), "hourly")),
        (replace(CHAT, mode="hourly"), (12, 59), (at(13), "hourly")),
        (replace(NIGHT, mode="hourly"), (20, 30), (at(21), "hourly")),
        # The full hour lies in the quiet hours, and the hour in which they end is not full yet.
        (replace(NIGHT, mode="hourly"), (21, 30), (at(7, 30, day=22), "quiet")),
        (replace(NIGHT, mode="hourly"), (6, 30), (at(7, 30), "quiet")),
        # All of the night is told together.
        (replace(NIGHT, mode="hourly"), (7, 10), (at(8), "quiet")),
        (replace(NIGHT, mode="hourly"), (7, 40), (at(8), "hourly")),
    ],
)
def test_alerts_are_held_back_as_the_chat_wishes(
    chat: Chat, hour: tuple[int, int], held: tuple[int, str] | None
) -> None:
    assert audience.held_until(chat, now=at(*hour)) == held
    told = decide(chat, now=at(*hour))
    assert told is not None
    assert (None if told.not_before is None else (told.not_before, told.held)) == held


def test_each_chat_has_the_quiet_hours_of_its_own_zone() -> None:
    assert audience.quiet_until(NIGHT, at(23)) is not None
    assert audience.quiet_until(replace(NIGHT, timezone="America/New_York"), at(23)) is None
    assert audience.quiet_until(CHAT, at(23)) is None
