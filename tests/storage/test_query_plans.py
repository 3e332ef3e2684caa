"""Every question to the database must go by an index: none may read a whole table that grows with the posts."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from storage import (
    backfills,
    backlog,
    channels,
    database,
    dependents,
    forgetting,
    holes,
    invites,
    matches,
    outbox,
    posts,
    rechecks,
    revisions,
    saved,
    settings,
    stats,
    summaries,
    sweep,
    told,
    topics,
    translations,
    trials,
    votes,
    waits,
)
from storage.database import Connection
from storage.models import ChannelId, Cursor, Message, MessageId, OutboxId, PostId
from storage.topic_models import Topic
from tests.records import CHANNEL, CHAT, NOW, channel_info, match, post
from tests.storage import chat_calls, evidence_calls, search_calls, story_calls
from tests.storage.filled import POSTS_EACH, ROWS, fill, queue
from tests.storage.plans import ASKING, LARGEST, noting, places, public, said, scanned

Call = Callable[[Connection], Awaitable[object]]
A_POST, A_MESSAGE, QUEUED = PostId(77), MessageId(77), OutboxId(1077)
A_PLACE = forgetting.Place(id=A_POST, channel_id=CHANNEL, message_id=A_MESSAGE)
A_TEXT = Message(text="A post speaks of rotation.")
CAPTURE = revisions.Capture(message_id=A_MESSAGE, kind="deleted", canonical="{}")
PAST_ALL = MessageId(1_000_000)
MANY_POSTS = [PostId(number) for number in range(1, 400)]
MANY_MESSAGES = [MessageId(number) for number in range(1, 400)]
MANY_OUTBOX = [OutboxId(number) for number in range(1001, 1400)]
PERIOD = (NOW, NOW + POSTS_EACH // 2)
BOUNDS = [NOW + number * 30 for number in range(29)]
INFO = channel_info(title="Новые вести")
WAIT = waits.StoredWait(request="messages.GetHistoryRequest", until=NOW, channel_id=CHANNEL)
TRANSLATION = translations.Translation(post_id=A_POST, language="en", source="abc", text="There is no water.")


async def topic_counts(tx: Connection) -> None:
    await stats.topic_counts(tx, BOUNDS)
    await stats.topic_counts(tx, BOUNDS, channel_id=CHANNEL)


async def untold(tx: Connection) -> None:
    (one,) = await outbox.by_ids(tx, [QUEUED])
    for summary in (one, replace(one, depends_on=QUEUED)):
        await summaries.untold(tx, summary)


async def queue_all(tx: Connection) -> None:
    await queue(tx, -1)
    await queue(tx, -2, act="reply", depends_on=QUEUED)
    await queue(tx, -3, act="edit", depends_on=QUEUED)
    await queue(tx, -4, act="edit", depends_on=QUEUED)


CALLS: dict[str, Call] = {
    "backfills.begin": lambda tx: backfills.begin(tx, CHANNEL, since=NOW, now=NOW),
    "backfills.advance": lambda tx: backfills.advance(tx, CHANNEL, reached_id=A_MESSAGE, reached_at=NOW, new=1),
    "backfills.end": lambda tx: backfills.end(tx, CHANNEL, now=NOW),
    "backfills.get": lambda tx: backfills.get(tx, CHANNEL),
    "backfills.unfinished": backfills.unfinished,
    "backfills.oldest_id": lambda tx: backfills.oldest_id(tx, CHANNEL, since=NOW),
    "backlog.counts": backlog.counts,
    "backlog.dead_letters": lambda tx: backlog.dead_letters(tx, limit=5),
    "backlog.unsent": lambda tx: backlog.unsent(tx, CHAT),
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
    "channels.every": channels.every,
    "channels.changes": lambda tx: channels.changes(tx, since=NOW),
    "dependents.anchor": lambda tx: dependents.anchor(tx, QUEUED),
    "dependents.replace_older": lambda tx: dependents.replace_older(tx, OutboxId(2000), of=QUEUED),
    "dependents.retire": lambda tx: dependents.retire(tx, MANY_OUTBOX),
    "dependents.cancel": lambda tx: dependents.cancel(tx, MANY_OUTBOX),
    "dependents.adopt": lambda tx: dependents.adopt(tx, MANY_OUTBOX, into=QUEUED),
    "holes.suspect": lambda tx: holes.suspect(tx, CHANNEL, (PAST_ALL, PAST_ALL + 9)),
    "holes.confirm": lambda tx: holes.confirm(tx, CHANNEL, (PAST_ALL - 9, PAST_ALL + 5)),
    "holes.newest_unknown": holes.newest_unknown,
    "holes.counts": holes.counts,
    "invites.add": lambda tx: invites.add(tx, "CODE", label=None, expires_at=NOW),
    "invites.use": lambda tx: invites.use(tx, "CODE", now=NOW),
    "invites.revoke": lambda tx: invites.revoke(tx, invites.InviteId(1)),
    "invites.sweep": lambda tx: invites.sweep(tx, now=NOW),
    "invites.waiting": lambda tx: invites.waiting(tx, now=NOW),
    "matches.replace": lambda tx: matches.replace(tx, A_POST, (match(),)),
    "matches.of_posts": lambda tx: matches.of_posts(tx, MANY_POSTS),
    "outbox.add": queue_all,
    "outbox.pending": lambda tx: outbox.pending(tx, CHAT, now=NOW),
    "outbox.next_due": lambda tx: outbox.next_due(tx, CHAT),
    "outbox.by_ids": lambda tx: outbox.by_ids(tx, MANY_OUTBOX),
    "outbox.by_key": lambda tx: outbox.by_key(tx, CHAT, "alert:77"),
    "outbox.by_sent": lambda tx: outbox.by_sent(tx, CHAT, 77),
    "outbox.claim": lambda tx: outbox.claim(tx, MANY_OUTBOX, owner="here", now=NOW, lease=60),
    "outbox.settle": lambda tx: outbox.settle(tx, QUEUED, message_id=1, now=NOW),
    "outbox.again": lambda tx: outbox.again(tx, QUEUED, not_before=NOW, error="timed out"),
    "outbox.refuse": lambda tx: outbox.refuse(tx, QUEUED, error="blocked"),
    "outbox.release": lambda tx: outbox.release(tx, owner="here"),
    "outbox.hold": lambda tx: outbox.hold(tx, MANY_OUTBOX, not_before=NOW, held="quiet"),
    "outbox.cancel": lambda tx: outbox.cancel(tx, [OutboxId(1040), OutboxId(1060)]),
    "outbox.newest_text": lambda tx: outbox.newest_text(tx, QUEUED),
    "outbox.ever_answered": lambda tx: outbox.ever_answered(tx, CHAT),
    "outbox.sent_as": lambda tx: outbox.sent_as(tx, CHAT, "alert:77"),
    "outbox.key_exists": lambda tx: outbox.key_exists(tx, CHAT, "alert:77"),
    "posts.put": lambda tx: posts.put(tx, post(77, "Вода есть."), language="ru", now=NOW),
    "posts.put_all": lambda tx: posts.put_all(tx, CHANNEL, [(post(n), "ru") for n in MANY_MESSAGES], now=NOW),
    "posts.delete": lambda tx: posts.delete(tx, CHANNEL, MANY_MESSAGES, now=NOW),
    "posts.get": lambda tx: posts.get(tx, CHANNEL, A_MESSAGE),
    "posts.by_ids": lambda tx: posts.by_ids(tx, MANY_POSTS),
    "posts.with_matches": lambda tx: posts.with_matches(tx, []),
    "forgetting.forget": lambda tx: forgetting.forget(tx, [A_PLACE], why="owner", now=NOW, fold=str.lower),
    "forgetting.purge": lambda tx: forgetting.purge(tx, pages=9),
    "forgetting.passing": lambda tx: forgetting.passing(tx, before=NOW, limit=100),
    "forgetting.told_of": lambda tx: forgetting.told_of(tx, A_POST),
    "forgetting.holding": lambda tx: forgetting.holding(tx, "/15", buttons=("saved:", "lift:"), after=77, limit=100),
    "forgetting.with_document": forgetting.with_document,
    "forgetting.last_message": forgetting.last_message,
    "forgetting.rewrite": lambda tx: forgetting.rewrite(tx, OutboxId(77), A_TEXT),
    "rechecks.plan": lambda tx: rechecks.plan(tx, [(A_POST, NOW)]),
    "rechecks.postpone": lambda tx: rechecks.postpone(tx, CHANNEL, [A_MESSAGE], at=NOW),
    "rechecks.doubt": lambda tx: rechecks.doubt(tx, CHANNEL, (1, 100), [A_MESSAGE], at=NOW),
    "rechecks.doubt_all": lambda tx: rechecks.doubt_all(tx, CHANNEL, since=NOW, at=NOW),
    "rechecks.due": lambda tx: rechecks.due(tx, now=NOW),
    "rechecks.of_channel": lambda tx: rechecks.of_channel(tx, CHANNEL, until=NOW, limit=100),
    "revisions.append": lambda tx: revisions.append(tx, CHANNEL, [CAPTURE], now=NOW),
    "revisions.of_post": lambda tx: revisions.of_post(tx, CHANNEL, A_MESSAGE),
    "revisions.of_edited": lambda tx: revisions.of_edited(tx, MANY_POSTS),
    "revisions.head": lambda tx: revisions.head(tx, CHANNEL),
    "revisions.verify": lambda tx: revisions.verify(tx, CHANNEL),
    "saved.put": lambda tx: saved.put(tx, CHAT, A_POST, now=NOW),
    "saved.drop": lambda tx: saved.drop(tx, CHAT, A_POST),
    "saved.holds": lambda tx: saved.holds(tx, CHAT, A_POST),
    "saved.count": lambda tx: saved.count(tx, CHAT),
    "saved.page": lambda tx: saved.page(tx, CHAT, skip=6, limit=6),
    "settings.get": lambda tx: settings.get(tx, "server"),
    "settings.put": lambda tx: settings.put(tx, "bot.pts", "1"),
    "settings.bind_server": lambda tx: settings.bind_server(tx, "telegram"),
    "stats.oldest": lambda tx: stats.oldest(tx, *PERIOD),
    "stats.read_counts": lambda tx: stats.read_counts(tx, *PERIOD),
    "stats.unreadable_counts": lambda tx: stats.unreadable_counts(tx, *PERIOD),
    "stats.topic_counts": topic_counts,
    "stats.change_counts": lambda tx: stats.change_counts(tx, *PERIOD),
    "stats.health": stats.health,
    "summaries.fold": lambda tx: summaries.fold(tx, MANY_OUTBOX, into=QUEUED, summary=QUEUED),
    "summaries.told_in": lambda tx: summaries.told_in(tx, QUEUED),
    "summaries.grows": lambda tx: summaries.grows(tx, QUEUED),
    "summaries.untold": untold,
    "summaries.dissolve": lambda tx: summaries.dissolve(tx, QUEUED),
    "summaries.unfold": lambda tx: summaries.unfold(tx, QUEUED),
    "sweep.after": lambda tx: sweep.after(tx, 77, limit=500),
    "sweep.last_id": sweep.last_id,
    "sweep.texts": lambda tx: sweep.texts(tx, *PERIOD),
    "sweep.set_language": lambda tx: sweep.set_language(tx, A_POST, "uk"),
    "topics.put": lambda tx: topics.put(tx, Topic(name="conscription"), now=NOW),
    "topics.remove": lambda tx: topics.remove(tx, "conscription"),
    "topics.get": lambda tx: topics.get(tx, "conscription"),
    "topics.every": topics.every,
    "told.of": lambda tx: told.of(tx, CHAT, A_POST),
    "translations.show": lambda tx: translations.show(tx, CHAT, TRANSLATION),
    "translations.hide": lambda tx: translations.hide(tx, CHAT, A_POST),
    "translations.shown": lambda tx: translations.shown(tx, CHAT, A_POST),
    "translations.find": lambda tx: translations.find(tx, A_POST, language="en", source="abc"),
    "trials.keep": lambda tx: trials.keep(tx, "вода"),
    "trials.get": lambda tx: trials.get(tx, 77),
    "votes.put": lambda tx: votes.put(tx, CHAT, A_POST, approves=True, now=NOW),
    "votes.take_back": lambda tx: votes.take_back(tx, CHAT, PostId(78)),
    "votes.get": lambda tx: votes.get(tx, CHAT, A_POST),
    "votes.by_rule": lambda tx: votes.by_rule(tx, since=NOW),
    "waits.put": lambda tx: waits.put(tx, WAIT),
    "waits.lasting": lambda tx: waits.lasting(tx, now=NOW),
    "waits.forget": waits.forget,
    **evidence_calls.CALLS,
    **search_calls.CALLS,
    **story_calls.CALLS,
    **chat_calls.CALLS,
}


def test_all_functions_that_ask_the_database_are_looked_at() -> None:
    assert set(CALLS) == public()


@pytest.mark.timeout(240)  # the tables are filled first, and a busy machine takes its time for it
async def test_no_question_reads_a_growing_table_whole(tx: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(tx)
    for table in LARGEST:
        (held,) = await database.rows(tx, f"SELECT count(*) AS rows FROM {table}")
        assert held["rows"] >= ROWS, table
    reached: set[tuple[str, int]] = set()
    for name in ASKING:
        monkeypatch.setattr(database, name, noting(getattr(database, name), reached))
    for analysed in (False, True):  # without statistics, and with them
        if analysed:
            await database.rows(tx, "ANALYZE")
        await database.rows(tx, "SAVEPOINT calls")
        statements = await said(tx, CALLS)
        await database.rows(tx, "ROLLBACK TO calls")
        found = {name: await scanned(tx, each) for name, each in statements.items()}
        assert {name: scans for name, scans in found.items() if scans} == {}
        assert not [name for name, each in statements.items() if not each and name != "posts.with_matches"]
    missed = [
        place
        for place, lines in places().items()
        if not any(module == place.split(":")[0] and line in lines for module, line in reached)
    ]
    assert missed == []


async def test_a_scan_would_be_noticed(tx: Connection) -> None:
    assert await scanned(tx, ["SELECT * FROM posts WHERE text LIKE '%вода%'"])
    assert await scanned(tx, ["SELECT * FROM posts AS held WHERE text LIKE '%вода%'"])


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("matches", "post_id"),
        ("outbox", "post_id"),
        ("outbox", "folded_into"),
        ("outbox", "depends_on"),
        ("outbox", "chat_id"),
        ("saved", "post_id"),
        ("translations", "post_id"),
        ("votes", "post_id"),
        *search_calls.REFERENCES,
        *story_calls.REFERENCES,
    ],
)
async def test_what_hangs_on_a_row_is_found_by_an_index_when_it_goes(tx: Connection, table: str, column: str) -> None:
    assert await scanned(tx, [f"SELECT 1 FROM {table} WHERE {column} = 5"]) == set()


async def test_what_the_triggers_ask_goes_by_an_index(tx: Connection) -> None:
    (trigger,) = await database.rows(tx, "SELECT sql FROM sqlite_master WHERE name = 'channel_counts_changed'")
    (question,) = re.findall(r"EXISTS \((.*?)\);", trigger["sql"], re.DOTALL)
    assert await scanned(tx, [re.sub(r"NEW\.\w+", "5", question)]) == set()
    assert await scanned(tx, ["UPDATE channel_counts SET posts = posts + 1 WHERE channel_id = 5"]) == set()
