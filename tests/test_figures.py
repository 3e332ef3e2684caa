"""When a channel is complete in a period, and why it is not."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot import figures, periods
from bot.render.digest_data import Gap
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
    assert figures.gap(channel, DAY, now=now) == gap
