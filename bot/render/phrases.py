"""The small phrases that all texts share: topics, channels and their flags, times, languages, links."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.render import catalogue, masking, text
from bot.render.catalogue import Catalogue
from storage.models import ChannelChange, ChannelInfo, MessageId, Origin, Post

TITLE_LIMIT = 64
"""UTF-16 units of a channel's title that are shown."""
TROUBLE_LIMIT = 300
"""UTF-16 units that are shown of what keeps a channel from being read, as an older Homefront wrote it."""
_REASON_LIMIT = 200
SEPARATOR = " · "
"""Stands between facts on one line."""
BULLET = "• "
"""Begins each post of a list, whose text may take several lines on a phone."""

Told = str | int | datetime
"""A value of a text: a time is written as the clock of whoever is told shows it."""

_SERVER_SAYS = re.compile(r"[A-Z][A-Z0-9_]+")
_LOST = frozenset({"closed", "taken"})
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,31}")
_FLAGS = ("fake", "scam", "restricted", "verified")
_TEXT_SHOWS_IT = frozenset({"poll", "list"})


def topic(texts: Catalogue, name: str) -> str:
    """Give the name of a topic as it is shown; one that the catalogue does not know keeps its own."""
    key = f"topic.{name}"
    return catalogue.text(texts, key) if catalogue.has(texts, key) else text.line(name, TITLE_LIMIT)


def language(texts: Catalogue, code: str) -> str:
    """Give the name of a language, its code in capitals where the catalogue has none, nothing for "und"."""
    key = f"language.{code}"
    if catalogue.has(texts, key):
        return catalogue.text(texts, key)
    return "" if code == "und" else text.line(code, 8).upper()


def media(texts: Catalogue, post: Post) -> str:
    """Say what a post carries besides text; nothing for none, and for polls and lists, whose text is shown."""
    if post.grouped_id is not None:
        return catalogue.text(texts, "media.album")
    if post.media is None or post.media in _TEXT_SHOWS_IT:
        return ""
    key = f"media.{post.media.replace(' ', '_')}"
    return catalogue.text(texts, key if catalogue.has(texts, key) else "media.some")


def flags(texts: Catalogue, info: ChannelInfo) -> tuple[str, ...]:
    """Say what Telegram says of a channel: fake, scam, restricted, verified."""
    return tuple(catalogue.text(texts, f"flag.{name}") for name in _FLAGS if getattr(info, name))


def title(info: ChannelInfo) -> str:
    """Give a channel's title on one line; where there is nothing to see in it, its username or id."""
    return text.line(masking.masked(info.title), TITLE_LIMIT) or username(info) or str(info.id)


def change(texts: Catalogue, called: str, changed: ChannelChange) -> str:
    """Say what changed of a channel that is now `called` so."""
    if changed.field in _FLAGS:
        key = "news.unflagged" if changed.after == "no" else "news.flagged"
        said = catalogue.text(texts, key, channel=called, flag=catalogue.text(texts, f"flag.{changed.field}"))
        reason = "" if changed.after in {"yes", "no"} else text.line(changed.after, _REASON_LIMIT)
        return catalogue.text(texts, "news.reason", said=said, reason=reason) if reason else said
    if changed.field == "title":
        return catalogue.text(texts, "news.title", channel=called, before=text.line(changed.before, TITLE_LIMIT))
    before, after = (f"@{name}" if name else "–" for name in (changed.before, changed.after))
    return catalogue.text(texts, "news.username", channel=called, before=before, after=after)


def trouble(texts: Catalogue, info: ChannelInfo, noted: str) -> str:
    """Say what keeps a channel from being read, from what was noted: why it is lost, or what the server says."""
    if noted in _LOST:
        return catalogue.text(texts, f"reading.lost.{noted}", channel=title(info))
    if _SERVER_SAYS.fullmatch(noted):
        return catalogue.text(texts, "reading.trouble.server", reason=noted)
    return text.line(noted, TROUBLE_LIMIT)


