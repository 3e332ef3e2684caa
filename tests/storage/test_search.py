"""What goes into the index and out of it; tests/storage/test_hits.py asks it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import channels, database, forgetting, hits, matches, migrate, posts, search
from storage.database import Connection, Database, open_database
from storage.models import ChannelId, MessageId, Post, PostId
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, match, post


def entry(post_id: int, text: str = "вода", *, date: int = NOW, replaces: str | None = None) -> search.Entry:
    return search.Entry(
        post_id=PostId(post_id),
        channel_id=CHANNEL,
        date=date,
        language="ru",
        topics=(),
        text=text,
        replaces=replaces,
    )


async def hold(tx: Connection, message_id: int, text: str = "вода", *, date: int = NOW) -> PostId:
    """Store a post and bring it into the index."""
    stored = await posts.put(tx, post(message_id, text, date=date), language="ru", now=NOW)
    await search.put(tx, [entry(stored.post_id, text.lower(), date=date)])
    return stored.post_id


async def edit(tx: Connection, message_id: int, text: str, *, at: int) -> None:
    stored = await posts.put(tx, post(message_id, text, edited_at=at), language="ru", now=at)
    assert stored.previous_text is not None
    await search.put(tx, [entry(stored.post_id, text.lower(), replaces=stored.previous_text.lower())])


async def holding(tx: Connection, *words: str) -> list[tuple[int, bool]]:
    wanted = hits.Wanted(every=((hits.Phrase(words=words),),))
    return [(hit.post_id, hit.current) for hit in await hits.find(tx, wanted, order="newest", limit=100)]


async def terms(tx: Connection, table: str = "search_current") -> set[str]:
    await database.run(tx, f"CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, {table}, row)", {})
    found = {row["term"] for row in await database.rows(tx, "SELECT term FROM temp.terms WHERE term > 'z'")}
    await database.run(tx, "DROP TABLE temp.terms", {})
    return found


async def test_of_an_edited_post_both_texts_are_found(tx: Connection) -> None:
    held = await hold(tx, 1, "Воды нет.")
    await edit(tx, 1, "Всё починили.", at=NOW + 5)
    assert await holding(tx, "воды") == [(held, False)]
    assert await holding(tx, "всё") == [(held, True)]
    assert "воды" not in await terms(tx)


async def test_no_phrase_begins_in_one_text_and_ends_in_the_next(tx: Connection) -> None:
    held = await hold(tx, 1, "путь")
    await edit(tx, 1, "домой", at=NOW + 5)
    await edit(tx, 1, "мост", at=NOW + 6)
    assert await holding(tx, "путь") == await holding(tx, "домой") == [(held, False)]
    assert await holding(tx, "путь", "домой") == []


async def test_a_text_that_only_grew_is_found_once(tx: Connection) -> None:
    held = await hold(tx, 1, "Воды нет")
    await edit(tx, 1, "Воды нет, ждите.", at=NOW + 5)
    assert await holding(tx, "воды") == [(held, True)]
    assert await terms(tx, "search_before") == set()


async def test_a_post_that_is_new_and_edited_at_once_is_in_the_index_as_it_is_now(tx: Connection) -> None:
    stored = await posts.put(tx, post(1, "три"), language="ru", now=NOW)
    held = stored.post_id
    await search.put(tx, [entry(held, "один"), entry(held, "два", replaces="один"), entry(held, "три", replaces="два")])
    assert [await holding(tx, word) for word in ("один", "два", "три")] == [
        [(held, False)],
        [(held, False)],
        [(held, True)],
    ]


async def test_what_changes_nothing_writes_nothing(tx: Connection) -> None:
    held = await hold(tx, 1)
    await database.rows(tx, "SELECT 1")  # what goes ahead of it is done now
    said: list[str] = []
    await tx.thread.set_trace_callback(said.append)
    await search.put(tx, [entry(held, replaces="вода")])
    await search.put(tx, [])
    await database.rows(tx, "SELECT 1")
    await tx.thread.set_trace_callback(lambda _: None)
    assert not [sql for sql in said if "INSERT" in sql]


async def test_a_post_that_is_not_in_the_index_yet_is_left_to_the_filling(tx: Connection) -> None:
    stored = await posts.put(tx, post(1), language="ru", now=NOW)
    await search.put(tx, [entry(stored.post_id, "мост", replaces="вода")])
    assert await holding(tx, "мост") == []


async def test_more_posts_of_one_second_than_it_has_places_are_all_found_in_their_order(tx: Connection) -> None:
    later = await hold(tx, 1, date=NOW + 2)
    held = [await hold(tx, number, date=NOW) for number in range(2, 52)]
    found = [post_id for post_id, _ in await holding(tx, "вода")]
    assert set(found) == {later, *held}
    assert found[-16:] == list(reversed(held[:16]))


async def test_a_forgotten_post_is_gone_with_all_its_texts(tx: Connection) -> None:
    held, kept = await hold(tx, 1, "Воды нет."), await hold(tx, 2, "Газа нет.")
    await edit(tx, 1, "Мост закрыт.", at=NOW + 5)
    await search.forget(tx, [held, PostId(99)], fold=str.lower)
    assert await holding(tx, "воды") == await holding(tx, "мост") == []
    assert await holding(tx, "газа") == [(kept, True)]
    assert await terms(tx) == {"газа", "нет"}
    assert await terms(tx, "search_before") == set()
    await search.forget(tx, [held], fold=str.lower)


async def test_nothing_is_left_in_the_file_of_what_was_taken_out_and_purged(database: Database) -> None:
    async with database.transaction() as tx:
        await channels.follow(tx, channel_info(), joined=True, now=NOW)
        for number in range(1, 200):
            held = await hold(tx, number, " ".join(f"слово{number * 7 + n}" for n in range(60)))
        await edit(tx, 199, "приходько", at=NOW + 5)
        await edit(tx, 199, "другое", at=NOW + 6)
    async with database.transaction() as tx:
        other = await hold(tx, 200, "приходько")
    async with database.transaction() as tx:
        await search.forget(tx, [held, other], fold=str.lower)
        await erase_posts(tx)
    pieces = 0
    async with database.transaction() as tx:
        while await forgetting.purge(tx, pages=4):
            pieces += 1
    assert pieces > 1
    await database.empty_log()
    assert "приходько".encode() not in database.path.read_bytes()


async def erase_posts(tx: Connection) -> None:
    await database.run(tx, "DELETE FROM revisions", {})
    await database.run(tx, "UPDATE posts SET text = ''", {})


async def old(tx: Connection, *written: Post) -> None:
    """Store posts as a version without an index did."""
    for one in written:
        await posts.put(tx, one, language="uk", now=NOW)
    await database.run(tx, "UPDATE search_state SET filled_to = (SELECT max(id) + 1 FROM posts)", {})


async def test_older_posts_are_filled_in_piece_by_piece_the_newest_first(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    await old(
        tx,
        *(post(number, f"Вода {number}", date=NOW + number) for number in range(1, 6)),
        post(2, "Мост 2", date=NOW + 2, edited_at=NOW + 5),
        post(9, "Вода 6", date=NOW + 9, channel_id=OTHER_CHANNEL),
    )
    await matches.replace(tx, PostId(2), (match("rotation"), match("rotation", 9, 12), match("desertion")))
    await posts.delete(tx, CHANNEL, [MessageId(3)], now=NOW)
    assert await search.missing(tx) == 6
    assert await search.fill(tx, limit=4, fold=str.lower) == 2
    assert [post_id for post_id, _ in await holding(tx, "вода")] == [6, 5, 4, 3]
    assert await search.fill(tx, limit=4, fold=str.lower) == await search.missing(tx) == 0
    assert await holding(tx, "вода") == [(2, False) if n == 2 else (n, True) for n in (6, 5, 4, 3, 2, 1)]
    for wanted in (hits.Wanted(topics=("rotation",)), hits.Wanted(topics=("desertion",), languages=("uk",))):
        assert [hit.post_id for hit in await hits.find(tx, wanted, order="newest", limit=9)] == [2]
    elsewhere = hits.Wanted(channels=(OTHER_CHANNEL,))
    assert [hit.post_id for hit in await hits.find(tx, elsewhere, order="newest", limit=9)] == [6]
    assert await search.fill(tx, limit=4, fold=str.lower) == 0


async def test_what_came_in_meanwhile_is_filled_in_no_second_time(tx: Connection) -> None:
    await old(tx, post(1, "Вода"))
    await search.put(tx, [entry(1, "вода")])
    await search.fill(tx, limit=9, fold=str.lower)
    wanted = hits.Wanted(every=((hits.Phrase(words=("вода",)),),))
    assert await hits.count(tx, wanted, most=999) == 1


async def test_forgotten_revisions_are_not_filled_in(tx: Connection) -> None:
    await old(tx, post(1, "Вода"), post(1, "Мост", edited_at=NOW + 5))
    await database.run(tx, "UPDATE revisions SET canonical = NULL", {})
    await search.fill(tx, limit=9, fold=str.lower)
    assert await holding(tx, "вода") == []
    assert await holding(tx, "мост") == [(1, True)]


async def test_begun_anew_everything_is_missing(tx: Connection) -> None:
    await hold(tx, 1)
    assert (await search.missing(tx), await search.folding(tx)) == (0, 1)
    await search.start_anew(tx, folding=2)
    assert await holding(tx, "вода") == []
    assert (await search.missing(tx), await search.folding(tx)) == (1, 2)
    await search.fill(tx, limit=9, fold=str.lower)
    assert await holding(tx, "вода") == [(1, True)]


async def test_the_posts_of_an_older_database_are_counted_and_wait_to_be_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "homefront.db"
    every = migrate._migrations()
    before = [one for one in every if one[0] < _number()]
    monkeypatch.setattr(migrate, "_migrations", lambda: before)
    async with open_database(path, now=NOW):
        pass
    with closing(sqlite3.connect(path)) as connection:
        _write_old(connection)
    monkeypatch.setattr(migrate, "_migrations", lambda: every)
    async with open_database(path, now=NOW) as opened, opened.transaction() as tx:
        counted = await database.rows(tx, "SELECT * FROM channel_counts")
        assert [tuple(row) for row in counted] == [(CHANNEL, 3, 1, 1, 1, 0)]
        assert await search.missing(tx) == 3


def _number() -> int:
    return next(number for number, script in migrate._migrations() if "search_docs" in script)


def _write_old(connection: sqlite3.Connection) -> None:
    connection.execute(
        """INSERT INTO channels (id, access_hash, title, verified, fake, scam, restricted, state, joined, added_at)
        VALUES (?, 1, 'Вести', 0, 0, 0, 0, 'followed', 1, 0)""",
        (CHANNEL,),
    )
    for number, text in enumerate(("Вода", "Газ", ""), start=1):
        connection.execute(
            """INSERT INTO posts (channel_id, message_id, date, captured_at, text, parts, entities, language)
            VALUES (?, ?, 0, 0, ?, '[]', '[]', 'ru')""",
            (CHANNEL, number, text),
        )
    kinds = ((1, "posted"), (1, "edited"), (1, "edited"), (2, "deleted"))
    for seq, (message_id, kind) in enumerate(kinds, start=1):
        connection.execute(
            "INSERT INTO revisions VALUES (?, ?, ?, ?, 0, ?, '', '')",
            (CHANNEL, seq, message_id, kind, json.dumps({"text": ""})),
        )
    connection.commit()


async def test_an_index_is_whole_after_a_transaction_that_failed(database: Database) -> None:
    async with database.transaction() as tx:
        await channels.follow(tx, channel_info(), joined=True, now=NOW)
        held = await hold(tx, 1, "Вода")
    with pytest.raises(RuntimeError):
        await _fail(database)
    async with database.reading() as connection:
        assert await holding(connection, "вода") == [(held, True)]
        assert await holding(connection, "мост") == await holding(connection, "газ") == []


async def _fail(database: Database) -> None:
    async with database.transaction() as tx:
        await hold(tx, 2, "Мост")
        await edit(tx, 1, "Газ", at=NOW + 5)
        raise RuntimeError


def test_a_mark_is_one_word_whatever_a_topic_is_called() -> None:
    assert search.topic_mark("осенний призыв-2").isalnum()
    assert search.channel_mark(ChannelId(15)) == "c15"
    assert search.language_mark("ru") != search.topic_mark("ru")
