"""What is sent next: single alerts while the pace allows, a summary beyond it, late posts together."""

from dataclasses import replace

from bot import pacing
from storage.models import Act, ChatId, Held, Message, OutboxId, OutboxKind, OutboxMessage, PostId, Subject

NOW = 1_780_000_000


def waiting(
    number: int, *, kind: OutboxKind = "alert", act: Act = "send", late: bool = False, age: int = 0, attempts: int = 0
) -> OutboxMessage:
    subject = Subject(post_id=PostId(number), topics=("rotation",), late=late) if kind == "alert" else None
    return OutboxMessage(
        id=OutboxId(number),
        chat_id=ChatId(7),
        kind=kind,
        act=act,
        key=f"{kind}:{number}",
        random_id=number,
        message=Message(text=f"message {number}"),
        subject=subject,
        state="waiting",
        created_at=NOW - age,
        not_before=NOW - age,
        attempts=attempts,
        sent_message_id=None,
        error=None,
    )


def plan(
    *pending: OutboxMessage,
    tokens: float = 20,
    room: int = 30,
    rested: float = 0.0,
    pace: float = 1.0,
    catching_up: bool = False,
) -> pacing.Step:
    allowed = pacing.Allowance(tokens=tokens, burst=20, pace=pace, room=room, rested=rested)
    return pacing.plan(pending, allowed, catching_up=catching_up, now=NOW)


def behind(message: OutboxMessage) -> pacing.Send:
    return pacing.Send(message=message, behind=True)


UPDATE = waiting(90, kind="update", act="edit")
FOLLOW_UP = waiting(91, kind="followup", act="reply")
ANSWER = waiting(92, kind="reply")
NOTICE = waiting(93, kind="notice")


def test_nothing_waiting_means_rest_until_something_is_stored() -> None:
    assert plan() == pacing.Rest(seconds=None)


def test_an_alert_goes_out_alone_while_the_pace_allows() -> None:
    assert plan(waiting(1), waiting(2)) == pacing.Send(message=waiting(1))


def test_twenty_alerts_fit_a_full_pace_one_by_one() -> None:
    queue = [waiting(number) for number in range(20)]
    for sent in range(20):
        assert plan(*queue[sent:], tokens=20 - sent) == pacing.Send(message=queue[sent])


def test_the_last_token_tells_all_that_still_waits_in_a_summary() -> None:
    queue = [waiting(number) for number in range(1, 6)]
    assert plan(*queue, tokens=2.5) == pacing.Send(message=queue[0])
    assert plan(*queue, tokens=1.5) == pacing.Fold(ids=tuple(OutboxId(n) for n in range(1, 6)), reason="burst")


def test_one_alert_with_one_token_is_no_summary() -> None:
    assert plan(waiting(1), tokens=1.0) == pacing.Send(message=waiting(1))


def test_without_a_token_it_rests_until_one_is_earned() -> None:
    assert plan(waiting(1), waiting(2), tokens=0.25) == pacing.Rest(seconds=0.75)
    assert plan(waiting(1), waiting(2), tokens=0.25, pace=0.25) == pacing.Rest(seconds=3)


def test_a_summary_and_what_adds_to_it_go_before_the_alerts_that_came_since() -> None:
    for teller in (waiting(9, kind="summary"), waiting(9, kind="summary", act="edit")):
        assert plan(waiting(1), waiting(2), teller, tokens=1) == pacing.Send(message=teller)


def test_an_alert_that_was_tried_goes_alone_for_it_may_have_arrived() -> None:
    tried, queue = waiting(1, attempts=1), [waiting(2), waiting(3)]
    assert plan(*queue, tried, tokens=1) == pacing.Send(message=tried)
    old = waiting(4, late=True, attempts=1)
    assert plan(old) == pacing.Send(message=old)


def test_alerts_go_before_all_else() -> None:
    assert plan(ANSWER, NOTICE, UPDATE, waiting(1)) == pacing.Send(message=waiting(1))


def test_then_come_answers_then_notices_and_follow_ups_then_edits() -> None:
    assert plan(UPDATE, NOTICE, FOLLOW_UP, ANSWER) == behind(ANSWER)
    assert plan(UPDATE, FOLLOW_UP, NOTICE) == behind(FOLLOW_UP)
    assert plan(UPDATE) == behind(UPDATE)


