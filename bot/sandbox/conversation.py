"""One connection's encrypted part: messages in, calls performed, answers and pushes out."""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telethon.errors import TypeNotFoundError
from telethon.extensions import BinaryReader
from telethon.tl import TLObject, core, functions, types

from bot.sandbox import clock, dispatch, envelope, faults
from bot.sandbox.calls.caller import Caller, Later
from bot.sandbox.state import Key, RefusedError, State

RPC_RESULT = 0xF35C6D01
GZIP_ABOVE = 512
SALT_HOURS = 24
BAD_SALT = 48


@dataclass(slots=True, kw_only=True, eq=False)
class Conversation:
    """An encrypted conversation with one client.

    Attributes:
        caller: whose key it is, and the world.
        orders: what is to go wrong.
        write: takes a packet to send.
        cut: ends the connection at once.
        failed: takes an error of the sandbox itself.
        listening: whether the client wants updates here.
    """

    caller: Caller
    orders: faults.Faults
    write: Callable[[bytes], None]
    cut: Callable[[], None]
    failed: Callable[[Exception], None]
    listening: bool = False
    _session_id: int | None = None
    _greeted: bool = False
    _ids: envelope.MessageIds = field(default_factory=lambda: envelope.MessageIds(clock=clock.real))
    _sequence: int = 0
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    @property
    def state(self) -> State:
        """The world."""
        return self.caller.state

    @property
    def key(self) -> Key:
        """The key that both sides hold, and who signed in with it."""
        return self.caller.key

    def receive(self, packet: bytes) -> None:
        """Take a packet of the client.

        Raises:
            EnvelopeError: It was not encrypted with this conversation's key.
        """
        content = envelope.open_packet(packet, self.key.data)
        if content.session_id != self._session_id:
            self._session_id = content.session_id
            self._greeted = False
        if content.salt != self.key.salt:
            self._notify(
                types.BadServerSalt(
                    bad_msg_id=content.message_id,
                    bad_msg_seqno=content.sequence,
                    error_code=BAD_SALT,
                    new_server_salt=self.key.salt,
                )
            )
            return
        if not self._greeted:
            self._greeted = True
            self._notify(
                types.NewSessionCreated(
                    first_msg_id=content.message_id, unique_id=content.session_id, server_salt=self.key.salt
                )
            )
        self._open(content.message_id, content.body)

    def push(self, update: TLObject) -> None:
        """Send an update."""
        self._send(bytes(update), reply=False)

    def close(self) -> None:
        """Forget what was still to be sent."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def later(self, seconds: float, what: Callable[..., None], *args: Any) -> None:
        """Do something after so many seconds, unless the connection ends before."""

        def strike() -> None:
            self._timers.discard(timer)
            what(*args)

        timer = asyncio.get_running_loop().call_later(seconds, strike)
        self._timers.add(timer)

    def _open(self, message_id: int, body: bytes) -> None:
        try:
            message = BinaryReader(body).tgread_object()
        except TypeNotFoundError:
            self._refuse(message_id, RefusedError(400, "INPUT_METHOD_INVALID"))
            return
        self._take(message_id, message)

    def _take(self, message_id: int, message: TLObject) -> None:
        if isinstance(message, core.MessageContainer):
            for inner in message.messages:
                self._take(inner.msg_id, inner.obj)
        elif isinstance(message, core.GzipPacked):
            self._open(message_id, message.data)
        elif not self._serve(message_id, message):
            self._call(message_id, message)

    def _serve(self, message_id: int, message: TLObject) -> bool:
        """Answer what concerns the protocol alone; says whether it was that."""
        if isinstance(message, functions.PingRequest | functions.PingDelayDisconnectRequest):
            self._send(bytes(types.Pong(msg_id=message_id, ping_id=message.ping_id)), reply=True)
        elif isinstance(message, functions.GetFutureSaltsRequest):
            now = int(clock.real())
            salt = types.FutureSalt(valid_since=now, valid_until=now + SALT_HOURS * 3600, salt=self.key.salt)
            self._send(bytes(types.FutureSalts(req_msg_id=message_id, now=now, salts=[salt])), reply=True)
        elif isinstance(message, functions.DestroySessionRequest):
            gone = types.DestroySessionNone(session_id=message.session_id)
            self._send(bytes(gone), reply=True)
        else:
            return isinstance(message, types.MsgsAck | types.MsgsStateInfo | types.MsgsAllInfo)
        return True

    def _call(self, message_id: int, message: TLObject) -> None:
        call = dispatch.unwrap(message)
        if isinstance(call.request, functions.PingRequest | functions.PingDelayDisconnectRequest):
            self._serve(message_id, call.request)
            return
        self.listening = self.listening or not call.quiet
        self.state.calls[call.method] += 1
        fault = self.orders.strike(
            call.method, account=self.key.account_id, channel=dispatch.channel_of(self.state, call.request)
        )
        if isinstance(fault, faults.Drop) and not fault.executed:
            self.cut()
            return
        answer = self._perform(call, fault)
        if isinstance(fault, faults.Drop):
            self.cut()
        elif isinstance(answer, Later):
            self._acknowledge(message_id)
            answer.when_done(lambda done: self._reply(message_id, done, fault))
            self.later(answer.seconds, answer.resolve, answer.otherwise)
        else:
            self._reply(message_id, answer, fault)

    def _perform(self, call: dispatch.Call, fault: faults.Fault | None) -> Any:
        if isinstance(fault, faults.Flood):
            return RefusedError(420, f"FLOOD_WAIT_{fault.seconds}")
        if isinstance(fault, faults.RpcError):
            return RefusedError(fault.code, fault.message)
        return self._safely(lambda: dispatch.perform(self.caller, call))

    def _safely(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except RefusedError as refused:
            return refused
        except Exception as error:  # noqa: BLE001 - raised when the server ends; unanswered, the client would ask for ever
            self.failed(error)
            return RefusedError(400, "SANDBOX_FAILED")

    def _reply(self, message_id: int, answer: Any, fault: faults.Fault | None) -> None:
        if isinstance(fault, faults.LoseReply):
            self._acknowledge(message_id)
        elif isinstance(fault, faults.Delay):
            self._acknowledge(message_id)
            self.later(fault.seconds, self._answer, message_id, answer)
        else:
            self._answer(message_id, answer)

    def _answer(self, message_id: int, answer: Any) -> None:
        body = answer if isinstance(answer, RefusedError) else self._safely(lambda: dispatch.encode(answer))
        if isinstance(body, RefusedError):
            self._refuse(message_id, body)
            return
        packed = bytes(core.GzipPacked(body)) if len(body) > GZIP_ABOVE else body
        self._send(struct.pack("<Iq", RPC_RESULT, message_id) + min(body, packed, key=len), reply=True)

    def _refuse(self, message_id: int, refused: RefusedError) -> None:
        self._send(struct.pack("<Iq", RPC_RESULT, message_id) + bytes(dispatch.refusal(refused)), reply=True)

    def _acknowledge(self, message_id: int) -> None:
        self._notify(types.MsgsAck(msg_ids=[message_id]))

    def _notify(self, message: TLObject) -> None:
        self._send(bytes(message), reply=False)

    def _send(self, body: bytes, *, reply: bool) -> None:
        if self._session_id is None:
            return
        self._sequence += 1
        content = envelope.Content(
            salt=self.key.salt,
            session_id=self._session_id,
            message_id=self._ids.next(reply=reply),
            sequence=self._sequence * 2 - 1,
            body=body,
        )
        self.write(envelope.seal(content, self.key.data))
