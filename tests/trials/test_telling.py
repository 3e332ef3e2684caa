"""Killed between the match and the settling, hundreds of times, with all that can go wrong on the way to the chat.

While the process is down, newer texts of alerts and follow-ups under them are put into its outbox, so that each life
also has edits and replies under way. At the end the chat is read by the client of its user.
"""

import asyncio
import os
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot import folder
from bot.sandbox import faults, server
from storage import outbox
from storage.database import Connection, open_database
from storage.models import ChatId, Message, OutboxId, OutboxMessage
from tests.end_to_end import homefront as home
from tests.served import connected
from tests.trials import proof, scene

KILLS = int(os.environ.get("KILLS", "300"))  # noqa: TID251 -- fewer, to try the trial itself
LONGEST_TELLING_SECONDS = 0.4
ANSWER_SECONDS = 0.2
HISTORY = 5000

pytestmark = pytest.mark.trial


@dataclass(slots=True, kw_only=True)
class Hung:
    """What was hung on alerts while nobody ran: the newest text of each, and those that have a follow-up."""

    newest: dict[OutboxId, str] = field(default_factory=dict)
    answered: set[OutboxId] = field(default_factory=set)
    edits: int = 0


@pytest.mark.timeout(7200)
async def test_killed_between_the_match_and_the_settling_while_replies_are_lost(
    stage: scene.Scene, running: server.Server
) -> None:
    stage.add_channels(3)
    figures: list[str] = []
    kills, between, hanging, hung = 0, 0, 0, Hung()
    with scene.telling(stage, "SIGKILL between match and settling", figures):
        while between < KILLS:
            async with home.homefront("run", env=stage.environment()) as terminal:
                order_faults(stage)
                await scene.at_work(terminal)
                await asyncio.sleep(stage.draw.uniform(0, 1))
                stage.post(flagged=True)
                await asyncio.sleep(stage.draw.uniform(0, LONGEST_TELLING_SECONDS))
            kills += 1
            between += unsettled(stage, "'waiting', 'claimed'", "'alert', 'summary'") > 0
            hanging += unsettled(stage, "'claimed'", "'update', 'followup'") > 0
            await hang(stage, hung)
        stage.world.faults.clear()
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=600)
        seen = await read_by_the_user(stage, running)
        figures += [f"{kills} kills, {between} of them between, {hanging} with an edit or reply on its way"]
        figures += found.figures()
        figures += [f"{hung.edits} edits", f"{len(hung.answered)} replies"]
        assert found.failures == {}
        assert found.clean
        assert mentions(seen) == Counter(proof.told_of(stage).keys())
        assert misplaced(stage, hung, seen) == []


@pytest.mark.timeout(3600)
async def test_killed_while_a_summary_grows(stage: scene.Scene, running: server.Server) -> None:
    stage.add_channels(3)
    figures: list[str] = []
    lost = stage.world.faults.order("messages.editMessage", faults.LoseReply(), times=faults.ALWAYS, every=4)
    with scene.telling(stage, "SIGKILL while a summary grows", figures):
        for _ in range(KILLS // 15):
            async with home.homefront("run", env=stage.environment()) as terminal:
                await scene.at_work(terminal)
                until = time.perf_counter() + stage.draw.uniform(2, 8)
                while time.perf_counter() < until:
                    stage.post(flagged=True)
                    await asyncio.sleep(0.05)
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=300)
        seen = await read_by_the_user(stage, running)
        summaries, edits = told_together(stage)
        figures += [f"{KILLS // 15} kills, {summaries} summaries grown by {edits} edits, {lost.fired} replies lost"]
        figures += found.figures()
        assert found.failures == {}
        assert found.clean
        assert mentions(seen) == Counter(proof.told_of(stage).keys())
        assert edits


def told_together(stage: scene.Scene) -> tuple[int, int]:
    """Count the summaries, and the edits that added to them."""
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        found = dict(
            connection.execute(
                "SELECT act, count(*) FROM outbox WHERE kind = 'summary' AND state = 'sent' GROUP BY act"
            )
        )
    return found["send"], found["edit"]


