"""Every question to the database must go by an index: none may read a whole table that grows with the posts."""

import inspect
import re
from collections.abc import Awaitable, Callable
from types import ModuleType

import pytest

from storage import (
    backfills,
    channels,
    chats,
    database,
    hits,
    holes,
    matches,
    outbox,
    posts,
    rechecks,
    revisions,
    search,
    searches,
    settings,
    stats,
    sweep,
    topics,
    trials,
    votes,
    waits,
)
from storage.database import Connection
from storage.models import ChannelId, ChatId, Cursor, MessageId, Mute, OutboxId, PostId, Topic
from tests.records import CHANNEL, CHAT, NOW, channel_info, match, post
from tests.storage import much

NOTHING = "SELECT NULL"
EMPTYING = "DELETE FROM search_docs"
"""Without a condition a table is emptied, not read."""
GROWING = ("posts", "matches", "revisions", "outbox", "search_docs", "channel_counts")
MODULES: tuple[ModuleType, ...] = (
    backfills,
    channels,
    chats,
    hits,
    holes,
    matches,
    outbox,
    posts,
    rechecks,
    revisions,
    search,
    searches,
    settings,
    stats,
    sweep,
    topics,
    trials,
    votes,
    waits,
)

Call = Callable[[Connection], Awaitable[object]]
A_POST, A_MESSAGE, QUEUED = PostId(77), MessageId(77), OutboxId(77)
MANY_POSTS = [PostId(number) for number in range(1, 400)]
MANY_MESSAGES = [MessageId(number) for number in range(1, 400)]
MANY_OUTBOX = [OutboxId(number) for number in range(1, 400)]
PERIOD = (NOW, NOW + much.POSTS_EACH // 2)
BOUNDS = [NOW + number * 30 for number in range(29)]
INFO = channel_info(title="Новые вести")
WAIT = waits.StoredWait(request="messages.GetHistoryRequest", until=NOW, channel_id=CHANNEL)
WANTED = hits.Wanted(every=((hits.Phrase(words=("воду",)),),), topics=("rotation",))
MUTE = Mute(chat_id=CHAT, kind="topic", subject="rotation", until=None)


async def flagged(tx: Connection) -> None:
    await stats.flagged(tx, *PERIOD)
    await stats.flagged(tx, *PERIOD, topic="rotation")


def entry(post_id: PostId, *, replaces: str | None = None) -> search.Entry:
    text = "сегодня в поселке снова отключили воду."
    return search.Entry(
        post_id=post_id, channel_id=CHANNEL, date=NOW, language="ru", topics=(), text=text, replaces=replaces
    )


async def index(tx: Connection) -> None:
    await search.put(tx, [entry(post_id) for post_id in MANY_POSTS])
    await search.put(tx, [entry(A_POST, replaces="вода есть")])


async def find(tx: Connection) -> None:
    await hits.find(tx, WANTED, order="newest", limit=20)
    await hits.find(tx, WANTED, order="relevance", limit=20)


async def fill_in(tx: Connection) -> None:
    await database.run(tx, "UPDATE search_state SET filled_to = 500", {})
    await search.fill(tx, limit=400, fold=str.lower)


CALLS: dict[str, Call] = {
    "backfills.begin": lambda tx: backfills.begin(tx, CHANNEL, since=NOW, now=NOW),
    "backfills.advance": lambda tx: backfills.advance(tx, CHANNEL, reached_id=A_MESSAGE, reached_at=NOW, new=1),
    "backfills.end": lambda tx: backfills.end(tx, CHANNEL, now=NOW),
    "backfills.get": lambda tx: backfills.get(tx, CHANNEL),
    "backfills.unfinished": backfills.unfinished,
    "backfills.oldest_id": lambda tx: backfills.oldest_id(tx, CHANNEL, since=NOW),
    "channels.follow": lambda tx: channels.follow(tx, INFO, joined=True, now=NOW),
    "channels.unfollow": lambda tx: channels.unfollow(tx, ChannelId(1)),
    "channels.lose": lambda tx: channels.lose(tx, ChannelId(2), trouble="private"),
    "channels.trouble": lambda tx: channels.trouble(tx, CHANNEL, None),
    "channels.update_info": lambda tx: channels.update_info(tx, channel_info(title="Вести"), now=NOW),
    "channels.advance": lambda tx: channels.advance(tx, CHANNEL, Cursor(pts=1, complete_id=A_MESSAGE)),
    "channels.checked": lambda tx: channels.checked(tx, CHANNEL, now=NOW),
    "channels.set_held_from": lambda tx: channels.set_held_from(tx, CHANNEL, NOW),
    "channels.set_joined": lambda tx: channels.set_joined(tx, CHANNEL, joined=True),
    "channels.get": lambda tx: channels.get(tx, CHANNEL),
    "channels.followed": channels.followed,
    "channels.by_username": lambda tx: channels.by_username(tx, "garrison_news"),
    "channels.watched": channels.watched,
    "channels.every": channels.every,
    "channels.changes": lambda tx: channels.changes(tx, since=NOW),
    "chats.pair": lambda tx: chats.pair(tx, chat_id=CHAT, role="owner", language="en", timezone="UTC", now=NOW),
    "chats.get": lambda tx: chats.get(tx, CHAT),
    "chats.all_chats": chats.all_chats,
    "chats.set_unreachable": lambda tx: chats.set_unreachable(tx, CHAT, None),
    "chats.set_timezone": lambda tx: chats.set_timezone(tx, CHAT, "UTC"),
    "chats.mute": lambda tx: chats.mute(tx, MUTE),
    "chats.unmute": lambda tx: chats.unmute(tx, CHAT, kind="topic", subject="rotation"),
    "chats.mutes": lambda tx: chats.mutes(tx, now=NOW),
    "chats.remove": lambda tx: chats.remove(tx, ChatId(1)),
    "hits.find": find,
    "hits.count": lambda tx: hits.count(tx, WANTED, most=999),
    "hits.newest": hits.newest,
    "holes.confirm": lambda tx: holes.confirm(tx, CHANNEL, (1, 2000)),
    "holes.suspect": lambda tx: holes.suspect(tx, CHANNEL, (1500, 3000)),
    "holes.newest_unknown": holes.newest_unknown,
    "holes.counts": holes.counts,
    "matches.replace": lambda tx: matches.replace(tx, A_POST, (match(),)),
    "matches.of_posts": lambda tx: matches.of_posts(tx, MANY_POSTS),
    "outbox.add": lambda tx: much.queue(tx, -1),
    "outbox.pending": lambda tx: outbox.pending(tx, CHAT, now=NOW),
    "outbox.next_due": lambda tx: outbox.next_due(tx, CHAT),
    "outbox.by_ids": lambda tx: outbox.by_ids(tx, MANY_OUTBOX),
    "outbox.by_sent": lambda tx: outbox.by_sent(tx, CHAT, 77),
    "outbox.claim": lambda tx: outbox.claim(tx, MANY_OUTBOX, owner="here", now=NOW, lease=60),
    "outbox.settle": lambda tx: outbox.settle(tx, QUEUED, message_id=1, now=NOW),
    "outbox.again": lambda tx: outbox.again(tx, QUEUED, not_before=NOW, error="timed out"),
    "outbox.refuse": lambda tx: outbox.refuse(tx, QUEUED, error="blocked"),
    "outbox.fold": lambda tx: outbox.fold(tx, MANY_OUTBOX, into=QUEUED),
    "outbox.release": lambda tx: outbox.release(tx, owner="here"),
    "outbox.counts": outbox.counts,
    "outbox.dead_letters": lambda tx: outbox.dead_letters(tx, limit=5),
    "outbox.ever_answered": lambda tx: outbox.ever_answered(tx, CHAT),
    "outbox.sent_as": lambda tx: outbox.sent_as(tx, CHAT, "alert:77"),
    "outbox.key_exists": lambda tx: outbox.key_exists(tx, CHAT, "alert:77"),
    "posts.put": lambda tx: posts.put(tx, post(77, "Вода есть."), language="ru", now=NOW),
    "posts.put_all": lambda tx: posts.put_all(tx, CHANNEL, [(post(n), "ru") for n in MANY_MESSAGES], now=NOW),
    "posts.delete": lambda tx: posts.delete(tx, CHANNEL, MANY_MESSAGES, now=NOW),
    "posts.get": lambda tx: posts.get(tx, CHANNEL, A_MESSAGE),
    "posts.by_ids": lambda tx: posts.by_ids(tx, MANY_POSTS),
    "posts.with_matches": lambda tx: posts.with_matches(tx, []),
    "rechecks.plan": lambda tx: rechecks.plan(tx, [(A_POST, NOW)]),
    "rechecks.postpone": lambda tx: rechecks.postpone(tx, CHANNEL, [A_MESSAGE], at=NOW),
    "rechecks.due": lambda tx: rechecks.due(tx, now=NOW),
    "rechecks.of_channel": lambda tx: rechecks.of_channel(tx, CHANNEL, until=NOW, limit=100),
    "revisions.append": lambda tx: revisions.append(
        tx,
        CHANNEL,
        [
            revisions.Capture(
                message_id=A_MESSAGE, kind="deleted", canonical=revisions.canonical_deletion(CHANNEL, A_MESSAGE)
            )
        ],
        now=NOW,
    ),
    "revisions.of_post": lambda tx: revisions.of_post(tx, CHANNEL, A_MESSAGE),
    "revisions.head": lambda tx: revisions.head(tx, CHANNEL),
    "revisions.verify": lambda tx: revisions.verify(tx, CHANNEL),
    "search.put": index,
    "search.forget": lambda tx: search.forget(tx, MANY_POSTS[200:], fold=str.lower),
    "search.missing": search.missing,
    "search.folding": search.folding,
    "search.fill": fill_in,
    "search.start_anew": lambda tx: search.start_anew(tx, folding=1),
    "searches.keep": lambda tx: searches.keep(tx, CHAT, searches.Search(query="вода", at=NOW, newest=1)),
    "searches.get": lambda tx: searches.get(tx, CHAT, 1),
    "settings.get": lambda tx: settings.get(tx, "server"),
    "settings.put": lambda tx: settings.put(tx, "bot.pts", "1"),
    "settings.bind_server": lambda tx: settings.bind_server(tx, "telegram"),
    "stats.read_counts": lambda tx: stats.read_counts(tx, *PERIOD),
    "stats.unreadable_counts": lambda tx: stats.unreadable_counts(tx, *PERIOD),
    "stats.flagged": flagged,
    "stats.topic_counts": lambda tx: stats.topic_counts(tx, BOUNDS),
    "stats.change_counts": lambda tx: stats.change_counts(tx, *PERIOD),
    "stats.health": stats.health,
    "sweep.after": lambda tx: sweep.after(tx, 77, limit=500),
    "sweep.last_id": sweep.last_id,
    "sweep.texts": lambda tx: sweep.texts(tx, *PERIOD),
    "sweep.set_language": lambda tx: sweep.set_language(tx, A_POST, "uk"),
    "topics.put": lambda tx: topics.put(tx, Topic(name="conscription"), now=NOW),
    "topics.remove": lambda tx: topics.remove(tx, "conscription"),
    "topics.get": lambda tx: topics.get(tx, "conscription"),
    "topics.every": topics.every,
    "trials.keep": lambda tx: trials.keep(tx, "вода"),
    "trials.get": lambda tx: trials.get(tx, 77),
    "votes.put": lambda tx: votes.put(tx, CHAT, A_POST, approves=True, now=NOW),
    "votes.take_back": lambda tx: votes.take_back(tx, CHAT, PostId(78)),
    "votes.get": lambda tx: votes.get(tx, CHAT, A_POST),
    "votes.by_rule": lambda tx: votes.by_rule(tx, since=NOW),
    "waits.put": lambda tx: waits.put(tx, WAIT),
    "waits.lasting": lambda tx: waits.lasting(tx, now=NOW),
    "waits.forget": waits.forget,
}


NEWEST = re.compile(r"ORDER BY seq DESC LIMIT 1\b").search


async def scanned(tx: Connection, statements: list[str]) -> set[str]:
    found: set[str] = set()
    for statement in statements:
        for row in await database.rows(tx, f"EXPLAIN QUERY PLAN {statement}"):
            whole = re.match(rf"SCAN ({'|'.join(GROWING)})\b", row["detail"]) or "AUTOMATIC" in row["detail"]
            # All that was ever captured of a channel is as good as all, but for its newest.
            if whole or (
                re.search(r"revisions .*PRIMARY KEY \(channel_id=\?\)", row["detail"]) and not NEWEST(statement)
            ):
                found.add(f"{row['detail']}: {' '.join(statement.split())[:300]}")
    return found


def public() -> set[str]:
    return {
        f"{module.__name__.split('.')[1]}.{name}"
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def test_all_functions_that_ask_the_database_are_looked_at() -> None:
    assert set(CALLS) == public()


async def test_no_question_reads_a_growing_table_whole(tx: Connection) -> None:
    await much.fill(tx)
    for analysed in (False, True):  # without statistics, and with them
        if analysed:
            await database.rows(tx, "ANALYZE")
        statements = await said(tx)
        found = {name: await scanned(tx, each) for name, each in statements.items()}
        assert {name: scans for name, scans in found.items() if scans} == {}
        assert not [name for name, each in statements.items() if not each and name != "posts.with_matches"]


async def said(tx: Connection) -> dict[str, list[str]]:
    """Call every function, and return the statements that each of them gave."""
    statements: dict[str, list[str]] = {}
    for name, call in CALLS.items():
        traced: list[str] = []
        await tx.thread.set_trace_callback(traced.append)
        await call(tx)
        await database.rows(tx, NOTHING)  # what goes ahead of it is seen now
        # What begins so, triggers and the search do by themselves.
        statements[name] = [sql for sql in traced if sql not in {NOTHING, EMPTYING} and not sql.startswith("--")]
    # Which trace belongs to nobody any more: what explains is not to be explained.
    await tx.thread.set_trace_callback(lambda _: None)
    return statements


async def test_a_scan_would_be_noticed(tx: Connection) -> None:
    assert await scanned(tx, ["SELECT * FROM posts WHERE text LIKE '%вода%'"])


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("matches", "post_id"),
        ("outbox", "post_id"),
        ("outbox", "folded_into"),
        ("outbox", "chat_id"),
        ("votes", "post_id"),
        ("searches", "chat_id"),
        ("search_docs", "post_id"),
    ],
)
async def test_what_hangs_on_a_row_is_found_by_an_index_when_it_goes(tx: Connection, table: str, column: str) -> None:
    assert await scanned(tx, [f"SELECT 1 FROM {table} WHERE {column} = 5"]) == set()


async def test_what_the_triggers_ask_goes_by_an_index(tx: Connection) -> None:
    (trigger,) = await database.rows(tx, "SELECT sql FROM sqlite_master WHERE name = 'channel_counts_changed'")
    (question,) = re.findall(r"EXISTS \((.*?)\);", trigger["sql"], re.DOTALL)
    assert await scanned(tx, [re.sub(r"NEW\.\w+", "5", question)]) == set()
    assert await scanned(tx, ["UPDATE channel_counts SET posts = posts + 1 WHERE channel_id = 5"]) == set()
