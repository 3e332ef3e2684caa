"""Finds out what a request asks for and has it answered."""

import math
import time
from dataclasses import dataclass
from typing import Any

from telethon.tl import TLObject, functions, types

from bot.sandbox import channels
from bot.sandbox.calls import auth, dialogs, differences, reading, service, translating, uploads, writing
from bot.sandbox.calls.caller import Answer, Caller, Handler
from bot.sandbox.state import RefusedError, State

CALLS: dict[str, Handler] = {
    **auth.CALLS,
    **differences.CALLS,
    **dialogs.CALLS,
    **reading.CALLS,
    **service.CALLS,
    **translating.CALLS,
    **uploads.CALLS,
    **writing.CALLS,
}
_WRAPPERS = (
    functions.InvokeWithLayerRequest,
    functions.InitConnectionRequest,
    functions.InvokeAfterMsgRequest,
    functions.InvokeAfterMsgsRequest,
)


_OPEN = {"account.getPassword", "help.getAppConfig", "help.getConfig", "help.getNearestDc"}
"""What can be asked, besides auth.*, without being signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request without what it was wrapped in. `quiet`: it does not ask for updates on this connection."""

    method: str
    request: Any
    quiet: bool


def unwrap(request: TLObject) -> Call:
    """Find the request proper."""
    quiet = False
    while isinstance(request, (*_WRAPPERS, functions.InvokeWithoutUpdatesRequest)):
        quiet = quiet or isinstance(request, functions.InvokeWithoutUpdatesRequest)
        request = request.query
    return Call(method=method_of(type(request)), request=request, quiet=quiet)


def method_of(request: type) -> str:
    """Name a request class as Telegram does: GetHistoryRequest of "messages" is messages.getHistory."""
    namespace = request.__module__.rpartition(".functions")[2].strip(".")
    name = request.__name__.removesuffix("Request")
    name = name[0].lower() + name[1:]
    return f"{namespace}.{name}" if namespace else name


def channel_of(state: State, request: Any) -> int | None:
    """Say which channel a request names, if it names one."""
    named = getattr(request, "channel", None) or getattr(request, "peer", None)
    number: int | None = getattr(named, "channel_id", None)
    username = getattr(request, "username", None)
    if number is None and isinstance(username, str):
        found = channels.by_username(state, username)
        return found.id if found else None
    return number


def perform(caller: Caller, call: Call) -> Answer:
    """Do what a call asks for.

    Raises:
        RefusedError: It cannot be done, or this server does not do it.
    """
    behaviour = caller.state.behaviour
    if call.method in behaviour.broken_calls:
        raise RefusedError(500, "INTERNAL_SERVER_ERROR")
    handler = CALLS.get(call.method)
    if handler is None or call.method in behaviour.missing_calls:
        raise RefusedError(400, "METHOD_NOT_IMPLEMENTED")
    if caller.key.account_id is None and call.method not in _OPEN and not call.method.startswith("auth."):
        raise RefusedError(401, "AUTH_KEY_UNREGISTERED")
    _limit(caller, call.method)
    return handler(caller, call.request)


def _limit(caller: Caller, method: str) -> None:
    """Refuse a call that comes sooner after the last one than this server bears."""
    interval = caller.state.behaviour.intervals.get(method)
    if interval is None:
        return
    who, now = (caller.key.account_id, method), time.monotonic()
    left = caller.state.called_at.get(who, -math.inf) + interval - now
    if left > 0:
        raise RefusedError(420, f"FLOOD_WAIT_{math.ceil(left)}")
    caller.state.called_at[who] = now


def encode(answer: Any) -> bytes:
    """Write an answer as it travels."""
    if isinstance(answer, bool):
        return (0x997275B5 if answer else 0xBC799737).to_bytes(4, "little")
    if isinstance(answer, list):
        return (0x1CB5C415).to_bytes(4, "little") + len(answer).to_bytes(4, "little") + b"".join(map(encode, answer))
    return bytes(answer)


def refusal(refused: RefusedError) -> TLObject:
    """Write a refusal as Telegram's error."""
    return types.RpcError(error_code=refused.code, error_message=refused.message)