def worded(values: Mapping[str, Told], zone: ZoneInfo) -> dict[str, str | int]:
    """Give the values of a text with times as the clock in `zone` shows them: 14:05 EET."""
    found: dict[str, str | int] = {}
    for name, value in values.items():
        if isinstance(value, datetime):
            found[name] = f"{value.astimezone(zone):%H:%M} {value.astimezone(zone).tzname()}"
        else:
            found[name] = value
    return found


def flagged_title(texts: Catalogue, info: ChannelInfo) -> str:
    """Give a channel's title for a list, with what Telegram warns of in short: Путь домой (FAKE)."""
    warnings = [f"flag_short.{name}" for name in _FLAGS if name != "verified" and getattr(info, name)]
    return " ".join((title(info), *(catalogue.text(texts, key) for key in warnings)))


def username(info: ChannelInfo) -> str:
    """Give a channel's username with its @, or nothing."""
    return f"@{info.username}" if info.username and _USERNAME.fullmatch(info.username) else ""


def link(info: ChannelInfo, message_id: MessageId) -> str:
    """Give the link to a post; without a username it opens only for those who joined the channel."""
    return f"https://t.me/{username(info)[1:] or f'c/{info.id}'}/{message_id}"


def origin(texts: Catalogue, of: Origin, zone: ZoneInfo, *, near: int) -> str:
    """Say where a forward came from, as far as Telegram tells, and when that was posted: see `moment`."""
    name = text.line(of.title or "", TITLE_LIMIT)
    said = (
        catalogue.text(texts, "alert.forwarded_from", title=name) if name else catalogue.text(texts, "alert.forwarded")
    )
    if of.date is None:
        return said
    return catalogue.text(texts, "alert.forwarded_when", origin=said, when=moment(texts, of.date, zone, near=near))


def decimal(texts: Catalogue, number: float) -> str:
    """Write a number with at most one decimal: 6, 6.5, in English with a point, elsewhere with a comma."""
    shown = f"{number:.1f}".removesuffix(".0")
    return shown if texts.language == "en" else shown.replace(".", ",")


def clock(at: int, zone: ZoneInfo) -> str:
    """Give the time of day in `zone`: 14:05."""
    return f"{datetime.fromtimestamp(at, zone):%H:%M}"


def day(texts: Catalogue, when: date, *, near: date) -> str:
    """Give a day: 21 Nov, with its year where that is not the one of `near`."""
    key = "time.day" if when.year == near.year else "time.day_of_year"
    return catalogue.text(texts, key, **_names(texts, when))


def whole_day(texts: Catalogue, when: date) -> str:
    """Give a day in full: Sat 21 Nov 2026."""
    return catalogue.text(texts, "time.weekday_day", **_names(texts, when))


def whole_days(texts: Catalogue, first: date, last: date) -> str:
    """Give days from one to another in full, or the only one."""
    days = whole_day(texts, last)
    return days if first == last else catalogue.text(texts, "digest.days", first=whole_day(texts, first), last=days)


def moment(texts: Catalogue, at: int, zone: ZoneInfo, *, near: int) -> str:
    """Give day and time of `at` in `zone` (UTC seconds); the year only where it is not that of `near`."""
    shown = day(texts, datetime.fromtimestamp(at, zone).date(), near=datetime.fromtimestamp(near, zone).date())
    return catalogue.text(texts, "time.moment", day=shown, clock=clock(at, zone))


def utc(at: int) -> str:
    """Give a time as everybody reads it, whatever the language and the zone: 2026-11-21 12:05:00, in UTC."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"


def zone_name(at: int, zone: ZoneInfo) -> str:
    """Give what the clock in `zone` is called at `at`: EET, MSK, UTC, +03."""
    return datetime.fromtimestamp(at, zone).tzname() or str(zone)


def _names(texts: Catalogue, when: date) -> dict[str, str]:
    return {
        "day": str(when.day),
        "month": catalogue.text(texts, f"time.month_{when.month}"),
        "year": str(when.year),
        "weekday": catalogue.text(texts, f"time.weekday_{when.isoweekday()}"),
    }
