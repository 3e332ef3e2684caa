"""Real TL objects as they come over the wire, for tests of what is made of them."""

from datetime import UTC, datetime
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import types

CHANNEL = 1_500_000_001
DATE = 1_795_000_000


def received(sent: Any) -> Any:
    """The object as a client reads it."""
    with BinaryReader(bytes(sent)) as reader:
        return reader.tgread_object()


def message(number: int = 7, text: str = "", **fields: Any) -> Any:
    """A post of a channel; fields that are not named are left out."""
    peer = types.PeerChannel(channel_id=CHANNEL)
    return received(types.Message(id=number, peer_id=peer, date=at(DATE), message=text, **fields))


def channel(number: int = CHANNEL, **fields: Any) -> Any:
    """A channel; a public broadcast channel unless `fields` says otherwise."""
    given: dict[str, Any] = {"broadcast": True, "username": "garrison_news", "access_hash": 77, **fields}
    made = types.Channel(id=number, title="Вести гарнизона", photo=types.ChatPhotoEmpty(), date=at(DATE), **given)
    return received(made)


def plain(text: str) -> Any:
    return types.TextPlain(text=text)


def formatted(text: str) -> Any:
    return types.TextWithEntities(text=text, entities=[])


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