def order_faults(stage: scene.Scene) -> None:
    """Lose or delay the replies to messages and edits; tell the reader of posts several times."""
    orders = stage.world.faults
    orders.clear()
    every = stage.draw.choice((2, 7))
    orders.order("messages.sendMessage", faults.LoseReply(), times=faults.ALWAYS, every=every)
    orders.order("messages.editMessage", faults.LoseReply(), times=faults.ALWAYS, every=3)
    for call in ("messages.sendMessage", "messages.editMessage"):
        orders.order(call, faults.Delay(ANSWER_SECONDS), times=faults.ALWAYS)
    orders.order(faults.PUSH, faults.RepeatPush(3), times=faults.ALWAYS, account=stage.reader.id)


def unsettled(stage: scene.Scene, states: str, kinds: str) -> int:
    """Count the messages in these states, of these kinds."""
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        found: int = connection.execute(
            f"SELECT count(*) FROM outbox WHERE state IN ({states}) AND kind IN ({kinds})"
        ).fetchone()[0]
    return found


async def hang(stage: scene.Scene, hung: Hung) -> None:
    """Give one of the last alerts a newer text, and a follow-up if it has none yet."""
    async with (
        open_database(folder.database(stage.found.data_dir), now=home.clock()) as database,
        database.transaction() as tx,
    ):
        ids = [OutboxId(number) for number in alerts(stage)[-5:]]
        if not ids:
            return
        (alert,) = await outbox.by_ids(tx, [stage.draw.choice(ids)])
        hung.edits += 1
        newest = replace(alert.message, text=f"{alert.message.text}\nUpdate {hung.edits}")
        await put(tx, stage, alert, f"update:{hung.edits}", newest)
        hung.newest[alert.id] = newest.text
        if alert.id not in hung.answered:
            hung.answered.add(alert.id)
            await put(tx, stage, alert, f"followup:{alert.id}", Message(text=f"Follow-up {alert.id}"))


async def put(tx: Connection, stage: scene.Scene, alert: OutboxMessage, key: str, message: Message) -> None:
    """Queue an edit of an alert or a reply to it."""
    is_update = key.startswith("update")
    await outbox.add(
        tx,
        chat_id=ChatId(stage.owner.id),
        kind="update" if is_update else "followup",
        act="edit" if is_update else "reply",
        depends_on=alert.id,
        key=key,
        random_id=outbox.new_random_id(),
        message=message,
        now=home.clock(),
    )


def alerts(stage: scene.Scene) -> list[int]:
    """The rows of all alerts, oldest first."""
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM outbox WHERE kind = 'alert' ORDER BY id")]


async def read_by_the_user(stage: scene.Scene, running: server.Server) -> dict[int, Any]:
    """The messages of the bot by their ids, as the user's own client reads them."""
    async with connected(running, stage.owner) as client:
        history = await client.get_messages(scene.BOT, limit=HISTORY)
    return {message.id: message for message in history if not message.out}


def mentions(seen: dict[int, Any]) -> Counter[proof.Place]:
    """Count the messages that link to each post."""
    return Counter(place for message in seen.values() for place in proof.links(message.message, message.entities or ()))


def misplaced(stage: scene.Scene, hung: Hung, seen: dict[int, Any]) -> list[str]:
    """Say which alert does not say its newest text, and which follow-up is not there just once and under its alert."""
    wrong: list[str] = []
    follow_ups = Counter(message.message for message in seen.values() if message.message.startswith("Follow-up"))
    for alert, message_id in sent(stage).items():
        shown = stage.bot.letters[message_id].ids[stage.owner.id]
        if alert in hung.newest and seen[shown].message != hung.newest[alert]:
            wrong.append(f"alert {alert} says {seen[shown].message!r}, not {hung.newest[alert]!r}")
        under = [
            message.reply_to.reply_to_msg_id if message.reply_to else None
            for message in seen.values()
            if message.message == f"Follow-up {alert}"
        ]
        if alert in hung.answered and under != [shown]:
            wrong.append(f"alert {alert} is {shown}, its follow-ups stand under {under}")
    return wrong + [text for text, times in follow_ups.items() if times > 1]


def sent(stage: scene.Scene) -> dict[OutboxId, int]:
    """The alerts that were sent alone, and under which id of the bot."""
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        found = connection.execute("SELECT id, sent_message_id FROM outbox WHERE kind = 'alert' AND state = 'sent'")
        return {OutboxId(number): message_id for number, message_id in found}
