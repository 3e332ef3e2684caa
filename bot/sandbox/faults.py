"""Faults to order: which call or push goes wrong, how, how often, for whom."""

import math
import random
from dataclasses import dataclass, field

PUSH = "push"
"""Stands for a call where pushed updates are meant."""
ANY = "*"
"""Stands for any call."""


@dataclass(frozen=True, slots=True)
class Flood:
    """The call is refused: FLOOD_WAIT of so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class RpcError:
    """The call is refused with this code and message."""

    code: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """The connection is cut, before or after the call was `executed`; nothing is answered."""

    executed: bool = False


@dataclass(frozen=True, slots=True)
class Delay:
    """The call is executed at once, but its answer comes so many seconds late. A push: comes late."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LoseReply:
    """The call is executed, its answer never sent."""


@dataclass(frozen=True, slots=True)
class LosePush:
    """The push is never sent."""


@dataclass(frozen=True, slots=True)
class RepeatPush:
    """The push is sent so many times more."""

    times: int = 1


@dataclass(frozen=True, slots=True)
class HoldPush:
    """The push is sent only after so many later ones of the same account: out of order."""

    pushes: int = 1


Fault = Flood | RpcError | Drop | Delay | LoseReply | LosePush | RepeatPush | HoldPush


@dataclass(slots=True, kw_only=True)
class Order:
    """A fault that was ordered. `fired`: how often it struck so far."""

    call: str
    fault: Fault
    times: float
    every: int
    account: int | None
    channel: int | None
    draw: random.Random | None = None
    seen: int = 0
    fired: int = 0

    def strikes(self, call: str, account: int | None, channel: int | None) -> bool:
        """Say whether this call or push is struck, and count it."""
        if self.fired >= self.times or not self._means(call, account, channel):
            return False
        self.seen += 1
        if self.draw.randrange(self.every) if self.draw else self.seen % self.every:
            return False
        self.fired += 1
        return True

    def _means(self, call: str, account: int | None, channel: int | None) -> bool:
        named = self.call == call or (self.call == ANY and call != PUSH)
        return named and self.account in {None, account} and self.channel in {None, channel}


@dataclass(slots=True)
class Faults:
    """The faults ordered for one world."""

    orders: list[Order] = field(default_factory=list)

    def order(
        self,
        call: str,
        fault: Fault,
        *,
        times: float = 1,
        every: int = 1,
        account: int | None = None,
        channel: int | None = None,
        draw: random.Random | None = None,
    ) -> Order:
        """Order a fault.

        Args:
            call: the method in Telegram's notation ("messages.getHistory"), `ANY`, or `PUSH`.
            fault: what goes wrong.
            times: how often at most; `ALWAYS` for ever.
            every: it strikes each so many-th matching call only.
            account: only calls of, or pushes to, the account with this id.
            channel: only calls that name, or pushes about, the channel with this id.
            draw: draws which are struck: each with a chance of one in `every`. None: it is each so many-th.

        Returns:
            The order: `fired` counts, and `cancel` takes it back.
        """
        order = Order(call=call, fault=fault, times=times, every=every, account=account, channel=channel, draw=draw)
        self.orders.append(order)
        return order

    def cancel(self, order: Order) -> None:
        """Take an order back."""
        self.orders.remove(order)

    def clear(self) -> None:
        """Take all orders back."""
        self.orders.clear()

    def strike(self, call: str, *, account: int | None, channel: int | None) -> Fault | None:
        """Return what is to go wrong with a call or push; the order given first wins."""
        return next((order.fault for order in self.orders if order.strikes(call, account, channel)), None)


ALWAYS = math.inf
