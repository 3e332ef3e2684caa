"""What happens in the demo: invented channels, their week before, and some twenty seconds of live posts."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Action = Literal["post", "forward", "edit", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedChannel:
    """A channel of the demo. `flags`: what Telegram says of it, of "verified" and "fake"."""

    name: str
    title: str
    username: str
    subscribers: int
    flags: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One thing that happens in a channel.

    `at`: seconds after the live part starts; negative for the week before. `of`: the name of the scene that is
    forwarded, copied, edited or deleted. `english`: what a translation says. `topics`: what a careful reader would
    flag; a test holds the lexicons to it.
    """

    action: Action
    at: float
    channel: str
    text: str
    topics: frozenset[str]
    views: int
    name: str | None
    of: str | None
    english: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole demo: `history` and `live` in the order in which they happen."""

    channels: tuple[ScriptedChannel, ...]
    history: tuple[Scene, ...]
    live: tuple[Scene, ...]


def load() -> Script:
    """Read the script that comes with the package."""
    raw = tomllib.loads(resources.files("bot.sandbox").joinpath("demo.toml").read_text(encoding="utf-8"))
    return Script(
        channels=tuple(_channel(channel) for channel in raw["channels"]),
        history=tuple(sorted((_scene(scene) for scene in raw["history"]), key=lambda scene: scene.at)),
        live=tuple(sorted((_scene(scene) for scene in raw["live"]), key=lambda scene: scene.at)),
    )


def _channel(raw: dict[str, Any]) -> ScriptedChannel:
    return ScriptedChannel(
        name=raw["name"],
        title=raw["title"],
        username=raw["username"],
        subscribers=raw["subscribers"],
        flags=frozenset(flag for flag in ("verified", "fake") if raw.get(flag)),
    )


def _scene(raw: dict[str, Any]) -> Scene:
    return Scene(
        action=raw.get("action", "post"),
        at=raw["at"] if "at" in raw else -3600 * raw["hours_ago"],
        channel=raw["channel"],
        text=raw.get("text", ""),
        topics=frozenset(raw.get("topics", ())),
        views=raw.get("views", 1),
        name=raw.get("name"),
        of=raw.get("of"),
        english=raw.get("english"),
    )
