"""Who calls, and how what he names is found: every check of access hashes and rights stands here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telethon.tl import TLObject, types

from bot.sandbox import channels
from bot.sandbox.schema import View
from bot.sandbox.state import Account, Channel, Group, Key, RefusedError, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One call's sender, and where the server stands."""

    state: State
    key: Key
    key_id: int
    host: str
    port: int

    @property
    def account(self) -> Account:
        """Who is signed in; refuses the call when nobody is."""
        if self.key.account_id is None:
            raise RefusedError(401, "AUTH_KEY_UNREGISTERED")
        return self.state.accounts[self.key.account_id]

    def user(self) -> Account:
        """Return who is signed in; refuses bots."""
        if self.account.is_bot:
            raise RefusedError(400, "BOT_METHOD_INVALID")
        return self.account

    def bot(self) -> Account:
        """Return who is signed in; refuses users."""
        if not self.account.is_bot:
            raise RefusedError(400, "USER_BOT_REQUIRED")
        return self.account

    def view(self) -> View:
        """Return a fresh view of the world through the caller's eyes."""
        return View(state=self.state, account=self.account)

    def channel(self, named: Any) -> Channel:
        """Find the channel that InputChannel or InputPeerChannel names, if the caller may read it."""
        if not isinstance(named, types.InputChannel | types.InputPeerChannel):
            raise RefusedError(400, "CHANNEL_INVALID")
        found = self.state.channels.get(named.channel_id)
        # Bots need no access hash where they belong to the group.
        trusted = found is not None and self.account.is_bot and self.account.id in found.members
        if found is None or not (trusted or self._knows(named.access_hash, named.channel_id)):
            raise RefusedError(400, "CHANNEL_INVALID")
        if not channels.readable(found, self.account.id):
            raise RefusedError(400, "CHANNEL_PRIVATE")
        return found

    def group(self, named: Any) -> Group | None:
        """Find the small group that an InputPeerChat names; None: it names something else."""
        if not isinstance(named, types.InputPeerChat):
            return None
        found = self.state.groups.get(named.chat_id)
        if found is None:
            raise RefusedError(400, "CHAT_ID_INVALID")
        return found

    def peer(self, named: Any) -> Account:
        """Find the user that an InputUser or InputPeerUser names."""
        if isinstance(named, types.InputUserSelf | types.InputPeerSelf):
            return self.account
        if not isinstance(named, types.InputUser | types.InputPeerUser):
            raise RefusedError(400, "PEER_ID_INVALID")
        found = self.state.accounts.get(named.user_id)
        # Bots need no access hash for those who wrote to them.
        trusted = self.account.is_bot and named.access_hash == 0 and named.user_id in self.account.met
        if found is None or not (trusted or self._knows(named.access_hash, named.user_id)):
            raise RefusedError(400, "PEER_ID_INVALID")
        return found

    def _knows(self, shown: int, peer_id: int) -> bool:
        return self.state.behaviour.sparse or shown == self.state.access_hash(self.account.id, peer_id)


@dataclass(slots=True, kw_only=True)
class Later:
    """An answer that must wait for somebody else. `seconds`: how long at most, `otherwise`: what is answered then."""

    seconds: float
    otherwise: RefusedError
    _then: list[Callable[[Any], object]] = field(default_factory=list)
    _answer: list[Any] = field(default_factory=list)

    def resolve(self, answer: Any) -> None:
        """Give the answer; a second one is of no effect."""
        if not self._answer:
            self._answer.append(answer)
            for then in self._then:
                then(answer)

    def when_done(self, then: Callable[[Any], object]) -> None:
        """Have `then` called with the answer, at once if it is there."""
        self._then.append(then)
        if self._answer:
            then(self._answer[0])


Answer = TLObject | list[Any] | bool | Later
Handler = Callable[[Caller, Any], Any]
"""Takes the caller and the request; returns an `Answer`, or raises RefusedError."""
