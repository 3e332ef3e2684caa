"""What concerns private chats and small groups in messages.*: sending, editing, deleting, buttons."""

from collections.abc import Mapping
from typing import Any

from telethon.tl import types

from bot.sandbox import letters, updates
from bot.sandbox.calls import contents, large_groups, uploads
from bot.sandbox.calls.caller import Answer, Caller, Handler, Later
from bot.sandbox.state import Account, Letter, Post, RefusedError


def send_message(caller: Caller, request: Any) -> Answer:
    """Send a text."""
    if not request.message:
        raise RefusedError(400, "MESSAGE_EMPTY")
    contents.check_length(request.message, captioned=False)
    if isinstance(request.peer, types.InputPeerChannel):
        return large_groups.send(caller, request, media=None)
    letter = _send(caller, request, media=None)
    if letter.buttons is not None or caller.state.behaviour.sparse:
        return _whole(caller, request, letter)
    return types.UpdateShortSentMessage(
        id=letter.ids[caller.account.id],
        pts=caller.account.journal.pts,
        pts_count=1,
        date=letter.date,
        out=True,
        entities=letter.entities or None,
    )


def send_media(caller: Caller, request: Any) -> Answer:
    """Send a picture or a file with a caption."""
    contents.check_length(request.message, captioned=True)
    media = uploads.media_of(caller.state, request.media)
    if isinstance(request.peer, types.InputPeerChannel):
        return large_groups.send(caller, request, media=media)
    letter = _send(caller, request, media=media)
    return _whole(caller, request, letter)


def edit_message(caller: Caller, request: Any) -> Answer:
    """Change a message of one's own: its text, its buttons, its picture."""
    if isinstance(request.peer, types.InputPeerChannel):
        return large_groups.edit(caller, request)
    letter = _own(caller, request.id)
    changes = contents.changes(caller.state, letter, request)
    letters.edit(caller.state, letter, source=caller.key_id, **changes)
    view = caller.view()
    event = caller.account.journal.events[-1]
    return updates.wrapped(view, [updates.of_letters(view, event)])


def delete_messages(caller: Caller, request: Any) -> Answer:
    """Delete messages for both sides; what is not there is passed over."""
    account = caller.account
    found = [account.letters[number] for number in request.id if number in account.letters]
    if found:
        letters.delete(caller.state, found, source=caller.key_id)
    return types.messages.AffectedMessages(pts=account.journal.pts, pts_count=len(found))


def get_messages(caller: Caller, request: Any) -> Answer:
    """Show private messages by id; what is not there is shown empty."""
    view = caller.view()
    numbers = [named.id for named in request.id]
    held = caller.account.letters
    found = [
        view.letter(held[number])
        if number in held
        else types.MessageEmpty(id=number, peer_id=types.PeerUser(user_id=caller.account.id))
        for number in numbers
    ]
    return types.messages.Messages(messages=found, topics=[], chats=view.chats, users=view.users)


def read_history(caller: Caller, _request: Any) -> Answer:
    """Take note that messages were read; nobody is told."""
    return types.messages.AffectedMessages(pts=caller.account.journal.pts, pts_count=0)


def set_typing(_caller: Caller, _request: Any) -> Answer:
    """Take note that somebody writes; nobody is told."""
    return True


def press_button(caller: Caller, request: Any) -> Answer:
    """Press a button under a bot's message and wait for the bot."""
    under = _pressed_under(caller, request)
    if request.data not in contents.data_of(under):
        raise RefusedError(400, "DATA_INVALID")
    later = Later(seconds=caller.state.behaviour.callback_seconds, otherwise=RefusedError(502, "BOT_RESPONSE_TIMEOUT"))
    press = letters.press(caller.state, caller.account, under, request.data, later.resolve)
    later.when_done(lambda _: caller.state.presses.pop(press.id, None))
    return later


def answer_button(caller: Caller, request: Any) -> Answer:
    """Answer whoever pressed a button; once only."""
    press = caller.state.presses.get(request.query_id)
    if press is None or press.bot_id != caller.bot().id:
        raise RefusedError(400, "QUERY_ID_INVALID")
    press.resolve(
        types.messages.BotCallbackAnswer(
            cache_time=request.cache_time, alert=request.alert, message=request.message, url=request.url
        )
    )
    return True


def _send(caller: Caller, request: Any, *, media: Any) -> Letter:
    if not request.random_id:
        raise RefusedError(400, "RANDOM_ID_EMPTY")
    return letters.send(
        caller.state,
        caller.account,
        caller.group(request.peer) or caller.peer(request.peer),
        text=request.message,
        random_id=request.random_id,
        source=caller.key_id,
        entities=contents.entities(request, request.message),
        media=media,
        buttons=contents.checked(request.reply_markup),
        silent=bool(request.silent),
        reply_to=_replied(caller.account, request.reply_to),
    )


def _whole(caller: Caller, request: Any, letter: Letter) -> Answer:
    view = caller.view()
    number = letter.ids[caller.account.id]
    news = reversed(caller.account.journal.events)
    event = next(event for event in news if event.kind == "new" and event.ids == (number,))
    told = [types.UpdateMessageID(id=number, random_id=request.random_id), updates.of_letters(view, event)]
    return updates.wrapped(view, [update for update in told if update is not None])


def _replied(account: Account, reply_to: Any) -> Letter | None:
    if reply_to is None:
        return None
    letter = account.letters.get(reply_to.reply_to_msg_id)
    if letter is None:
        raise RefusedError(400, "REPLY_MESSAGE_ID_INVALID")
    return letter


def _pressed_under(caller: Caller, request: Any) -> Letter | Post:
    held: Mapping[int, Letter | Post] = caller.user().letters
    if isinstance(request.peer, types.InputPeerChannel):
        held = caller.channel(request.peer).posts
    under = held.get(request.msg_id)
    if under is None or under.sender is None or not caller.state.accounts[under.sender].is_bot:
        raise RefusedError(400, "MESSAGE_ID_INVALID")
    return under


def _own(caller: Caller, number: int) -> Letter:
    letter = caller.account.letters.get(number)
    if letter is None:
        raise RefusedError(400, "MESSAGE_ID_INVALID")
    if letter.sender != caller.account.id:
        raise RefusedError(403, "MESSAGE_AUTHOR_REQUIRED")
    return letter


CALLS: dict[str, Handler] = {
    "messages.sendMessage": send_message,
    "messages.sendMedia": send_media,
    "messages.editMessage": edit_message,
    "messages.deleteMessages": delete_messages,
    "messages.getMessages": get_messages,
    "messages.readHistory": read_history,
    "messages.setTyping": set_typing,
    "messages.getBotCallbackAnswer": press_button,
    "messages.setBotCallbackAnswer": answer_button,
}
