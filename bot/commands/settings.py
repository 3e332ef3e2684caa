"""/settings: what each chat chooses for itself, by buttons under one message or typed."""

import re
import zoneinfo
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot import audience, unwanted
from bot.commands import languages, menu
from bot.commands import settings_screens as screens
from bot.commands.desk import Answer, Asked, lines, say
from bot.render import catalogue, text, zones
from bot.render.text import Span
from storage import backlog, chats, outbox
from storage.database import Connection
from storage.models import Button, Chat, Message, Mode

EXAMPLES = {
    "timezone": "/settings timezone Europe/Kyiv",
    "quiet": "/settings quiet 22:30-07:00",
    "digest": "/settings digest 08:30",
    "language": "/settings language uk",
}
"""What can be typed, by its first word."""
_GIVEN_SHOWN = 40
_CLOCK = re.compile(r"(?P<hours>[01]?\d|2[0-3])(?:[:.](?P<minutes>[0-5]\d))?")
_HOURS = re.compile(r"([\d:.]+) ?[-–—] ?([\d:.]+)")
_MINUTES = re.compile(r"\d{1,4}")
_OFF = "off"
_OFTEN = {screens.WEEKLY: True, screens.DAILY: False}

Change = Callable[[Connection], Awaitable[None]]
Read = Callable[[Asked, str], Change | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """How a value that a button carries is read (None: it cannot be), and the page that is shown once it is set."""

    read: Read
    then: Callable[[Asked], Message]


async def settings(asked: Asked) -> Answer:
    """Answer /settings: the page with all of them, or a change that was typed."""
    word, _, rest = " ".join(asked.args.split()).partition(" ")
    if not word:
        return Answer(messages=(screens.main(asked),))
    if asked.chat.is_group and not asked.is_owner:
        return say(asked, "settings.owner_only")
    if word.lower() not in _TYPED or not rest:
        examples = [(Span(example, "code"),) for example in EXAMPLES.values()]
        return lines([catalogue.spans(asked.texts, "settings.how"), *examples])
    return await _TYPED[word.lower()](asked, rest)


async def press(asked: Asked) -> Answer:
    """Answer a press on a button of /settings: another page, or a change."""
    if asked.chat.is_group and not asked.is_owner:
        return Answer(notice=catalogue.text(asked.texts, "settings.owner_only"))
    name, _, value = asked.args.partition(":")
    if name == "topics" and value and value in screens.known(asked) and screens.wanted(asked) == [value]:
        return Answer(notice=catalogue.text(asked.texts, "settings_topics.last"))
    if name in _SETTINGS and ":" in asked.args:
        change = _SETTINGS[name].read(asked, value)
        if change is not None:
            changed = await _save(asked, change)
            return Answer(
                notice=catalogue.text(changed.texts, "settings.changed"), replace=_SETTINGS[name].then(changed)
            )
    page = _page(asked, name, value)
    return Answer(notice=catalogue.text(asked.texts, "press.old")) if page is None else Answer(replace=page)


def _page(asked: Asked, name: str, value: str) -> Message | None:
    if name == "until" and (begin := _minutes(value)) is not None:
        return screens.quiet_to(asked, begin)
    if name == "region" and value in zones.REGIONS:
        return screens.region(asked, value)
    return _PAGES[name](asked) if name in _PAGES and not value else None


async def _save(asked: Asked, change: Change) -> Asked:
    """Store a change, let what waits for the chat follow it, and give what was asked with the chat as it now is."""
    async with asked.desk.database.transaction() as tx:
        await change(tx)
        chat = await chats.get(tx, asked.chat.id) or asked.chat
        await _rearrange(tx, asked.chat, chat, now=asked.now)
    asked.desk.wake()
    if chat.language != asked.chat.language:
        await asked.desk.menus.set_menu(chat.id, menu.entries(asked.desk.catalogues[chat.language]))
    return replace(asked, chat=chat)


async def _rearrange(tx: Connection, before: Chat, after: Chat, *, now: int) -> None:
    """Let alerts that wait follow what the chat has just set: later, now, or not at all."""
    if (before.topics, before.mode, _when(before)) == (after.topics, after.mode, _when(after)):
        return
    await unwanted.cancel(tx, after.id, now=now)
    waiting = [one.id for one in await backlog.unsent(tx, after.id) if one.kind in audience.BY_ITSELF]
    not_before, held = audience.held_until(after, now=now) or (now, None)
    await outbox.hold(tx, waiting, not_before=not_before, held=held)


def _when(chat: Chat) -> tuple[int | None, int | None, str]:
    return chat.quiet_from, chat.quiet_to, chat.timezone


# What buttons carry


def _read_topics(asked: Asked, value: str) -> Change | None:
    known, chosen = screens.known(asked), screens.wanted(asked)
    if value and value not in known:
        return None
    # A topic that is off at present keeps what was chosen for it.
    others = [topic for topic in asked.chat.topics if topic not in known]
    chosen = [topic for topic in known if (topic in chosen) != (topic == value)]
    every = not value or chosen == known
    return lambda tx: chats.set_topics(tx, asked.chat.id, () if every else (*others, *chosen))


def _read_sound(asked: Asked, value: str) -> Change | None:
    if value not in screens.known(asked):
        return None
    silent = set(asked.chat.silent_topics) ^ {value}
    return lambda tx: chats.set_silent_topics(tx, asked.chat.id, sorted(silent))


def _read_mode(asked: Asked, value: str) -> Change | None:
    modes: dict[str, Mode] = {mode: mode for mode in screens.MODES}
    return (lambda tx: chats.set_mode(tx, asked.chat.id, modes[value])) if value in modes else None


def _read_quiet(asked: Asked, value: str) -> Change | None:
    if value == _OFF:
        return lambda tx: chats.set_quiet(tx, asked.chat.id, None)
    begin, end = (_minutes(part) for part in (value.partition("-")[0], value.partition("-")[2]))
    if begin is None or end is None or begin == end:
        return None
    return lambda tx: chats.set_quiet(tx, asked.chat.id, (begin, end))


def _read_digest(asked: Asked, value: str) -> Change | None:
    minutes = _minutes(value)
    return None if minutes is None else lambda tx: chats.set_digest_at(tx, asked.chat.id, minutes)


def _read_weekly(asked: Asked, value: str) -> Change | None:
    weekly = _OFTEN.get(value)
    return None if weekly is None else lambda tx: chats.set_weekly(tx, asked.chat.id, weekly=weekly)


def _read_zone(asked: Asked, value: str) -> Change | None:
    if value not in zoneinfo.available_timezones():
        return None
    return lambda tx: chats.set_timezone(tx, asked.chat.id, value, own=True)


def _read_language(asked: Asked, value: str) -> Change | None:
    if value not in asked.desk.catalogues:
        return None
    return lambda tx: chats.set_language(tx, asked.chat.id, value)


def _minutes(written: str) -> int | None:
    found = int(written) if _MINUTES.fullmatch(written) else screens.DAY_MINUTES
    return found if found < screens.DAY_MINUTES else None


# What is typed


async def _type_zone(asked: Asked, given: str) -> Answer:
    known = zoneinfo.available_timezones()
    found = zones.find(given, known, tuple(asked.desk.catalogues.values()), at=asked.now)
    if isinstance(found, str):
        return await _done(asked, lambda tx: chats.set_timezone(tx, asked.chat.id, found, own=True))
    if found and zones.is_hours(given):
        said = [catalogue.spans(asked.texts, "settings_zone.hours")]
    else:
        said = [
            catalogue.spans(asked.texts, "settings_zone.wrong", given=_shown(given)),
            catalogue.spans(asked.texts, "settings_zone.how"),
            (Span(EXAMPLES["timezone"], "code"),),
            *([catalogue.spans(asked.texts, "settings_zone.near")] if found else []),
        ]
    label = catalogue.text(asked.texts, "settings_zone.button_regions")
    return lines(said, buttons=[*screens.zone_buttons(asked, found), Button(label=label, data="set:zone")])


async def _type_quiet(asked: Asked, given: str) -> Answer:
    hours = _HOURS.fullmatch(given)
    begin, end = (_clock(hours[1]), _clock(hours[2])) if hours else (None, None)
    value = _OFF if given.lower() == _OFF else f"{begin}-{end}"
    change = _read_quiet(asked, value)
    return _wrong(asked, "settings_quiet.wrong", "quiet", given) if change is None else await _done(asked, change)


async def _type_digest(asked: Asked, given: str) -> Answer:
    change = _read_weekly(asked, given.lower()) or _read_digest(asked, f"{_clock(given)}")
    return _wrong(asked, "settings_digest.wrong", "digest", given) if change is None else await _done(asked, change)


async def _type_language(asked: Asked, given: str) -> Answer:
    code = languages.called(given)
    change = None if code is None else _read_language(asked, code)
    if change is None:
        wrong = catalogue.spans(asked.texts, "settings_language.wrong", given=_shown(given))
        return lines([wrong], buttons=screens.language_buttons(asked))
    return await _done(asked, change)


def _wrong(asked: Asked, key: str, name: str, given: str) -> Answer:
    return lines([catalogue.spans(asked.texts, key, given=_shown(given)), (Span(EXAMPLES[name], "code"),)])


async def _done(asked: Asked, change: Change) -> Answer:
    return Answer(messages=(screens.main(await _save(asked, change), saved=True),))


def _clock(written: str) -> int | None:
    found = _CLOCK.fullmatch(written)
    return None if found is None else int(found["hours"]) * screens.HOUR_MINUTES + int(found["minutes"] or 0)


def _shown(given: str) -> str:
    return text.line(given, _GIVEN_SHOWN)


_SETTINGS: Mapping[str, _Setting] = {
    "topics": _Setting(read=_read_topics, then=screens.topics),
    "sound": _Setting(read=_read_sound, then=screens.sound),
    "mode": _Setting(read=_read_mode, then=screens.main),
    "quiet": _Setting(read=_read_quiet, then=screens.main),
    "digest": _Setting(read=_read_digest, then=screens.main),
    "often": _Setting(read=_read_weekly, then=screens.digest),
    "tz": _Setting(read=_read_zone, then=screens.main),
    "language": _Setting(read=_read_language, then=screens.main),
}
_PAGES: Mapping[str, Callable[[Asked], Message]] = {
    "main": screens.main,
    "topics": screens.topics,
    "sound": screens.sound,
    "mode": screens.mode,
    "quiet": screens.quiet,
    "from": screens.quiet_from,
    "digest": screens.digest,
    "zone": screens.zone,
    "language": screens.language,
}
_TYPED: Mapping[str, Callable[[Asked, str], Awaitable[Answer]]] = {
    "timezone": _type_zone,
    "quiet": _type_quiet,
    "digest": _type_digest,
    "language": _type_language,
}
