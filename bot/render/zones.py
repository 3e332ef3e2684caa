"""Time zones as people name them: by region, and what somebody may have meant who typed one."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.render import catalogue
from bot.render.catalogue import Catalogue

REGIONS: Mapping[str, tuple[str, ...]] = {
    "east": (
        *("Europe/Kyiv", "Europe/Chisinau", "Europe/Minsk", "Europe/Vilnius", "Europe/Riga", "Europe/Tallinn"),
        *("Europe/Helsinki", "Europe/Bucharest", "Europe/Sofia", "Europe/Athens", "Europe/Istanbul"),
    ),
    "west": (
        *("Europe/London", "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Europe/Brussels", "Europe/Amsterdam"),
        *("Europe/Berlin", "Europe/Zurich", "Europe/Vienna", "Europe/Prague", "Europe/Warsaw", "Europe/Rome"),
        "Europe/Stockholm",
    ),
    "russia": (
        *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk"),
        *("Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok"),
        *("Asia/Magadan", "Asia/Kamchatka"),
    ),
    "caucasus": (
        *("Asia/Tbilisi", "Asia/Yerevan", "Asia/Baku", "Asia/Almaty", "Asia/Tashkent", "Asia/Bishkek"),
        *("Asia/Dushanbe", "Asia/Ashgabat"),
    ),
    "south": (
        *("Asia/Jerusalem", "Asia/Dubai", "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "Africa/Johannesburg"),
    ),
    "asia": (
        *("Asia/Kolkata", "Asia/Bangkok", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul"),
        *("Australia/Sydney", "Pacific/Auckland"),
    ),
    "america": (
        *("America/New_York", "America/Toronto", "America/Chicago", "America/Denver", "America/Los_Angeles"),
        *("America/Mexico_City", "America/Bogota", "America/Sao_Paulo", "America/Argentina/Buenos_Aires"),
    ),
}
"""The zones that stand on buttons."""
NEAR_SHOWN = 6

_ALIKE = 0.6
_RENAMED = {"Europe/Kiev": "Europe/Kyiv"}
_SHOWN = tuple(zone for zones in REGIONS.values() for zone in zones)
_HOURS = re.compile(r"(?:utc|gmt)? ?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?")


def name(texts: Catalogue, zone: str) -> str:
    """Give the name of a time zone as it is shown: its city, translated where the catalogue has it."""
    key = f"zone.{zone}"
    return catalogue.text(texts, key) if catalogue.has(texts, key) else zone.rpartition("/")[2].replace("_", " ")


def find(written: str, known: Collection[str], languages: Sequence[Catalogue], *, at: int) -> str | tuple[str, ...]:
    """Give the time zone that somebody typed, or the names that are near to it where that is not clear.

    Args:
        written: as typed: a name of the IANA list, its city, the city in any of the languages, or hours such as UTC+3.
        known: the names of all time zones.
        languages: the catalogues in which cities have names.
        at: UTC seconds at which hours ahead of UTC are meant.
    """
    asked, by_city = _plain(written), _by_city(known, languages)
    by_name = {_plain(zone): zone for zone in known}
    if asked in by_name:
        return _RENAMED.get(by_name[asked], by_name[asked])
    if hours := _HOURS.fullmatch(asked):
        return _by_hours(hours, at)
    zones = by_city.get(asked, [])
    if len(zones) == 1:
        return _RENAMED.get(zones[0], zones[0])
    alike = difflib.get_close_matches(asked, (*by_city, *by_name), n=3 * NEAR_SHOWN, cutoff=_ALIKE)
    near = [zone for word in alike for zone in by_city.get(word) or [by_name[word]]]
    return tuple(dict.fromkeys((*zones, *near)))[:NEAR_SHOWN]


def is_hours(written: str) -> bool:
    """Say whether hours ahead of UTC were typed, such as UTC+3, which no name of a zone is."""
    return _HOURS.fullmatch(_plain(written)) is not None


def _by_city(known: Collection[str], languages: Sequence[Catalogue]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for zone in sorted(known):
        if "/" in zone:
            found.setdefault(_plain(zone.rpartition("/")[2]), []).append(zone)
    for texts in languages:
        for zone in _SHOWN:
            # A city on a button is meant rather than one of the same name elsewhere.
            found[_plain(name(texts, zone))] = [zone]
    return found


def _by_hours(written: re.Match[str], at: int) -> tuple[str, ...]:
    wanted = timedelta(hours=int(written["hours"]), minutes=int(written["minutes"] or 0))
    wanted = -wanted if written["sign"] in "-−" else wanted
    moment = datetime.fromtimestamp(at, UTC)
    return tuple(zone for zone in _SHOWN if moment.astimezone(ZoneInfo(zone)).utcoffset() == wanted)[:NEAR_SHOWN]


def _plain(written: str) -> str:
    return " ".join(written.casefold().replace("_", " ").replace("ё", "е").split())
