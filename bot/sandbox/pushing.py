"""Passes what happens on to the connections of whom it concerns, with the faults that were ordered."""

import asyncio
import threading
from dataclasses import dataclass, field

from telethon.tl import TLObject

from bot.sandbox import faults, updates
from bot.sandbox.conversation import Conversation
from bot.sandbox.schema import View
from bot.sandbox.state import Push, State


@dataclass(slots=True, kw_only=True)
class _Held:
    """An update that waits until so many others of its account were sent."""

    push: Push
    update: TLObject
    pushes: int


@dataclass(slots=True, kw_only=True)
class Pusher:
    """Knows the conversations of one server. `thread`: where the server runs."""

    state: State
    orders: faults.Faults
    thread: int
    _conversations: set[Conversation] = field(default_factory=set)
    _held: list[_Held] = field(default_factory=list)
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    def enter(self, conversation: Conversation) -> None:
        """Take note of a client."""
        self._conversations.add(conversation)

    def leave(self, conversation: Conversation) -> None:
        """Forget a client."""
        self._conversations.discard(conversation)

    def close(self) -> None:
        """Forget what was still to be sent."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._held.clear()

    def push(self, push: Push) -> None:
        """Tell an account's connections what happened.

        Raises:
            RuntimeError: Called in another thread than the server's.
        """
        if threading.get_ident() != self.thread:
            raise RuntimeError("the world may only be changed in the thread of its server")
        fault = self.orders.strike(faults.PUSH, account=push.account_id, channel=push.channel_id)
        account = self.state.accounts[push.account_id]
        update = updates.pushed(View(state=self.state, account=account), push)
        if update is None or isinstance(fault, faults.LosePush | faults.Drop):
            return
        if isinstance(fault, faults.Delay):
            self._later(fault.seconds, push, update)
        elif isinstance(fault, faults.HoldPush):
            self._held.append(_Held(push=push, update=update, pushes=fault.pushes))
        else:
            times = 1 + (fault.times if isinstance(fault, faults.RepeatPush) else 0)
            for _ in range(times):
                self._send(push, update)
            self._release(push.account_id)

    def _send(self, push: Push, update: TLObject) -> None:
        for conversation in tuple(self._conversations):
            wanted = conversation.listening and conversation.key.account_id == push.account_id
            if wanted and conversation.caller.key_id != push.source:
                conversation.push(update)
                if push.press is not None:
                    push.press.told = True

    def _release(self, account_id: int) -> None:
        for held in [held for held in self._held if held.push.account_id == account_id]:
            held.pushes -= 1
            if held.pushes <= 0:
                self._held.remove(held)
                self._send(held.push, held.update)

    def _later(self, seconds: float, push: Push, update: TLObject) -> None:
        def send() -> None:
            self._timers.discard(timer)
            self._send(push, update)

        timer = asyncio.get_running_loop().call_later(seconds, send)
        self._timers.add(timer)
