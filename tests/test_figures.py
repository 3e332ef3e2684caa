"""When a channel is complete in a period, and why it is not."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot import figures, periods
from bot.render.digest_data import Gap
from storage.health_models import ChannelHealth
from storage.models import Channel, Cursor, MessageId
from tests import records

DAY = periods.of_day(date(2026, 11, 21), ZoneInfo("Europe/Kyiv"))
MORNING = DAY.end + 8 * 3600
COMPLETE = Channel(
    info=records.channel_info(),
    state="followed",
    joined=True,
    added_at=DAY.start - 86_400,
    cursor=Cursor(pts=7, complete_id=MessageId(9)),
    held_from=DAY.start,
    checked_at=DAY.end,
    trouble=None,
)


@pytest.mark.parametrize(
    ("channel", "now", "gap"),
    [
        (COMPLETE, MORNING, None),
        (replace(COMPLETE, trouble="banned", state="lost"), MORNING, None),
        (replace(COMPLETE, held_from=None), MORNING, Gap(kind="unread")),
        (replace(COMPLETE, held_from=DAY.start + 1), MORNING, Gap(kind="history", at=DAY.start + 1)),
        (replace(COMPLETE, checked_at=None), MORNING, Gap(kind="unchecked")),
        (replace(COMPLETE, checked_at=DAY.end - 1), MORNING, Gap(kind="late", at=DAY.end - 1)),
        (
            replace(COMPLETE, checked_at=DAY.start, trouble="banned"),
            MORNING,
            Gap(kind="trouble", at=DAY.start, trouble="banned"),
        ),
        (replace(COMPLETE, checked_at=None, state="lost"), MORNING, Gap(kind="trouble", trouble="lost")),
        (replace(COMPLETE, checked_at=DAY.start + 4000), DAY.start + 5000, None),
        (
            replace(COMPLETE, checked_at=DAY.start + 3000),
            DAY.start + 5000,
            Gap(kind="late", at=DAY.start + 3000),
        ),
    ],
)
def test_a_channel_is_complete_when_it_is_held_from_the_start_and_checked_at_the_end(
    channel: Channel, now: int, gap: Gap | None
) -> None:
    assert figures.gap(health(channel), DAY, now=now) == gap


def health(channel: Channel, *, hole: int | None = None, waits_until: int | None = None) -> ChannelHealth:
    return ChannelHealth(
        channel=channel,
        posts=9,
        unreadable=0,
        edited=0,
        deleted=0,
        last_message_id=MessageId(9),
        last_date=DAY.start,
        hole=None if hole is None else MessageId(hole),
        waits_until=waits_until,
    )


NOON = DAY.start + 12 * 3600
JUST_CHECKED = replace(COMPLETE, checked_at=NOON - 60)


@pytest.mark.parametrize(
    ("held", "behind"),
    [
        (health(JUST_CHECKED), None),
        (health(JUST_CHECKED, hole=0), "hole"),
        (health(JUST_CHECKED, waits_until=NOON + 1), "waiting"),
        (health(JUST_CHECKED, waits_until=NOON), None),
        (health(replace(JUST_CHECKED, checked_at=NOON - figures.CHECK_SECONDS - 1), hole=7), "hole"),
        (health(replace(JUST_CHECKED, checked_at=NOON - figures.CHECK_SECONDS - 1)), "late"),
        (health(replace(JUST_CHECKED, checked_at=None)), "unchecked"),
        (health(replace(JUST_CHECKED, held_from=None)), "unread"),
        (health(replace(JUST_CHECKED, trouble="TIMEOUT")), "trouble"),
        (health(replace(JUST_CHECKED, trouble="closed", state="lost")), "lost"),
    ],
)
def test_a_channel_of_which_something_is_known_to_be_missing_is_behind_however_lately_it_was_checked(
    held: ChannelHealth, behind: figures.Behind | None
) -> None:
    assert figures.behind(held, now=NOON) == behind


def test_what_is_missing_now_is_missing_of_today_and_not_of_a_day_that_was_checked_after_its_end() -> None:
    missing = health(JUST_CHECKED, hole=7)
    assert figures.gap(missing, DAY, now=NOON) == Gap(kind="hole", at=NOON - 60)
    pausing = health(JUST_CHECKED, waits_until=NOON + 600)
    assert figures.gap(pausing, DAY, now=NOON) == Gap(kind="waiting", at=NOON - 60)
    assert figures.gap(health(COMPLETE, hole=7), DAY, now=MORNING) is None
