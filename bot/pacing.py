"""Pure: what to do next for a chat, given what waits for it and how much its pace allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage.models import Held, OutboxId, OutboxMessage

LATE_SECONDS = 6 * 3600
"""What is older than this when it could be told at last is told in a summary, not alone."""
_HELD: tuple[Held, ...] = ("quiet", "hourly")
GATHERING_SECONDS = 60
"""How long late alerts may wait for the catching-up to end before they are told anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send this message alone, now."""

    message: OutboxMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Tell these alerts in one summary."""

    ids: tuple[OutboxId, ...]
    reason: Literal["burst", "late"] | Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Nothing to do before `seconds` have passed; None: before something new is stored."""

    seconds: float | None


Step = Send | Fold | Rest


def plan(pending: Sequence[OutboxMessage], *, tokens: float, catching_up: bool, now: int) -> Step:
    """Decide the next step for one chat.

    What was asked for goes first. Single alerts go out while the pace allows; the last token is kept for a summary
    of all that is still waiting, so that nothing waits longer than it takes to earn one token. Late alerts are
    gathered until `catching_up` is over, and told in one summary. What was held back is told in one summary too, but
    a single alert alone.

    Args:
        pending: what waits for the chat, in the order in which it should be sent.
        tokens: messages that may be sent at once; fractions are being earned at one a second.
        catching_up: whether more late posts are being read just now.
        now: UTC seconds.
    """
    alerts = [message for message in pending if message.kind == "alert"]
    others = [message for message in pending if message.kind != "alert"]
    together = _held_together(alerts)
    if together is not None:
        return together
    late = [message for message in alerts if _is_late(message, now)]
    fresh = [message for message in alerts if not _is_late(message, now)]
    if late and (not catching_up or now - late[0].created_at >= GATHERING_SECONDS):
        return Fold(ids=tuple(message.id for message in late), reason="late")
    if not others and not fresh:
        return Rest(seconds=1.0 if late else None)
    if tokens < 1:
        return Rest(seconds=1 - tokens)
    if others:
        return Send(message=others[0])
    if len(fresh) > tokens and tokens < 2:  # noqa: PLR2004 - this is the last token
        return Fold(ids=tuple(message.id for message in fresh), reason="burst")
    return Send(message=fresh[0])


def _held_together(alerts: Sequence[OutboxMessage]) -> Fold | None:
    held = [(message.id, message.subject.held) for message in alerts if message.subject and not message.attempts]
    for reason in _HELD:
        ids = tuple(outbox_id for outbox_id, why in held if why == reason)
        if len(ids) > 1:
            return Fold(ids=ids, reason=reason)
    return None


def _is_late(message: OutboxMessage, now: int) -> bool:
    if message.subject is not None and message.subject.held is not None:
        return False
    found_late = message.subject is not None and message.subject.late
    return found_late or now - message.created_at > LATE_SECONDS
