"""Whose session it is: the reader, a user who signed in with `homefront login`, or the bot, by its token."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from telethon import errors as refusals
from telethon import utils

from bot import settings
from bot.telegram import client, errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an account is used: the file of its session, our api id and hash, and the server (None: Telegram's)."""

    session: Path
    api_id: int
    api_hash: str = field(repr=False)
    server: settings.Server | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in. `name` is for the screen of its owner alone."""

    id: int
    name: str
    username: str | None
    bot: bool


async def who(connected: client.Client) -> Account | None:
    """Return who is signed in on a connected client, None if nobody; raises TelegramError."""
    try:
        me = await connected.get_me()
    except refusals.RPCError as error:
        raise errors.sentence(error) from None
    if me is None:
        return None
    return Account(id=me.id, name=utils.get_display_name(me), username=me.username, bot=bool(me.bot))


async def open_reader(place: Place, *, clock: Callable[[], int]) -> client.Client:
    """Return the connected client of the reader; raises SignedOutError if nobody is signed in, or TelegramError."""
    try:
        reader, account = await _open(place, clock=clock)
    except errors.SignedOutError as error:
        raise errors.SignedOutError(f"{error} Run `homefront login`.") from None
    if account is not None and not account.bot:
        return reader
    await reader.disconnect()
    if account is None:
        raise errors.SignedOutError("The reader is not signed in. Run `homefront login`.")
    raise errors.SignedOutError(f"{place.session} is the session of a bot. Remove it and run `homefront login`.")


async def open_for_login(place: Place, *, clock: Callable[[], int]) -> client.Client:
    """Return a connected client to sign the reader in with; a session that no longer counts is begun anew."""
    try:
        reader, account = await _open(place, clock=clock)
    except errors.SignedOutError:
        account = None
        _discard(place)
    else:
        if account is None or not account.bot:
            return reader
        await reader.disconnect()
        _discard(place)
    reader, _ = await _open(place, clock=clock)
    return reader


async def open_bot(
    place: Place,
    token: str,
    *,
    clock: Callable[[], int],
    say: Callable[[str], None],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> client.Client:
    """Return the connected client of the bot with this token, signed in; raises TelegramError.

    The session is kept, because signing in has a flood limit of its own; it is begun anew when the token is another
    one. A pause that Telegram asks for is said and waited.
    """
    try:
        bot, account = await _open(place, clock=clock)
    except errors.SignedOutError:
        _discard(place)
        bot, account = await _open(place, clock=clock)
    if account is not None and not _signed_in_with(place, token, account):
        await bot.disconnect()
        _discard(place)
        bot, account = await _open(place, clock=clock)
    if account is None:
        try:
            await _sign_in(bot, token, say=say, pause=pause)
        except BaseException:
            await bot.disconnect()
            raise
        _mark(place).write_text(_digest(token))
        _mark(place).chmod(0o600)
    return bot


def _signed_in_with(place: Place, token: str, account: Account) -> bool:
    mark = _mark(place)
    if mark.exists():
        return mark.read_text() == _digest(token)
    return token.partition(":")[0] == str(account.id)


def _mark(place: Place) -> Path:
    # Telegram's bots have the number before the colon for their id; other servers need not do so, and the rest of the
    # token may change as well.
    return place.session.with_name(f"{place.session.name}.token-sha256")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _open(place: Place, *, clock: Callable[[], int]) -> tuple[client.Client, Account | None]:
    opened = client.open_client(
        session=place.session, api_id=place.api_id, api_hash=place.api_hash, server=place.server
    )
    try:
        await client.connect(opened, clock=clock)
        return opened, await who(opened)
    except BaseException:
        await opened.disconnect()
        raise


async def _sign_in(
    bot: client.Client,
    token: str,
    *,
    say: Callable[[str], None],
    pause: Callable[[float], Awaitable[None]],
) -> None:
    while True:
        try:
            async with asyncio.timeout(client.OPENING_SECONDS):
                await bot.sign_in(bot_token=token)
        except TimeoutError:
            raise errors.UnreachableError("The server gives the bot no answer. Try again later.") from None
        except refusals.RPCError as error:
            seconds = errors.wait(error)
            if seconds is None:
                raise _token_refused(error) from None
            say(f"Telegram asks to wait {errors.spell(seconds)} before the bot may sign in. Waiting.")
            await pause(seconds)
        else:
            bot.session.save()
            return


def _token_refused(error: refusals.RPCError) -> errors.TelegramError:
    known = errors.sentence(error)
    if isinstance(error, refusals.BadRequestError | refusals.UnauthorizedError) and not isinstance(
        known, errors.WrongCredentialsError | errors.AccountError
    ):
        return errors.WrongCredentialsError(
            f"The server refuses this TELEGRAM_BOT_TOKEN ({errors.name_of(error)}). "
            "Ask @BotFather for it with /token and copy all of it."
        )
    return known


def _discard(place: Place) -> None:
    for path in (place.session, place.session.with_name(f"{place.session.name}-journal"), _mark(place)):
        path.unlink(missing_ok=True)
