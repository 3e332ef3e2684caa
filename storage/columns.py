"""Writes the small records that live in JSON columns, and reads them back."""

import json
from collections.abc import Sequence

from storage.models import Button, ChannelId, Entity, MessageId, Origin, TextPart
from storage.topic_models import OwnRule

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def parts(written: Sequence[TextPart]) -> str:
    """Write the parts of a text."""
    return _dump([[part.kind, part.start, part.end] for part in written]) if written else "[]"


def read_parts(column: str) -> tuple[TextPart, ...]:
    """Read what `parts` wrote."""
    return tuple(TextPart(kind=kind, start=start, end=end) for kind, start, end in json.loads(column))


def entities(written: Sequence[Entity]) -> str:
    """Write the entities of a text."""
    return _dump([[e.kind, e.start, e.length, e.url] for e in written]) if written else "[]"


def read_entities(column: str) -> tuple[Entity, ...]:
    """Read what `entities` wrote."""
    found = json.loads(column) if column != "[]" else ()
    return tuple(Entity(kind=kind, start=start, length=length, url=url) for kind, start, length, url in found)


def origin(written: Origin | None) -> str | None:
    """Write where a forward came from."""
    if written is None:
        return None
    named = [] if written.username is None else [written.username]
    return _dump([written.channel_id, written.message_id, written.title, written.date, *named])


def read_origin(column: str | None) -> Origin | None:
    """Read what `origin` wrote."""
    if column is None:
        return None
    channel_id, message_id, title, date, *named = json.loads(column)
    return Origin(
        channel_id=None if channel_id is None else ChannelId(channel_id),
        message_id=None if message_id is None else MessageId(message_id),
        title=title,
        date=date,
        username=named[0] if named else None,
    )


def buttons(written: Sequence[Sequence[Button]]) -> str:
    """Write rows of buttons."""
    return _dump([[[button.label, button.data, button.url] for button in line] for line in written])


def read_buttons(column: str) -> tuple[tuple[Button, ...], ...]:
    """Read what `buttons` wrote."""
    return tuple(
        tuple(Button(label=label, data=data, url=url) for label, data, url in line) for line in json.loads(column)
    )


def topics(written: Sequence[str]) -> str:
    """Write names of topics."""
    return _dump(list(written))


def read_topics(column: str) -> tuple[str, ...]:
    """Read what `topics` wrote."""
    return tuple(json.loads(column))


def rules(written: Sequence[OwnRule]) -> str:
    """Write the rules of a topic."""
    return _dump([[rule.number, rule.text] for rule in written])


def read_rules(column: str) -> tuple[OwnRule, ...]:
    """Read what `rules` wrote."""
    return tuple(OwnRule(number=number, text=text) for number, text in json.loads(column))


def channel_ids(written: Sequence[ChannelId]) -> str:
    """Write ids of channels."""
    return _dump(list(written))


def read_channel_ids(column: str) -> tuple[ChannelId, ...]:
    """Read what `channel_ids` wrote."""
    return tuple(map(ChannelId, json.loads(column)))


def languages(written: Sequence[str]) -> str:
    """Write codes of languages."""
    return _dump(list(written))


def read_languages(column: str) -> tuple[str, ...]:
    """Read what `languages` wrote."""
    return tuple(json.loads(column))
