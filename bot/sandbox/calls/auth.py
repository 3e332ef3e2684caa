"""auth.* and account.*: signing in and out."""

import secrets
from typing import Any

from telethon.tl import types

from bot.sandbox import srp
from bot.sandbox.calls.caller import Answer, Caller, Handler
from bot.sandbox.schema import View
from bot.sandbox.state import Account, RefusedError


def send_code(caller: Caller, request: Any) -> Answer:
    """Pretend to send a log-in code; the account's code is fixed."""
    phone = _digits(request.phone_number)
    _owner(caller, phone)
    code_hash = secrets.token_hex(8)
    caller.state.code_hashes[phone] = code_hash
    return types.auth.SentCode(type=types.auth.SentCodeTypeApp(length=5), phone_code_hash=code_hash)


def sign_in(caller: Caller, request: Any) -> Answer:
    """Sign in with phone and code; with a password set, that is not enough yet."""
    phone = _digits(request.phone_number)
    account = _owner(caller, phone)
    if caller.state.code_hashes.get(phone) != request.phone_code_hash:
        raise RefusedError(400, "PHONE_CODE_EXPIRED")
    if not request.phone_code:
        raise RefusedError(400, "PHONE_CODE_EMPTY")
    if request.phone_code != account.code:
        raise RefusedError(400, "PHONE_CODE_INVALID")
    if account.password is not None:
        caller.key.password_wanted = account.id
        raise RefusedError(401, "SESSION_PASSWORD_NEEDED")
    return _signed_in(caller, account)


def get_password(caller: Caller, _request: Any) -> Answer:
    """Ask for the password of the account that gave the right code, or is signed in."""
    account_id = caller.key.password_wanted or caller.key.account_id
    if account_id is None:
        raise RefusedError(401, "AUTH_KEY_UNREGISTERED")
    password = caller.state.accounts[account_id].password
    if password is None:
        algorithm = types.PasswordKdfAlgoUnknown()
        secure = types.SecurePasswordKdfAlgoUnknown()
        return types.account.Password(new_algo=algorithm, new_secure_algo=secure, secure_random=b"")
    asked = srp.challenge(password, number=caller.state.number())
    caller.state.passwords_asked[account_id] = asked
    return asked.asked()


def check_password(caller: Caller, request: Any) -> Answer:
    """Sign in with the password, after the code."""
    account_id = caller.key.password_wanted
    if account_id is None:
        raise RefusedError(401, "AUTH_KEY_UNREGISTERED")
    asked = caller.state.passwords_asked.get(account_id)
    if asked is None or not isinstance(request.password, types.InputCheckPasswordSRP):
        raise RefusedError(400, "SRP_ID_INVALID")
    if not asked.passed(request.password):
        raise RefusedError(400, "PASSWORD_HASH_INVALID")
    return _signed_in(caller, caller.state.accounts[account_id])


def import_bot(caller: Caller, request: Any) -> Answer:
    """Sign a bot in with its token."""
    token = request.bot_auth_token
    found = next((a for a in caller.state.accounts.values() if a.is_bot and a.token == token), None)
    if found is None:
        raise RefusedError(400, "ACCESS_TOKEN_INVALID")
    return _signed_in(caller, found)


def log_out(caller: Caller, _request: Any) -> Answer:
    """Sign out."""
    caller.key.account_id = None
    return types.auth.LoggedOut()


def update_status(_caller: Caller, _request: Any) -> Answer:
    """Take note of being online; nobody is told."""
    return True


def _signed_in(caller: Caller, account: Account) -> Answer:
    caller.key.account_id = account.id
    caller.key.password_wanted = None
    view = View(state=caller.state, account=account)
    return types.auth.Authorization(user=view.user(account))


def _owner(caller: Caller, phone: str) -> Account:
    found = next((a for a in caller.state.accounts.values() if a.phone == phone), None)
    if found is None:
        raise RefusedError(400, "PHONE_NUMBER_INVALID")
    if found.deleted:
        raise RefusedError(400, "PHONE_NUMBER_BANNED")
    return found


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())


CALLS: dict[str, Handler] = {
    "auth.sendCode": send_code,
    "auth.resendCode": send_code,
    "auth.signIn": sign_in,
    "auth.checkPassword": check_password,
    "auth.importBotAuthorization": import_bot,
    "auth.logOut": log_out,
    "account.getPassword": get_password,
    "account.updateStatus": update_status,
}
