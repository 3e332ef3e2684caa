"""Signs the reader in: phone number, code, password, each asked for again when it is wrong."""

import asyncio
from collections.abc import Callable

from telethon import errors as refusals
from telethon import utils

from bot.telegram import accounts, client, errors

TRIES = 3
"""More would only bring a long pause upon the account."""

_ENDED = "The input ended before the sign-in was complete. Run `homefront login` again."

_WHERE_CODE_IS = {
    "SentCodeTypeApp": "Telegram has sent a code to your Telegram app.",
    "SentCodeTypeSms": "Telegram has sent a code by SMS.",
    "SentCodeTypeCall": "Telegram calls you and says a code.",
    "SentCodeTypeEmailCode": "Telegram has sent a code by e-mail.",
}


async def login(
    connected: client.Client,
    ask: Callable[[str], str],
    say: Callable[[str], None],
    *,
    ask_secretly: Callable[[str], str] | None = None,
) -> accounts.Account:
    """Sign in on a connected client and return who it is; raises TelegramError when it cannot be done.

    `ask` shows a question and returns the line typed, raising EOFError at the end of the input; `ask_secretly` does
    so without showing what is typed. `say` shows a sentence. What is typed is kept nowhere.
    """
    account = await accounts.who(connected)
    if account is not None:
        say(f"Already signed in as {_named(account)}.")
        return account
    questions = _Questions(ask, ask_secretly or ask, say)
    try:
        phone = await _send_code(connected, questions)
        await _enter_code(connected, phone, questions)
    except refusals.RPCError as error:
        raise errors.sentence(error) from None
    except OSError:
        raise errors.UnreachableError("The connection to the server broke. Run `homefront login` again.") from None
    connected.session.save()
    account = await accounts.who(connected)
    if account is None:
        raise errors.SignedOutError("The server let us in and has forgotten us since. Run `homefront login` again.")
    say(f"Signed in as {_named(account)}.")
    return account


class _Questions:
    """Asks in a thread of its own, so that the connection lives on while somebody thinks."""

    def __init__(
        self, ask: Callable[[str], str], ask_secretly: Callable[[str], str], say: Callable[[str], None]
    ) -> None:
        self._ask = ask
        self._ask_secretly = ask_secretly
        self.say = say

    async def line(self, question: str) -> str:
        return await self._put(self._ask, question)

    async def secret(self, question: str) -> str:
        return await self._put(self._ask_secretly, question)

    async def _put(self, ask: Callable[[str], str], question: str) -> str:
        try:
            return (await asyncio.to_thread(ask, question)).strip()
        except EOFError:
            raise errors.TelegramError(_ENDED) from None


async def _send_code(connected: client.Client, questions: _Questions) -> str:
    for _ in range(TRIES):
        phone = utils.parse_phone(await questions.line("Phone number with its country code: "))
        if phone is None:
            questions.say("This is not a phone number. Type it with its country code, such as +380 44 123 45 67.")
            continue
        try:
            sent = await connected.send_code_request(phone)
        except refusals.PhoneNumberInvalidError:
            questions.say("Telegram does not know this phone number. Type it with its country code.")
            continue
        kind = type(sent.type).__name__
        questions.say(_WHERE_CODE_IS.get(kind, "Telegram has sent a code."))
        return str(phone)
    raise errors.TelegramError("No phone number that Telegram knows was typed. Run `homefront login` again.")


async def _enter_code(connected: client.Client, phone: str, questions: _Questions) -> None:
    for _ in range(TRIES):
        typed = await questions.line("Code: ")
        code = "".join(letter for letter in typed if letter.isalnum())
        if not code:
            questions.say("No code was typed.")
            continue
        try:
            await connected.sign_in(phone, code=code)
        except refusals.SessionPasswordNeededError:
            await _enter_password(connected, questions)
        except refusals.PhoneCodeInvalidError:
            questions.say("This code is wrong.")
            continue
        except refusals.PhoneCodeExpiredError:
            await connected.send_code_request(phone)
            questions.say("This code has expired. Telegram has sent a new one.")
            continue
        return
    raise errors.TelegramError("No right code was typed. Wait a few minutes and run `homefront login` again.")


async def _enter_password(connected: client.Client, questions: _Questions) -> None:
    questions.say("This account has two-step verification: its password is needed too.")
    for _ in range(TRIES):
        password = await questions.secret("Password: ")
        if not password:
            questions.say("No password was typed.")
            continue
        try:
            await connected.sign_in(password=password)
        except refusals.PasswordHashInvalidError:
            questions.say("This password is wrong.")
        else:
            return
    raise errors.TelegramError("No right password was typed. Wait a few minutes and run `homefront login` again.")


def _named(account: accounts.Account) -> str:
    return f"{account.name} (@{account.username})" if account.username else account.name
