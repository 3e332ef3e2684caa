"""Which stories of a period matter most: by reach, by spread, by newness."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.models import ChannelId, StoryId
from storage.story_models import Mention

LEAST, MOST = 3, 10
"""Stories that are told of, where there are so many."""
_MINOR = 0.1
"""Beyond the least, a story of less weight than this part of the first one's is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A story in a period: its posts of the time, oldest first, the first of each channel.

    `posts`: how many there are in all. `reach`: views in all channels; who sees a post again in the same channel is no
    other reader, so that of each its most seen post counts.
    """

    story_id: StoryId
    began_at: int
    firsts: tuple[Mention, ...]
    posts: int
    reach: int
    weight: float

    @property
    def lead(self) -> Mention:
        """The post that was first in the period."""
        return self.firsts[0]


def stories(mentions: Iterable[Mention], *, end: int, length: int) -> tuple[Ranked, ...]:
    """Put the stories of one topic in order, what matters most first.

    Views count in full and channels by their square root, so that what four channels tell weighs as much as what one
    tells to twice as many; a story that is as old at the end as the period is long weighs half of one that is new.

    Args:
        mentions: the posts of the period that speak of the topic, oldest first.
        end: of the period or now, whichever comes first, in UTC seconds.
        length: of the period, in seconds.
    """
    by_story: dict[StoryId, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_story[mention.story_id].append(mention)
    ranked = [_ranked(told, end=end, length=length) for told in by_story.values()]
    return tuple(sorted(ranked, key=lambda story: (-story.weight, -story.lead.date, story.story_id)))


def leading(ranked: Sequence[Ranked], *, least: int = LEAST, most: int = MOST) -> tuple[Ranked, ...]:
    """Leave of stories in order those that are told of: `least` of them, and up to `most` while they carry weight."""
    return tuple(
        story
        for number, story in enumerate(ranked[:most])
        if number < least or story.weight >= _MINOR * ranked[0].weight
    )


def _ranked(told: Sequence[Mention], *, end: int, length: int) -> Ranked:
    firsts: dict[ChannelId, Mention] = {}
    most: dict[ChannelId, int] = defaultdict(int)
    for mention in told:
        firsts.setdefault(mention.channel_id, mention)
        most[mention.channel_id] = max(most[mention.channel_id], mention.views or 0)
    began_at, reach = told[0].began_at, sum(most.values())
    age = max(0, end - began_at)
    return Ranked(
        story_id=told[0].story_id,
        began_at=began_at,
        firsts=tuple(firsts.values()),
        posts=len(told),
        reach=reach,
        weight=(1 + reach) * math.sqrt(len(firsts)) / (1 + age / length),
    )
