"""Pure: what to do next for a chat, given what waits for it and how much its pace allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot import schedule
from storage.models import Held, OutboxId, OutboxMessage

LATE_SECONDS = 6 * 3600
"""What is older than this when it could be told at last is told in a summary, not alone."""
_HELD: tuple[Held, ...] = ("quiet", "hourly")
GATHERING_SECONDS = 60
"""How long late alerts may wait for the catching-up to end before they are told anyway."""
TURN = 5
"""Of so many messages that a chat gets in a flood of alerts, one is of those that wait behind them."""
ROOM_KEPT = 5
"""Of what all chats together may get in a second, so much is kept for alerts."""
LONGEST_REST_SECONDS = 1.0
"""What could not go a moment ago is looked at again after this, for its order may have changed."""

_TELLING = frozenset({"alert", "summary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send this message alone, now. `behind`: it is one of those that wait behind alerts."""

    message: OutboxMessage
    behind: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a chat may be sent.

    `tokens`: messages that may be sent at once, at most `burst`; fractions are being earned at `pace` a second.
    `room`: messages that all chats together may be sent at once. `rested`: seconds since something that waits behind
    alerts was sent to the chat.
    """

    tokens: float
    burst: float
    pace: float
    room: int
    rested: float


def plan(pending: Sequence[OutboxMessage], allowed: Allowance, *, catching_up: bool, now: int) -> Step:
    """Decide the next step for one chat.

    Alerts go first, and what tells them: summaries and the edits that add to one. They go alone while the pace allows;
    the last token is kept for a summary of all that is still waiting, so that nothing waits longer than it takes to
    earn one token. What was tried may have arrived, and is never told in a summary as well. Late alerts are gathered
    until `catching_up` is over, and told in one summary. What was held back is told in summaries too, but a single
    alert alone.

    The rest goes behind: answers to commands, then digests, notices and follow-ups, then edits, each leaving more of
    the pace to alerts. However many alerts come, the oldest of the rest gets every fifth turn.

    Args:
        pending: what waits for the chat, in the order in which it should be sent.
        allowed: what the chat may be sent.
        catching_up: whether more late posts are being read just now.
        now: UTC seconds.
    """
    alerts = [message for message in pending if _may_be_folded(message)]
    late = [message for message in alerts if _is_late(message, now)]
    together = _held_together(alerts) or _late_together(late, catching_up=catching_up, now=now)
    if together is not None:
        return together
    if allowed.room < 1:
        return Rest(seconds=1 / schedule.ALL_PACE)
    behind = [message for message in pending if message.kind not in _TELLING]
    fresh = [message for message in alerts if not _is_late(message, now)]
    tellers = [message for message in pending if message.kind in _TELLING and not _may_be_folded(message)]
    if _is_their_turn(behind, allowed, now=now):
        return Send(message=min(behind, key=lambda message: message.created_at), behind=True)
    if tellers or fresh:
        return _tell(tellers, fresh, allowed)
    if behind:
        return _give_way(behind, allowed)
    return Rest(seconds=LONGEST_REST_SECONDS if late else None)


def _held_together(alerts: Sequence[OutboxMessage]) -> Fold | None:
    for reason in _HELD:
        ids = tuple(one.id for one in alerts if one.subject is not None and one.subject.held == reason)
        if len(ids) > 1:
            return Fold(ids=ids, reason=reason)
    return None


def _late_together(late: Sequence[OutboxMessage], *, catching_up: bool, now: int) -> Fold | None:
    if late and (not catching_up or now - late[0].created_at >= GATHERING_SECONDS):
        return Fold(ids=tuple(message.id for message in late), reason="late")
    return None


def _tell(tellers: Sequence[OutboxMessage], fresh: Sequence[OutboxMessage], allowed: Allowance) -> Step:
    if allowed.tokens < 1:
        return Rest(seconds=(1 - allowed.tokens) / allowed.pace)
    if tellers:
        return Send(message=tellers[0])
    if len(fresh) > allowed.tokens and allowed.tokens < 2:  # noqa: PLR2004 - this is the last token
        return Fold(ids=tuple(message.id for message in fresh), reason="burst")
    return Send(message=fresh[0])


def _is_their_turn(behind: Sequence[OutboxMessage], allowed: Allowance, *, now: int) -> bool:
    # What all chats may get is not the matter here: a turn in five leaves alerts the rest of it.
    patience = TURN / allowed.pace
    if not behind or allowed.tokens < 1 or allowed.rested < patience:
        return False
    return now - min(message.created_at for message in behind) >= patience


def _give_way(behind: Sequence[OutboxMessage], allowed: Allowance) -> Step:
    first = min(behind, key=_kept)
    missing = 1 + _kept(first) * allowed.burst - allowed.tokens
    if missing > 0:
        # Not to the end of it: an alert that was tried may come to its time again before.
        return Rest(seconds=min(missing / allowed.pace, LONGEST_REST_SECONDS))
    if allowed.room <= ROOM_KEPT:
        return Rest(seconds=1 / schedule.ALL_PACE)
    return Send(message=first, behind=True)


def _kept(message: OutboxMessage) -> float:
    """Say which part of the burst is kept for alerts when this message goes."""
    if message.act == "edit":
        return 0.5
    return 0.1 if message.kind == "reply" else 0.25


def _may_be_folded(message: OutboxMessage) -> bool:
    return message.kind == "alert" and message.subject is not None and not message.attempts


def _is_late(message: OutboxMessage, now: int) -> bool:
    if message.subject is not None and message.subject.held is not None:
        return False
    found_late = message.subject is not None and message.subject.late
    return found_late or now - message.created_at > LATE_SECONDS
