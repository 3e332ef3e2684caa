"""Forgotten posts: nothing of their text is left, the chain holds, and nothing brings them back."""

import pytest

from storage import (
    channels,
    chats,
    database,
    forgetting,
    holes,
    matches,
    migrate,
    outbox,
    posts,
    rechecks,
    revisions,
    saved,
    stats,
    stories,
    sweep,
    translations,
)
from storage.database import Connection, Database
from storage.document_models import Document
from storage.forgetting import Place
from storage.models import Button, MessageId, OutboxId, PostId, Subject
from storage.translations import Translation
from tests.records import CHANNEL, CHAT, NOW, channel_info, match, message, post

SECRET = "дезертир Иванов"
DAY = 24 * 3600

Rows = tuple[tuple[Button, ...], ...]


async def stored(
    tx: Connection, number: int = 1, text: str = SECRET, *, date: int = NOW, flagged: bool = True
) -> Place:
    put = await posts.put(tx, post(number, text, date=date), language="ru", now=NOW)
    if flagged:
        await matches.replace(tx, put.post_id, (match("desertion", 0, 8, term="дезертир", rule="дезертир"),))
    return Place(id=put.post_id, channel_id=CHANNEL, message_id=MessageId(number))


async def test_text_versions_and_words_go_while_place_hashes_and_reason_stay(tx: Connection) -> None:
    place = await stored(tx)
    await posts.put(tx, post(1, f"{SECRET}, опять", edited_at=NOW), language="ru", now=NOW)
    await posts.delete(tx, CHANNEL, [MessageId(1)], now=NOW)
    before = await revisions.of_post(tx, CHANNEL, MessageId(1))
    await forgetting.forget(tx, (place,), why="owner", now=NOW + 5, fold=str.lower)
    held = await posts.get(tx, CHANNEL, MessageId(1))
    assert held is not None
    assert (held.post.text, held.post.parts, held.post.entities) == ("", (), ())
    assert (held.forgotten_at, held.forgotten_why, held.deleted_at) == (NOW + 5, "owner", NOW)
    assert [(one.topic, one.term, one.rule) for one in held.matches] == [("desertion", "", "дезертир")]
    kept = await revisions.of_post(tx, CHANNEL, MessageId(1))
    assert [one.canonical for one in kept] == [None, None, None]
    assert [(one.content_sha256, one.chain_sha256) for one in kept] == [
        (one.content_sha256, one.chain_sha256) for one in before
    ]
    assert await revisions.verify(tx, CHANNEL) is None


async def test_the_first_reason_stays(tx: Connection) -> None:
    place = await stored(tx)
    await forgetting.forget(tx, (place,), why="age", now=NOW, fold=str.lower)
    await forgetting.forget(tx, (place,), why="owner", now=NOW + 5, fold=str.lower)
    held = await posts.get(tx, CHANNEL, MessageId(1))
    assert held is not None
    assert (held.forgotten_at, held.forgotten_why) == (NOW, "age")


@pytest.mark.parametrize("edited_at", [None, NOW + 60])
async def test_what_is_read_again_brings_nothing_back(tx: Connection, edited_at: int | None) -> None:
    place = await stored(tx)
    await forgetting.forget(tx, (place,), why="owner", now=NOW, fold=str.lower)
    put = await posts.put(tx, post(1, "Совсем другое", edited_at=edited_at), language="uk", now=NOW + 60)
    assert (put.post_id, put.outcome) == (place.id, "same")
    await rechecks.plan(tx, [(place.id, NOW + 90)])
    await rechecks.postpone(tx, CHANNEL, [MessageId(1)], at=NOW + 90)
    held = await posts.get(tx, CHANNEL, MessageId(1))
    assert held is not None
    assert held.post.text == ""
    assert len(await revisions.of_post(tx, CHANNEL, MessageId(1))) == 1
    assert await rechecks.due(tx, now=NOW + 10 * DAY) == ()
    assert await sweep.after(tx, 0, limit=10) == ()
    assert await sweep.texts(tx, 0, NOW + DAY) == ()


async def test_the_deletion_of_a_forgotten_post_is_noted_all_the_same(tx: Connection) -> None:
    place = await stored(tx)
    await forgetting.forget(tx, (place,), why="owner", now=NOW, fold=str.lower)
    assert await posts.delete(tx, CHANNEL, [MessageId(1)], now=NOW + 1) == (1,)
    assert await revisions.verify(tx, CHANNEL) is None


async def test_it_is_neither_missing_nor_counted_as_unreadable(tx: Connection) -> None:
    places = [await stored(tx, number, flagged=False) for number in (1, 2, 3)]
    await posts.put(tx, post(4, ""), language="und", now=NOW)
    await forgetting.forget(tx, places[:2], why="age", now=NOW, fold=str.lower)
    await holes.confirm(tx, CHANNEL, (1, 5))
    assert await stats.unreadable_counts(tx, 0, NOW + 1) == {CHANNEL: 1}
    (health,) = await stats.health(tx)
    assert (health.posts, health.unreadable, health.forgotten, health.empty) == (2, 1, 2, 1)
    assert await stats.read_counts(tx, 0, NOW + 1) == {CHANNEL: 4}


