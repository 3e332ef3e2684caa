"""Takes a command or a press from a chat: asks who it is, answers, and puts the answer into the outbox exactly once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot import dressing
from bot.commands import (
    access,
    adding,
    backfilling,
    citing,
    digests,
    exporting,
    forgetting,
    greeting,
    inviting,
    keeping,
    languages,
    listing,
    menu,
    muted,
    muting,
    own_topics,
    people,
    proving,
    removing,
    reporting,
    saving,
    searching,
    settings,
    status,
    team,
    topics,
    translating,
    trending,
    trying,
    voting,
    why,
)
from bot.commands.desk import Answer, Asked, Desk
from bot.commands.requests import Command, Moved, Press, Pressed
from bot.render import catalogue, text
from bot.render.text import Span
from storage import chats, outbox
from storage.database import Connection
from storage.models import Chat, ChatId, Message

Handler = Callable[[Asked], Awaitable[Answer]]

COMMANDS: Mapping[str, Handler] = {
    "start": greeting.start,
    "help": greeting.usage,
    "digest": digests.ask,
    "report": reporting.report_file,
    "search": searching.ask,
    "trend": trending.ask,
    "saved": saving.saved_list,
    "muted": muted.muted,
    "channels": listing.channel_list,
    "add": adding.add,
    "remove": removing.remove,
    "backfill": backfilling.backfill,
    "topics": topics.topic_list,
    "topic": own_topics.topic,
    "try": trying.attempt,
    "why": why.why,
    "export": exporting.send,
    "evidence": proving.prove,
    "forget": forgetting.forget,
    "status": status.status,
    "settings": settings.settings,
    "people": people.people,
    "invite": inviting.invite,
    "here": team.here,
    "leave": team.leave,
}
PRESSES: Mapping[str, Handler] = {
    "digest": digests.turn,
    "add": adding.choose,
    "live": adding.choose_live,
    "quiet": adding.choose_quietly,
    "way": adding.settle,
    "find": adding.find,
    "hits": searching.turn,
    "drop": removing.choose,
    "menu": muting.menu,
    "back": muting.back,
    "mute": muting.mute,
    "unmute": muting.unmute,
    "lift": muted.lift,
    "translate": translating.translate,
    "original": translating.original,
    "save": saving.save,
    "unsave": saving.unsave,
    "saved": saving.turn,
    "forget": saving.remove,
    "cite": citing.cite,
    "people": people.show,
    "out": people.ask,
    "outyes": people.remove,
    "revoke": people.revoke,
    "on": trying.turn_on,
    "set": settings.press,
    "stop": trying.cancel,
    status.WORD: status.turn,
    "vote": voting.vote,
    "erase": forgetting.confirm,
    "kept": keeping.show,
}
"""By the first word of what a button carries."""


async def command(desk: Desk, command: Command, *, now: int) -> None:
    """Answer a command or plain text through the outbox.

    The same one again, after a crash or from a second source, is answered no second time. A stranger gets no answer.

    Args:
        desk: what the answer is made from.
        command: what came.
        now: UTC seconds.

    Raises:
        StorageError: The database cannot take the answer; then the command must come again.
    """
    prefix = _prefix(command)
    async with desk.database.transaction() as tx:
        language = languages.of(command.language, desk.catalogues)
        arrival = await access.admit(tx, desk.door, command, language=language, timezone=desk.timezone, now=now)
        if arrival is None or await _answered(tx, command, prefix):
            return
        # Where somebody writes can be written to again, whatever Telegram refused before.
        await chats.set_unreachable(tx, command.chat_id, None)
        first = not await outbox.ever_answered(tx, command.chat_id)
        chat = await _in_his_language(tx, arrival.chat, language) if first and command.language else arrival.chat
        asked = Asked(desk=desk, chat=chat, role=arrival.role, args=command.args, now=now)
        greets = first and (command.name == "start" or (arrival.new and not command.name))
        if arrival.invited:
            await inviting.announce(tx, asked)
        if greets:
            # With the pairing in one transaction: whoever is new is greeted, whatever happens next.
            await _put(tx, asked, arrival.chat.id, prefix, (await greeting.welcome(asked)).messages)
    if not greets:
        answer = await _answer(asked, command)
        await _store(asked, command.sender if answer.private else command.chat_id, prefix, answer.messages)
    desk.wake()


async def _in_his_language(tx: Connection, chat: Chat, language: str) -> Chat:
    # Whom the settings name was let in before anything was known of his language.
    if chat.language == language:
        return chat
    await chats.set_language(tx, chat.id, language)
    return replace(chat, language=language)


async def press(desk: Desk, press: Press, *, now: int) -> Pressed | None:
    """Act on a pressed button; None: a stranger pressed it, who gets no answer.

    Args:
        desk: what the answer is made from.
        press: what was pressed.
        now: UTC seconds.

    Raises:
        StorageError: The database cannot take what the press changes.
    """
    async with desk.database.reading() as connection:
        arrival = await access.presser(connection, desk.door, press)
        sent = await outbox.by_sent(connection, press.chat_id, press.message_id)
    if arrival is None:
        return None
    if arrival.chat.unreachable_since is not None:
        # Where somebody presses can be written to again, as where somebody writes.
        async with desk.database.transaction() as tx:
            await chats.set_unreachable(tx, arrival.chat.id, None)
        desk.wake()
    if sent is None:
        # Shown on the phone, it may be pressed before we have noted its id.
        await desk.screen.settled(press.chat_id)
    word, _, rest = press.data.partition(":")
    asked = Asked(desk=desk, chat=arrival.chat, role=arrival.role, args=rest, now=now, pressed=press.message_id)
    if word not in PRESSES:
        return Pressed(notice=catalogue.text(asked.texts, "press.old"))
    answer = await PRESSES[word](asked)
    if answer.messages:
        await _store(asked, asked.chat.id, f"press:{press.query_id}", answer.messages)
        desk.wake()
    return Pressed(notice=answer.notice, replace=answer.replace, rows=answer.rows)


async def drawn(desk: Desk, press: Press, rows: str, *, now: int) -> Message | None:
    """Draw the alert that was pressed under as it is now, with these buttons; None: it did not come from here."""
    async with desk.database.reading() as connection:
        chat = await chats.get(connection, press.chat_id)
        if chat is None:
            return None
        texts = desk.catalogues[chat.language]
        return await dressing.drawn(connection, texts, chat.id, press.message_id, rows=rows, now=now)


async def redraw(desk: Desk, press: Press, *, now: int) -> None:
    """Have the alert that was pressed under drawn anew as soon as the server lets us, as it could not be at once."""
    async with desk.database.transaction() as tx:
        alert = await outbox.by_sent(tx, press.chat_id, press.message_id)
        says = None if alert is None else await outbox.newest_text(tx, alert.id)
        if alert is None or says is None:
            return
        await outbox.add(
            tx,
            chat_id=alert.chat_id,
            kind="update",
            key=f"redraw:{press.query_id}",
            random_id=outbox.new_random_id(),
            message=replace(says, picture=None),
            subject=alert.subject,
            now=now,
            act="edit",
            depends_on=alert.id,
        )
    desk.wake()


async def late(desk: Desk, press: Press, notice: str, *, now: int) -> None:
    """Say in a message what was to be a notice, where Telegram no longer waits for one."""
    async with desk.database.reading() as connection:
        arrival = await access.presser(connection, desk.door, press)
    if arrival is not None:
        asked = Asked(desk=desk, chat=arrival.chat, role=arrival.role, args="", now=now)
        await _store(asked, arrival.chat.id, f"press:{press.query_id}", (text.message((Span(notice),)),))
        desk.wake()


async def moved(desk: Desk, moved: Moved) -> None:
    """Follow a group to its new id."""
    async with desk.database.transaction() as tx:
        await chats.move(tx, moved.chat_id, moved.after)
    desk.wake()


async def _answer(asked: Asked, command: Command) -> Answer:
    name = menu.ALIASES.get(command.name, command.name)
    if name in COMMANDS:
        return await COMMANDS[name](asked)
    if name:
        return greeting.unknown(asked, name)
    return greeting.plain_text(asked)


def _prefix(command: Command) -> str:
    # Groups count their messages by themselves, and an answer to one of them may go to a private chat.
    if command.chat_id == command.sender:
        return f"reply:{command.request_id}"
    return f"reply:{command.chat_id}:{command.request_id}"


async def _store(asked: Asked, chat_id: ChatId, prefix: str, messages: Sequence[Message]) -> None:
    async with asked.desk.database.transaction() as tx:
        # Asked again: while the answer was made, the same command may have come by another way, or the chat have left.
        if await chats.get(tx, chat_id) is not None and not await outbox.key_exists(tx, chat_id, f"{prefix}:0"):
            await _put(tx, asked, chat_id, prefix, messages)


async def _answered(tx: Connection, command: Command, prefix: str) -> bool:
    return await outbox.key_exists(tx, command.chat_id, f"{prefix}:0") or await outbox.key_exists(
        tx, command.sender, f"{prefix}:0"
    )


async def _put(tx: Connection, asked: Asked, chat_id: ChatId, prefix: str, messages: Sequence[Message]) -> None:
    for number, message in enumerate(messages):
        await outbox.add(
            tx,
            chat_id=chat_id,
            kind="reply",
            key=f"{prefix}:{number}",
            random_id=outbox.new_random_id(),
            message=message,
            now=asked.now,
        )
