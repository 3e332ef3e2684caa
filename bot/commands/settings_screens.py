"""What /settings shows: one message that its buttons turn from page to page."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from bot import schedule
from bot.commands import languages
from bot.commands.desk import Asked, heading
from bot.render import catalogue, phrases, text, zones
from bot.render.buttons import DATA_LIMIT
from bot.render.text import Span
from storage.models import Button, Message, Mode

MODES: tuple[Mode, ...] = ("instant", "hourly", "digest")
QUIET_OFFERED = ((22 * 60, 7 * 60), (23 * 60, 8 * 60), (0, 8 * 60))
"""Quiet hours that stand on buttons, in minutes of the local day."""
DAILY, WEEKLY = "daily", "weekly"
"""How often a digest comes, as buttons carry it and people type it."""
DAY_MINUTES, HOUR_MINUTES = 24 * 60, 60
_PAGES = ("topics", "mode", "quiet", "sound", "digest", "zone", "language")
_HOURS_A_ROW = 4
_CHOSEN = "✓ "

Rows = tuple[tuple[Button, ...], ...]
Line = Sequence[Span]


def main(asked: Asked, *, saved: bool = False) -> Message:
    """Show what is set, with a button for each page; `saved`: by a change that was typed just now."""
    chat, texts = asked.chat, asked.texts
    quiet = catalogue.text(texts, "settings.off")
    if chat.quiet_from is not None and chat.quiet_to is not None:
        quiet = hours(chat.quiet_from, chat.quiet_to)
    values = {
        "topics": _topics(asked, wanted(asked)) if chat.topics else catalogue.text(texts, "settings.all"),
        "mode": catalogue.text(texts, f"settings_mode.{chat.mode}"),
        "quiet": quiet,
        "sound": _topics(asked, chat.silent_topics),
        "weekly" if chat.weekly else "digest": clock(digest_minutes(asked)),
        "zone": zone_shown(asked, chat.timezone),
        "language": languages.NAMES[chat.language],
    }
    items = [
        *([(*catalogue.spans(texts, "settings.changed"), Span("\n"))] if saved else []),
        heading(asked, "settings.title"),
        *(catalogue.spans(texts, f"settings.{name}", value=Span(value, "bold")) for name, value in values.items()),
        (Span("\n"), *catalogue.spans(texts, "settings.footer")),
    ]
    return _page(items, _paired([_turn(asked, f"settings.button_{name}", name) for name in _PAGES]))


def topics(asked: Asked) -> Message:
    """Show of which topics the chat is told."""
    chosen = wanted(asked)
    buttons = [_marked(_name(asked, topic), "topics", topic, chosen=topic in chosen) for topic in known(asked)]
    label = catalogue.text(asked.texts, "settings_topics.button_all")
    every = _marked(label, "topics", "", chosen=not asked.chat.topics)
    return _asking(asked, "settings_topics.title", "settings_topics.note", (*_paired(_fitting(buttons)), (every,)))


def mode(asked: Asked) -> Message:
    """Show when alerts come."""
    notes = [catalogue.spans(asked.texts, f"settings_mode.{name}_note") for name in MODES]
    rows = []
    for name in MODES:
        label = text.capitalized(catalogue.text(asked.texts, f"settings_mode.{name}"))
        rows.append((_marked(label, "mode", name, chosen=asked.chat.mode == name),))
    return _page([heading(asked, "settings_mode.title"), *notes], (*rows, _back(asked)))


def quiet(asked: Asked) -> Message:
    """Show the quiet hours, with some to choose."""
    now = (asked.chat.quiet_from, asked.chat.quiet_to)
    off = catalogue.text(asked.texts, "settings.off")
    offered = [
        _marked(hours(begin, end), "quiet", f"{begin}-{end}", chosen=now == (begin, end))
        for begin, end in QUIET_OFFERED
    ]
    rest = [
        _marked(text.capitalized(off), "quiet", "off", chosen=now == (None, None)),
        _turn(asked, "settings_quiet.button_other", "from"),
    ]
    shown = off if now[0] is None or now[1] is None else hours(now[0], now[1])
    items = [
        heading(asked, "settings_quiet.title"),
        catalogue.spans(asked.texts, "settings_quiet.now", value=Span(shown, "bold")),
        (Span("\n"), *catalogue.spans(asked.texts, "settings_quiet.note")),
    ]
    return _page(items, (*_paired([*offered, *rest]), _back(asked)))


def quiet_from(asked: Asked) -> Message:
    """Ask at which hour the quiet hours begin."""
    grid = _grid(lambda minutes: f"set:until:{minutes}", chosen=asked.chat.quiet_from)
    return _page([heading(asked, "settings_quiet.begin")], (*grid, _back(asked, "quiet")))


def quiet_to(asked: Asked, begin: int) -> Message:
    """Ask at which hour the quiet hours that begin at `begin` (minutes) end."""
    grid = _grid(lambda minutes: f"set:quiet:{begin}-{minutes}", chosen=asked.chat.quiet_to, without=begin)
    return _page([heading(asked, "settings_quiet.end", time=clock(begin))], (*grid, _back(asked, "from")))


def sound(asked: Asked) -> Message:
    """Show which topics come without a sound."""
    silent = asked.chat.silent_topics
    buttons = [
        _button(f"{'🔕' if topic in silent else '🔔'} {_name(asked, topic)}", "sound", topic) for topic in known(asked)
    ]
    return _asking(asked, "settings_sound.title", "settings_sound.note", _paired(_fitting(buttons)))


def digest(asked: Asked) -> Message:
    """Ask how often and at which hour the digest comes."""
    minutes, often = digest_minutes(asked), WEEKLY if asked.chat.weekly else DAILY
    grid = _grid(lambda minutes: f"set:digest:{minutes}", chosen=minutes)
    choice = tuple(
        _marked(catalogue.text(asked.texts, f"settings_digest.button_{name}"), "often", name, chosen=name == often)
        for name in (DAILY, WEEKLY)
    )
    shown = Span(clock(minutes), "bold")
    return _asking(asked, "settings_digest.title", f"settings_digest.note_{often}", (choice, *grid), time=shown)


def zone(asked: Asked) -> Message:
    """Ask in which region the chat is."""
    buttons = [(_turn(asked, f"region.{region}", f"region:{region}"),) for region in zones.REGIONS]
    utc = _marked(zones.name(asked.texts, "UTC"), "tz", "UTC", chosen=asked.chat.timezone == "UTC")
    items = [
        heading(asked, "settings_zone.title"),
        catalogue.spans(asked.texts, "settings_zone.note", value=Span(zone_shown(asked, asked.chat.timezone), "bold")),
        (Span("/settings timezone Europe/Kyiv", "code"),),
    ]
    return _page(items, (*buttons, (utc,), _back(asked)))


def region(asked: Asked, name: str) -> Message:
    """Show the time zones of a region, each with what its clock shows."""
    title = heading(asked, "settings_zone.region", region=catalogue.text(asked.texts, f"region.{name}"))
    return _page([title], (*_paired(zone_buttons(asked, zones.REGIONS[name])), _back(asked, "zone")))


def zone_buttons(asked: Asked, names: Sequence[str]) -> list[Button]:
    """Give a button for each of these time zones, with what its clock shows."""
    return [
        _marked(
            f"{zones.name(asked.texts, name)} {phrases.clock(asked.now, ZoneInfo(name))}",
            "tz",
            name,
            chosen=name == asked.chat.timezone,
        )
        for name in names
    ]


def language(asked: Asked) -> Message:
    """Ask for the language, each under its own name."""
    return _asking(asked, "settings_language.title", "settings_language.note", _paired(language_buttons(asked)))


def language_buttons(asked: Asked) -> list[Button]:
    """Give a button for each language there are texts in."""
    spoken = [code for code in languages.NAMES if code in asked.desk.catalogues]
    return [_marked(languages.NAMES[code], "language", code, chosen=code == asked.chat.language) for code in spoken]


def known(asked: Asked) -> list[str]:
    """Name the topics that are on."""
    return asked.desk.topic_names


def wanted(asked: Asked) -> list[str]:
    """Name the topics that are on and that the chat is told of."""
    return [topic for topic in known(asked) if not asked.chat.topics or topic in asked.chat.topics]


def digest_minutes(asked: Asked) -> int:
    """Give when the chat gets its digest, in minutes of its day."""
    usual = asked.desk.digest_time
    return usual.hour * HOUR_MINUTES + usual.minute if asked.chat.digest_at is None else asked.chat.digest_at


def clock(minutes: int) -> str:
    """Write a time of day: 09:05."""
    return f"{schedule.of_minutes(minutes):%H:%M}"


def hours(begin: int, end: int) -> str:
    """Write a stretch of the day: 22:00–07:00."""
    return f"{clock(begin)}–{clock(end)}"


def zone_shown(asked: Asked, name: str) -> str:
    """Give a time zone with what its clock shows."""
    shown = zones.name(asked.texts, name)
    return catalogue.text(
        asked.texts, "settings.zone_value", zone=shown, clock=phrases.clock(asked.now, ZoneInfo(name))
    )


def _topics(asked: Asked, names: Sequence[str]) -> str:
    shown = [_name(asked, topic) for topic in known(asked) if topic in names]
    return ", ".join(shown) or catalogue.text(asked.texts, "settings.none")


def _name(asked: Asked, topic: str) -> str:
    return phrases.topic(asked.texts, topic)


def _asking(asked: Asked, title: str, note: str, rows: Rows, **values: catalogue.Value) -> Message:
    items = [heading(asked, title), catalogue.spans(asked.texts, note, **values)]
    return _page(items, (*rows, _back(asked)))


def _page(items: Sequence[Line], rows: Rows) -> Message:
    return text.message([span for item in items for span in (*item, Span("\n"))], buttons=rows)


def _grid(carried: Callable[[int], str], *, chosen: int | None, without: int | None = None) -> Rows:
    buttons = [
        Button(label=f"{_CHOSEN if minutes == chosen else ''}{clock(minutes)}", data=carried(minutes))
        for minutes in range(0, DAY_MINUTES, HOUR_MINUTES)
        if minutes != without
    ]
    return _rows(buttons, _HOURS_A_ROW)


def _marked(label: str, setting: str, value: str, *, chosen: bool) -> Button:
    return _button(f"{_CHOSEN if chosen else ''}{label}", setting, value)


def _button(label: str, setting: str, value: str) -> Button:
    return Button(label=label, data=f"set:{setting}:{value}")


def _turn(asked: Asked, key: str, page: str) -> Button:
    return Button(label=catalogue.text(asked.texts, key), data=f"set:{page}")


def _back(asked: Asked, page: str = "main") -> tuple[Button]:
    return (_turn(asked, "settings.back", page),)


def _fitting(buttons: Sequence[Button]) -> list[Button]:
    return [button for button in buttons if len((button.data or "").encode()) <= DATA_LIMIT]


def _paired(buttons: Sequence[Button]) -> Rows:
    return _rows(buttons, 2)


def _rows(buttons: Sequence[Button], count: int) -> Rows:
    return tuple(tuple(buttons[number : number + count]) for number in range(0, len(buttons), count))
