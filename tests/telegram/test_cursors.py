import pytest

from bot.telegram import cursors
from storage.models import Cursor, MessageId

KNOWN = Cursor(pts=10, complete_id=MessageId(100))
UNKNOWN = Cursor(pts=None, complete_id=MessageId(100))


@pytest.mark.parametrize(
    ("pts", "count", "message_id", "place"),
    [
        (11, 1, 101, "next"),
        (13, 3, None, "next"),
        (10, 0, None, "next"),
        (12, 1, 102, "gap"),
        (10, 1, 100, "known"),
        (9, 1, None, "known"),
        (0, 0, 101, "gap"),
        (None, None, None, "gap"),
        (3, 1, 101, "gap"),  # the counter began anew: this post should be known, and is not
    ],
)
def test_an_update_is_next_known_or_after_a_hole(
    pts: int | None, count: int | None, message_id: int | None, place: str
) -> None:
    assert cursors.place(KNOWN, pts=pts, count=count, message_id=message_id) == place


def test_nothing_follows_a_cursor_without_a_counter() -> None:
    assert cursors.place(UNKNOWN, pts=1, count=1, message_id=101) == "gap"


def test_the_id_of_a_cursor_never_goes_back() -> None:
    assert cursors.after(KNOWN, pts=11, message_ids=[99]) == Cursor(pts=11, complete_id=MessageId(100))
    assert cursors.after(KNOWN, pts=11, message_ids=[99, 103]) == Cursor(pts=11, complete_id=MessageId(103))
    assert cursors.after(KNOWN, pts=11) == Cursor(pts=11, complete_id=MessageId(100))