async def test_only_old_posts_that_were_never_flagged_are_passing(tx: Connection) -> None:
    old = [await stored(tx, number, date=NOW - number * DAY, flagged=False) for number in (1, 2, 3)]
    await stored(tx, 4, date=NOW - 4 * DAY)
    once = await stored(tx, 5, date=NOW - 5 * DAY)
    await matches.replace(tx, once.id, ())
    assert await forgetting.passing(tx, before=NOW - DAY, limit=9) == (old[2], old[1])
    assert await forgetting.passing(tx, before=NOW, limit=1) == (old[2],)
    await forgetting.forget(tx, old, why="age", now=NOW, fold=str.lower)
    assert await forgetting.passing(tx, before=NOW, limit=9) == ()


async def queued(
    tx: Connection, number: int, *, post_id: PostId | None = None, of: OutboxId | None = None, buttons: Rows = ()
) -> OutboxId:
    added = await outbox.add(
        tx,
        chat_id=CHAT,
        kind="alert" if of is None else "update",
        key=f"key:{number}",
        random_id=number,
        message=message(f"text {number}", buttons=buttons),
        subject=None if post_id is None else Subject(post_id=post_id, topics=("desertion",)),
        now=NOW,
        act="send" if of is None else "edit",
        depends_on=of,
    )
    assert added is not None
    return added


async def test_messages_about_a_post_are_found_with_their_edits(tx: Connection) -> None:
    place = await stored(tx)
    alert, other = await queued(tx, 1, post_id=place.id), await queued(tx, 2)
    edit = await queued(tx, 3, of=alert)
    await queued(tx, 4, of=other)
    assert [one.id for one in await forgetting.told_of(tx, place.id)] == [alert, edit]
    await forgetting.rewrite(tx, alert, message("forgotten"))
    assert [one.message.text for one in await forgetting.told_of(tx, place.id)] == ["forgotten", "text 3"]
    assert await forgetting.last_message(tx) == 4
    no_button = ("saved:", "lift:5")
    assert await forgetting.holding(tx, "[", buttons=no_button, after=4, limit=10) == ()
    assert [one.id for one in await forgetting.holding(tx, "[", buttons=no_button, after=1, limit=2)] == [2, 3]


async def test_a_document_that_waits_with_a_message_goes_when_the_message_is_rewritten(tx: Connection) -> None:
    evidence = message("Evidence", document=Document(name="evidence.zip", content=SECRET.encode()))
    added = await outbox.add(
        tx, chat_id=CHAT, kind="reply", key="reply:1", random_id=outbox.new_random_id(), message=evidence, now=NOW
    )
    assert added is not None
    await forgetting.rewrite(tx, added, message("forgotten"))
    assert [one.message for one in await outbox.by_ids(tx, [added])] == [message("forgotten")]


@pytest.mark.parametrize(
    ("data", "holds"), [("saved:6", True), ("lift:5", True), ("lift:6", False), ("unsaved:6", False)]
)
async def test_lists_are_found_by_their_buttons(tx: Connection, data: str, holds: bool) -> None:
    await queued(tx, 1, buttons=((Button(label="Older", data=data),),))
    assert bool(await forgetting.holding(tx, "/15", buttons=("saved:", "lift:5"), after=0, limit=10)) is holds


async def test_what_was_translated_and_saved_of_it_goes(tx: Connection) -> None:
    place, other = await stored(tx), await stored(tx, 2)
    for one in (place, other):
        await saved.put(tx, CHAT, one.id, now=NOW)
        translation = Translation(post_id=one.id, language="en", source="ab", text="Ivanov is a deserter")
        await translations.show(tx, CHAT, translation)
        await stories.begin(tx, one.id, began_at=NOW, continues=None)
        await stories.mark(tx, one.id, [one.id], at=NOW)
    await forgetting.forget(tx, (place,), why="owner", now=NOW, fold=str.lower)
    assert await saved.page(tx, CHAT, skip=0, limit=10) == (other.id,)
    assert await translations.find(tx, place.id, language="en", source="ab") is None
    assert await translations.find(tx, other.id, language="en", source="ab") is not None
    assert [one.post_id for one in await stories.kin(tx, sure=[place.id, other.id], sketch=[])] == [other.id]


async def test_nothing_of_it_is_left_in_the_files(database: Database) -> None:
    text = "Иванов из посёлка " * 800  # more than a page
    async with database.transaction() as tx:
        await channels.follow(tx, channel_info(), joined=True, now=NOW)
        places = [await stored(tx, number, text) for number in range(1, 9)]
    async with database.transaction() as tx:
        await forgetting.forget(tx, places, why="owner", now=NOW, fold=str.lower)
    await database.empty_log()
    found = [file for file in database.path.parent.iterdir() if "Иванов".encode() in file.read_bytes()]
    assert found == []


async def test_posts_alerted_before_this_was_noted_are_kept(database: Database) -> None:
    script = next(text for _, text in migrate._migrations() if "ADD COLUMN ever_flagged" in text)
    noting = script[script.index("UPDATE posts SET ever_flagged") :].partition(";")[0]
    async with database.transaction() as tx:
        await channels.follow(tx, channel_info(), joined=True, now=NOW)
        await chats.pair(tx, chat_id=CHAT, role="owner", language="en", timezone="UTC", now=NOW)
        _, told, other = [await stored(tx, number, flagged=number == 1) for number in (1, 2, 3)]
        await queued(tx, 1, post_id=told.id)
        await raw(tx, "UPDATE posts SET ever_flagged = 0")
        await raw(tx, noting)
        assert await forgetting.passing(tx, before=NOW + 1, limit=9) == (other,)


async def raw(tx: Connection, sql: str) -> None:
    await database.rows(tx, sql)
