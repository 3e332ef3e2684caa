"""The frozen records of topics as they are changed in the chat."""

from dataclasses import dataclass

from storage.models import ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule:
    """A rule written in the chat. Its `number` stays when others go, so that it always names the same rule."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as changed in the chat: one of the owner's own, or what he added to one that files describe.

    `active` False: it flags nothing. `channels` and `languages`: where alone it holds; empty: everywhere.
    """

    name: str
    active: bool = True
    rules: tuple[OwnRule, ...] = ()
    channels: tuple[ChannelId, ...] = ()
    languages: tuple[str, ...] = ()
