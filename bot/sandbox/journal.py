"""The events of a box or a channel in their order, as differences tell them."""

import bisect
from dataclasses import dataclass, field
from typing import Literal

EventKind = Literal["new", "edit", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to messages, and the count (pts) their box or channel reached by it."""

    pts: int
    count: int
    kind: EventKind
    ids: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Journal:
    """The events of one box or channel in their order. `forgotten`: events up to this pts cannot be told any more."""

    pts: int = 1
    events: list[Event] = field(default_factory=list)
    forgotten: int = 0

    def note(self, kind: EventKind, ids: tuple[int, ...]) -> Event:
        """Write down one more event."""
        self.pts += len(ids)
        event = Event(pts=self.pts, count=len(ids), kind=kind, ids=ids)
        self.events.append(event)
        return event

    def since(self, pts: int) -> list[Event]:
        """Return what happened after `pts`, oldest first."""
        return self.events[bisect.bisect_right(self.events, pts, key=lambda event: event.pts) :]
