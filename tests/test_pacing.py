"""What is sent next: single alerts while the pace allows, a summary beyond it, late posts together."""

from bot import pacing
from storage.models import ChatId, Message, OutboxId, OutboxKind, OutboxMessage, PostId, Subject

NOW = 1_780_000_000


def waiting(number: int, *, kind: OutboxKind = "alert", late: bool = False, age: int = 0) -> OutboxMessage:
    subject = Subject(post_id=PostId(number), topics=("rotation",), late=late) if kind == "alert" else None
    return OutboxMessage(
        id=OutboxId(number),
        chat_id=ChatId(7),
        kind=kind,
        key=f"{kind}:{number}",
        random_id=number,
        message=Message(text=f"message {number}"),
        subject=subject,
        state="waiting",
        created_at=NOW - age,
        not_before=NOW - age,
        attempts=0,
        sent_message_id=None,
        error=None,
    )


def plan(*pending: OutboxMessage, tokens: float = 20, catching_up: bool = False) -> pacing.Step:
    return pacing.plan(pending, tokens=tokens, catching_up=catching_up, now=NOW)


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


def test_what_was_asked_for_goes_before_alerts() -> None:
    assert plan(waiting(1), waiting(2, kind="reply")) == pacing.Send(message=waiting(2, kind="reply"))


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
