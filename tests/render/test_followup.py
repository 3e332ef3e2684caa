"""What is said below an alert when its post is edited or deleted, as it is read."""

import pytest
from hypothesis import given, settings

from bot import catalogues
from bot.render import followup
from storage.models import ChannelInfo, Message, PostId, StoredPost
from tests import records
from tests.render import hostile, showing

ENGLISH = catalogues.load("en")
NOW, MINUTE, HOUR = records.NOW, 60, 3600
CHANNEL = records.channel_info(title="Путь домой")
BEFORE = (
    "Сегодня утром родные снова вышли на площадь. Они требуют ротации: мужья на передовой третий год, отпуск не дали. "
    "Командир молчит."
)
AFTER = BEFORE.replace("третий год", "второй год").replace("Командир молчит", "Командир обещал ответить к пятнице")


def edited(after: str, *, edits: int = 1, at: int = NOW + 14 * MINUTE, flagged: bool = True) -> Message:
    message = followup.edited(
        ENGLISH,
        channel=CHANNEL,
        post=records.post(15, after),
        before=BEFORE,
        edits=edits,
        at=at,
        flagged=flagged,
        silent=False,
    )
    showing.assert_sendable(message)
    return message


def deleted(*, seen: bool = True, owner: bool = True, at: int = NOW + 14 * MINUTE) -> Message:
    message = followup.deleted(
        ENGLISH,
        channel=CHANNEL,
        post=records.post(15, BEFORE),
        post_id=PostId(3),
        at=at,
        seen=seen,
        owner=owner,
        silent=True,
    )
    showing.assert_sendable(message)
    return message


def test_an_edit_reads_as_agreed() -> None:
    assert showing.marked(edited(AFTER)) + "\n" == showing.golden("followup_edited")


def test_an_edit_that_leaves_nothing_that_is_looked_for_reads_as_agreed() -> None:
    gone = edited("Пост удалён по просьбе участниц.", edits=3, at=NOW + 26 * HOUR, flagged=False)
    assert showing.marked(gone) + "\n" == showing.golden("followup_unflagged")


def test_an_edit_taken_back_is_said_to_be() -> None:
    assert edited(BEFORE, edits=2).text.endswith("It reads as it did in the alert again.")


def test_changes_without_room_are_counted() -> None:
    filling = "В посёлке третий день нет воды, её обещают дать к вечеру. "
    long = "".join(f"{filling}Слово{number}. " for number in range(20))
    message = followup.edited(
        ENGLISH,
        channel=CHANNEL,
        post=records.post(15, long.replace("Слово", "Дело")),
        before=long,
        edits=1,
        at=NOW,
        flagged=True,
        silent=False,
    )
    assert message.text.splitlines()[-1].startswith("and ")
    assert message.text.endswith("more changes")


def test_a_deletion_reads_as_agreed() -> None:
    assert showing.marked(deleted()) + "\n" == showing.golden("followup_deleted")


def test_a_deletion_that_nobody_saw_is_dated_at_most_and_only_the_owner_has_a_button() -> None:
    message = deleted(seen=False, owner=False, at=NOW + 20 * HOUR)
    assert message.text.startswith("🗑 Deleted within 20 hours · ")
    assert (message.buttons, message.silent) == ((), True)


def test_the_kept_text_reads_as_agreed() -> None:
    kept = followup.kept(ENGLISH, deleted(), post=records.post(15, BEFORE), post_id=PostId(3), timezone="Europe/Kyiv")
    assert showing.marked(kept) + "\n" == showing.golden("followup_kept")


@pytest.mark.parametrize("length", [4000, 10_000])
def test_of_a_long_text_as_much_is_shown_as_there_is_room_for(length: int) -> None:
    kept = followup.kept(
        ENGLISH, deleted(), post=records.post(15, "слово " * (length // 6)), post_id=PostId(3), timezone="UTC"
    )
    showing.assert_sendable(kept)
    assert len(kept.text) > 3900


@settings(max_examples=15)
@given(hostile.channels(), hostile.stored_posts(), hostile.any_text)
def test_followups_of_any_post_can_be_sent(channel: ChannelInfo, post: StoredPost, before: str) -> None:
    at = post.post.date + 5
    for flagged in (True, False):
        message = followup.edited(
            ENGLISH, channel=channel, post=post.post, before=before, edits=2, at=at, flagged=flagged, silent=False
        )
        showing.assert_sendable(message)
    said = followup.deleted(
        ENGLISH, channel=channel, post=post.post, post_id=post.id, at=at, seen=True, owner=True, silent=False
    )
    showing.assert_sendable(said)
    kept = followup.kept(ENGLISH, said, post=post.post, post_id=post.id, timezone="Europe/Kyiv")
    showing.assert_sendable(kept)
    assert [entity.kind for entity in kept.entities if entity.kind == "link"] == ["link"]
