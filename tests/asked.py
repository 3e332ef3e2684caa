"""What words behind a command can mean, for tests."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.commands import removing
from bot.periods import Known
from storage.models import Channel
from tests import records

KYIV = ZoneInfo("Europe/Kyiv")
TOPICS = ("mobilization", "rotation", "desertion")


def known(
    *,
    now: int = records.NOW,
    zone: ZoneInfo = KYIV,
    topics: Sequence[str] = TOPICS,
    channels: Sequence[Channel] = (),
) -> Known:
    return Known(now=now, zone=zone, topics=topics, channels=channels, meant=removing.meant)