def test_what_is_no_alert_leaves_alerts_a_part_of_the_burst() -> None:
    for message, least in ((ANSWER, 3), (NOTICE, 6), (FOLLOW_UP, 6), (UPDATE, 11)):
        assert plan(message, tokens=least) == behind(message)
        assert plan(message, tokens=least - 0.25) == pacing.Rest(seconds=0.25)
        assert plan(message, tokens=1) == pacing.Rest(seconds=pacing.LONGEST_REST_SECONDS)


def test_in_a_flood_of_alerts_the_oldest_of_the_rest_gets_every_fifth_turn() -> None:
    flood = [waiting(number) for number in range(9)]
    first, later = waiting(50, kind="update", act="edit", age=9), waiting(51, kind="notice", age=8)
    assert plan(*flood, later, first, tokens=1, rested=5) == behind(first)
    assert isinstance(plan(*flood, later, first, tokens=1, rested=4.9), pacing.Fold)
    assert isinstance(plan(*flood, later, first, tokens=0.9, rested=5), pacing.Rest)
    assert isinstance(plan(*flood, NOTICE, tokens=1, rested=5), pacing.Fold)
    assert isinstance(plan(*flood, first, tokens=1, rested=5, pace=0.25), pacing.Fold)


def test_all_chats_together_get_no_more_than_their_share_and_alerts_the_last_of_it() -> None:
    assert plan(waiting(1), room=1) == pacing.Send(message=waiting(1))
    assert plan(waiting(1), room=0) == pacing.Rest(seconds=1 / 30)
    assert plan(ANSWER, room=pacing.ROOM_KEPT) == pacing.Rest(seconds=1 / 30)
    assert plan(ANSWER, room=pacing.ROOM_KEPT + 1) == behind(ANSWER)


def test_late_posts_are_gathered_while_the_catching_up_goes_on() -> None:
    assert plan(waiting(1, late=True), catching_up=True) == pacing.Rest(seconds=1.0)


def test_late_posts_are_told_together_once_it_is_over() -> None:
    late = [waiting(1, late=True), waiting(2, late=True)]
    assert plan(*late, waiting(3)) == pacing.Fold(ids=(OutboxId(1), OutboxId(2)), reason="late")


def test_late_posts_do_not_wait_for_a_catching_up_that_never_ends() -> None:
    late = waiting(1, late=True, age=pacing.GATHERING_SECONDS)
    assert plan(late, catching_up=True) == pacing.Fold(ids=(OutboxId(1),), reason="late")


def test_a_fresh_alert_does_not_wait_for_late_ones() -> None:
    assert plan(waiting(1, late=True), waiting(2), catching_up=True) == pacing.Send(message=waiting(2))


def test_what_could_not_be_told_for_hours_is_told_in_a_summary() -> None:
    old = waiting(1, age=pacing.LATE_SECONDS + 1)
    assert plan(old, waiting(2, age=pacing.LATE_SECONDS)) == pacing.Fold(ids=(OutboxId(1),), reason="late")


def held(number: int, why: Held, *, age: int = 0, attempts: int = 0) -> OutboxMessage:
    found = waiting(number, age=age, attempts=attempts)
    assert found.subject is not None
    return replace(found, subject=replace(found.subject, held=why))


def test_what_was_held_back_is_told_together_for_its_reason_and_before_the_rest() -> None:
    pending = (waiting(1), held(2, "quiet", age=9 * 3600), held(3, "hourly"), held(4, "quiet"), held(5, "hourly"))
    assert plan(*pending, tokens=0.5) == pacing.Fold(ids=(OutboxId(2), OutboxId(4)), reason="quiet")
    assert plan(pending[0], pending[2], pending[4]) == pacing.Fold(ids=(OutboxId(3), OutboxId(5)), reason="hourly")


def test_a_single_alert_that_was_held_back_is_told_alone_however_long_that_was() -> None:
    alone = held(1, "quiet", age=9 * 3600)
    assert plan(alone) == pacing.Send(message=alone)


def test_what_was_tried_before_it_was_held_back_is_told_alone() -> None:
    tried = held(1, "quiet", attempts=1)
    assert plan(tried, held(2, "quiet")) == pacing.Send(message=tried)
