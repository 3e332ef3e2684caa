"""What happens in the sandbox's private chats and small groups: messages, edits, deletions, pressed buttons."""

from collections.abc import Callable
from typing import Any

from bot.sandbox import privacy
from bot.sandbox.journal import EventKind
from bot.sandbox.state import Account, Group, Letter, Post, Press, Push, RefusedError, State


def send(
    state: State,
    sender: Account,
    receiver: Account | Group,
    *,
    text: str,
    random_id: int,
    source: int | None = None,
    **contents: Any,
) -> Letter:
    """Send a message once: a repeated `random_id` is answered as the server's behaviour says.

    Args:
        state: the world.
        sender: who sends.
        receiver: to whom: somebody, or a group.
        text: what is said.
        random_id: the sender's number of the message.
        source: the key it was sent with; its connections are not told of it.
        contents: other fields of `Letter`.
    """
    number = (sender.id, receiver.id, random_id)
    first = state.sent.get(number)
    if isinstance(first, Letter):
        if state.clock() - first.date < state.behaviour.duplicate_seconds:
            raise RefusedError(500, "RANDOM_ID_DUPLICATE")
        return first
    letter = Letter(sender=sender.id, receiver=0, date=state.now(), text=text, **contents)
    if isinstance(receiver, Group):
        _check_open(sender, receiver, letter)
        letter.group = receiver.id
        members = [state.accounts[member] for member in sorted(receiver.members - {sender.id})]
        others = [member for member in members if privacy.hears_letter(member, letter)]
    else:
        _check_wanted(sender, receiver)
        letter.receiver = receiver.id
        others = [receiver]
        sender.met.add(receiver.id)
        receiver.met.add(sender.id)
    for account in (sender, *others):
        if account.id not in letter.ids:
            letter.ids[account.id] = _number(state, letter, account)
            account.letters[letter.ids[account.id]] = letter
    state.sent[number] = letter
    _tell(state, letter, "new", source)
    return letter


def edit(state: State, letter: Letter, *, source: int | None = None, **changes: Any) -> None:
    """Change a message for both sides."""
    for name, value in changes.items():
        setattr(letter, name, value)
    letter.edited_at = state.now()
    _tell(state, letter, "edit", source)


def delete(state: State, letters: list[Letter], *, source: int | None = None) -> None:
    """Delete messages for both sides."""
    for account_id in sorted({account_id for letter in letters for account_id in letter.ids}):
        account = state.accounts[account_id]
        gone = tuple(letter.ids[account_id] for letter in letters if account_id in letter.ids)
        for number in gone:
            account.letters.pop(number, None)
        event = account.journal.note("delete", gone)
        state.tell(Push(account_id=account_id, subject="letter", event=event, source=source))


def between(account: Account, peer_id: int) -> list[Letter]:
    """Return the messages of one private chat, newest first."""
    # Ids rise as messages come, and a dict keeps the order in which they came.
    private = [letter for letter in reversed(account.letters.values()) if letter.group is None]
    return [letter for letter in private if letter.peer_of(account.id) == peer_id]


def press(state: State, user: Account, under: Letter | Post, data: bytes, resolve: Callable[[Any], None]) -> Press:
    """Press a button of the bot's message; `resolve` gets the bot's answer."""
    pressed = Press(
        id=state.number(),
        user_id=user.id,
        bot_id=under.sender or 0,
        under=under,
        data=data,
        date=state.now(),
        resolve=resolve,
    )
    state.presses[pressed.id] = pressed
    state.tell(Push(account_id=pressed.bot_id, subject="press", press=pressed))
    return pressed


def _number(state: State, letter: Letter, account: Account) -> int:
    if state.behaviour.global_message_ids and letter.ids:
        return next(iter(letter.ids.values()))
    return state.message_id(account)


def _check_open(sender: Account, group: Group, letter: Letter) -> None:
    if group.moved_to is not None and letter.service is None:
        raise RefusedError(400, "CHAT_ID_INVALID")
    if sender.id not in group.members:
        raise RefusedError(403, "CHAT_WRITE_FORBIDDEN")


def _check_wanted(sender: Account, receiver: Account) -> None:
    if receiver.deleted:
        raise RefusedError(400, "INPUT_USER_DEACTIVATED")
    if sender.id in receiver.blocked:
        raise RefusedError(400, "USER_IS_BLOCKED")
    if receiver.id in sender.blocked:
        raise RefusedError(400, "YOU_BLOCKED_USER")
    if sender.is_bot and receiver.is_bot:
        raise RefusedError(400, "USER_IS_BOT")
    if sender.is_bot and receiver.id not in sender.met:
        raise RefusedError(400, "PEER_ID_INVALID")


def _tell(state: State, letter: Letter, kind: EventKind, source: int | None) -> None:
    for account_id, number in letter.ids.items():
        event = state.accounts[account_id].journal.note(kind, (number,))
        state.tell(Push(account_id=account_id, subject="letter", event=event, source=source))
