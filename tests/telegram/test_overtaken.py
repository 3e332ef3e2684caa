"""Older states of a post that come after newer ones, where the times of the edits cannot tell: within one second."""

from typing import Any, cast

from telethon.tl import types

from bot import ingest
from bot.sandbox import faults
from bot.telegram import catchup, live
from bot.telegram.calls import Calls
from bot.telegram.ledger import Ledger
from storage import posts
from storage.database import Database
from storage.models import ChannelId, MessageId
from tests import records
from tests.telegram import tracked, wire
from tests.telegram.stage import Stage, news


async def test_a_push_that_comes_after_the_catching_up_brings_no_older_text_back(stage: Stage) -> None:
    channel = news(stage.world)
    (post,) = channel.posts.values()
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        stage.world.faults.order(faults.PUSH, faults.HoldPush(2))
        stage.world.edit(post, "одно", edited_at=post.date + 1)
        stage.world.edit(post, "другое", edited_at=post.date + 1)
        await stage.settled(reader, channel)
        stage.world.post(channel, "дальше")
        stage.world.post(channel, "и дальше")
        await stage.settled(reader, channel)
    assert [revision.kind for revision in await stage.revisions(channel, post.id)] == ["posted", "edited"]


async def test_a_post_that_comes_after_its_deletion_is_kept_as_deleted(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        stage.world.faults.order(faults.PUSH, faults.HoldPush(2))
        stage.world.delete(stage.world.post(channel, "недолго"))
        await stage.settled(reader, channel)
        stage.world.post(channel, "дальше")
        stage.world.post(channel, "и дальше")
        await stage.settled(reader, channel)
    (gone,) = [post for post in (await stage.held(channel)).values() if post.deleted_at is not None]
    assert gone.post.text == "недолго"


async def test_a_difference_that_pushes_have_overtaken_brings_no_older_text_back(
    database: Database, teller: ingest.Teller
) -> None:
    ledger = Ledger(database, teller, now=lambda: records.NOW)
    track = await tracked.tracked(ledger, database)

    class Overtaken:
        async def ask(self, request: Any, *, channel_id: ChannelId) -> Any:
            await live.take(ledger, pushed(edit("одно", 11), edit("другое", 12)))
            return types.updates.ChannelDifference(
                pts=11, new_messages=[], other_updates=[edit("одно", 11)], chats=[], users=[], final=True
            )

    assert await catchup.reconcile(cast(Calls, Overtaken()), ledger, track)
    async with database.reading() as connection:
        held = await posts.get(connection, ChannelId(wire.CHANNEL), MessageId(7))
    assert held is not None
    assert (held.post.text, track.cursor.pts) == ("другое", 12)


def pushed(*updates: Any) -> Any:
    return types.Updates(updates=list(updates), users=[], chats=[], date=None, seq=0)


def edit(text: str, pts: int) -> Any:
    message = wire.message(7, text, edit_date=wire.at(wire.DATE + 1))
    return types.UpdateEditChannelMessage(message=message, pts=pts, pts_count=1)
