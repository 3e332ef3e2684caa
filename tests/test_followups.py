"""What stands below an alert once its post was edited or deleted."""

from dataclasses import replace

import pytest

from bot import ingest, rulebook
from storage import chats
from storage import database as databases
from storage.database import Database
from storage.models import TextPart
from tests import newsroom, records
from tests.newsroom import HOUR, MINUTE, NOW, OTHER, READER, TEXT, Newsroom

EDITED = TEXT.replace("двадцать шестой", "двадцать седьмой")


@pytest.fixture
async def room(database: Database, rules: rulebook.Rulebook) -> Newsroom:
    return await newsroom.opened(database, rules)


async def test_an_edit_is_told_below_the_alert_with_the_words_that_changed(room: Newsroom) -> None:
    await room.posts(0, 1)
    stored = await room.edits(0, 1, EDITED, at=NOW + 14 * MINUTE)
    assert (stored.edited, stored.told) == (1, 0)
    (reply,) = await room.replies()
    assert "⟦bold ✏️ Edited after 14 minutes⟧ · ⟦link https://t.me/channel_0/1 Путь домой⟧" in reply
    assert "на передовой двадцать ⟦strike шестой⟧ ⟦underline седьмой⟧ месяц" in reply
    alert, row = await room.rows()
    assert (row.act, row.depends_on, row.message.silent) == ("reply", alert.id, False)
    assert len(room.rung) == 2


async def test_further_edits_change_that_reply_which_always_compares_with_what_was_alerted(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.edits(0, 1, EDITED, at=NOW + MINUTE)
    await room.edits(0, 1, EDITED.replace("без отпуска", "без отдыха"), at=NOW + HOUR)
    await room.edits(0, 1, TEXT, at=NOW + 2 * HOUR)
    first, second, third = await room.rows("followup")
    assert [(one.act, one.depends_on) for one in (second, third)] == [("edit", first.id)] * 2
    shown = (await room.replies())[1:]
    assert "Edited 2 times, last after 60 minutes" in shown[0]
    assert "⟦strike шестой⟧ ⟦underline седьмой⟧ месяц без ⟦strike отпуска⟧ ⟦underline отдыха⟧" in shown[0]
    assert "Edited 3 times, last after 2 hours" in shown[1]
    assert shown[1].endswith("It reads as it did in the alert again.")


async def test_a_trivial_edit_is_none_before_and_after_others(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.edits(0, 1, TEXT.replace(".", "!!!") + " 🙏", at=NOW + MINUTE)
    assert await room.replies() == []
    await room.edits(0, 1, EDITED, at=NOW + 2 * MINUTE)
    await room.edits(0, 1, EDITED.replace(", что", " - что"), at=NOW + 3 * MINUTE)
    (reply,) = await room.replies()
    assert "Edited after 2 minutes" in reply


async def test_a_link_preview_that_comes_later_is_no_edit(room: Newsroom) -> None:
    await room.posts(0, 1)
    preview = records.post(
        1,
        f"{TEXT}\n\nНовости ротации",
        channel_id=newsroom.channel(0).id,
        parts=(
            TextPart(kind="message", start=0, end=len(TEXT)),
            TextPart(kind="preview", start=len(TEXT) + 2, end=len(TEXT) + 17),
        ),
    )
    batch = ingest.Batch(channel_id=preview.channel_id, posts=(preview,), source="live")
    assert (await ingest.store(room.database, room.teller, batch, now=NOW + 5)).edited == 1
    edited = replace(preview, text=preview.text.replace("шестой", "пятый"), edited_at=NOW + 60)
    edited = replace(edited, parts=(TextPart(kind="preview", start=edited.text.index("\n"), end=len(edited.text)),))
    await ingest.store(room.database, room.teller, replace(batch, posts=(edited,)), now=NOW + 60)
    (reply,) = await room.replies()
    assert "⟦strike шестой⟧ ⟦underline пятый⟧" in reply
    assert "Новости" not in reply


async def test_an_edit_that_takes_all_matches_away_is_told_as_such(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.edits(0, 1, "Мы удалили эту запись по просьбе участниц.", at=NOW + MINUTE)
    (reply,) = await room.replies()
    assert "⟦underline Мы удалили эту запись по просьбе участниц⟧" in reply
    assert "⟦italic No rule matches it any more.⟧" in reply


async def test_an_edit_of_a_post_that_an_edit_flagged_compares_with_what_was_alerted(room: Newsroom) -> None:
    await room.posts(0, 1, "Завтра солнечно.")
    await room.edits(0, 1, TEXT, at=NOW + MINUTE)
    await room.edits(0, 1, EDITED, at=NOW + HOUR)
    (reply,) = await room.replies()
    assert "Edited after 60 minutes" in reply
    assert "солнечно" not in reply


async def test_only_the_post_that_an_alert_quotes_is_followed(room: Newsroom) -> None:
    await room.lets_in()
    await room.mutes("channel", str(newsroom.channel(0).id), chat_id=READER)
    await room.posts(0, 1)
    await room.posts(1, 1, at=NOW + MINUTE)
    await room.edits(1, 1, EDITED, at=NOW + HOUR, posted=NOW + MINUTE)
    assert await room.replies() == []
    assert len(await room.replies(chat_id=READER)) == 1


async def test_an_edit_after_one_that_was_muted_compares_with_what_was_alerted_as_well(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.mutes("channel", str(newsroom.channel(0).id))
    await room.edits(0, 1, EDITED, at=NOW + MINUTE)
    async with room.database.transaction() as tx:
        await chats.unmute(tx, newsroom.OWNER, kind="channel", subject=str(newsroom.channel(0).id))
    await room.edits(0, 1, EDITED.replace("без отпуска", "без отдыха"), at=NOW + HOUR)
    (reply,) = await room.replies()
    assert "Edited 2 times, last after 60 minutes" in reply
    assert "⟦strike шестой⟧ ⟦underline седьмой⟧ месяц без ⟦strike отпуска⟧ ⟦underline отдыха⟧" in reply


async def test_an_unflagged_post_is_edited_and_deleted_in_silence(room: Newsroom) -> None:
    await room.posts(0, 1, "Завтра солнечно.")
    await room.edits(0, 1, "Завтра пасмурно.", at=NOW + MINUTE)
    await room.deletes(0, 1, 2, at=NOW + HOUR)
    assert await room.rows() == []


async def test_a_deletion_is_told_with_a_button_that_opens_the_text_for_the_owner(room: Newsroom) -> None:
    await room.lets_in()
    await room.posts(0, 1)
    await room.deletes(0, 1, at=NOW + 14 * MINUTE)
    await room.deletes(0, 1, at=NOW + 15 * MINUTE)
    said = "⟦bold 🗑 Deleted after 14 minutes⟧ · ⟦link https://t.me/channel_0/1 Путь домой⟧"
    assert await room.replies() == [f"{said}\n[Show the kept text → kept:1]"]
    assert await room.replies(chat_id=READER) == [said]
    assert len(room.rung) == 2


async def test_what_was_found_to_be_gone_was_deleted_at_most_so_long_after(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.deletes(0, 1, at=NOW + 125 * MINUTE, source="history")
    assert "Deleted within 3 hours" in (await room.replies())[0]


async def test_the_deletion_of_another_post_of_the_story_is_marked_in_the_alert(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.posts(0, 2, at=NOW + 1)
    await room.posts(1, 1, at=NOW + MINUTE)
    await room.deletes(0, 2, at=NOW + HOUR)
    await room.deletes(1, 1, at=NOW + HOUR)
    assert await room.replies() == []
    assert "also: Окопный блокнот +1 min 🗑\n" in (await room.alert()).text


async def test_deletions_that_nobody_was_told_of_stay_silent(room: Newsroom) -> None:
    await room.posts(0, 1, source="import")
    await room.deletes(0, 1, at=NOW + HOUR)
    await room.posts(0, 2, OTHER)
    await room.deletes(0, 2, at=NOW + HOUR, source="backfill")
    assert [row.kind for row in await room.rows()] == ["alert"]


async def test_what_was_forgotten_is_quoted_no_more(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.edits(0, 1, EDITED, at=NOW + MINUTE)
    async with room.database.transaction() as tx:
        await databases.run(tx, "UPDATE revisions SET canonical = NULL", {})
    await room.edits(0, 1, OTHER, at=NOW + 2 * MINUTE)
    await room.edits(0, 1, TEXT, at=NOW + 3 * MINUTE)
    assert len(await room.replies()) == 1
