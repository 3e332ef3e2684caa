"""Time zones as people name them."""

import zoneinfo

import pytest

from bot import catalogues
from bot.render import zones
from bot.render.catalogue import Catalogue
from tests import records

KNOWN = zoneinfo.available_timezones()
ALL = [catalogues.load(language) for language in catalogues.languages()]


def find(written: str) -> str | tuple[str, ...]:
    return zones.find(written, KNOWN, ALL, at=records.NOW)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        (" europe/kyiv ", "Europe/Kyiv"),
        ("kyiv", "Europe/Kyiv"),
        ("Kiev", "Europe/Kyiv"),
        ("Киев", "Europe/Kyiv"),
        ("КИЇВ", "Europe/Kyiv"),
        ("new york", "America/New_York"),
        ("Нью-Йорк", "America/New_York"),
        ("Кишинев", "Europe/Chisinau"),
        ("Delhi", "Asia/Kolkata"),
        ("Simferopol", "Europe/Simferopol"),
        ("utc", "UTC"),
    ],
)
def test_a_name_or_a_city_in_any_language_is_found(written: str, zone: str) -> None:
    assert find(written) == zone


@pytest.mark.parametrize(
    ("written", "first"), [("Moskow", "Europe/Moscow"), ("Киив", "Europe/Kyiv"), ("Varsaw", "Europe/Warsaw")]
)
def test_a_slip_is_answered_with_what_is_near(written: str, first: str) -> None:
    found = find(written)
    assert isinstance(found, tuple)
    assert found[0] == first
    assert len(found) <= zones.NEAR_SHOWN


def test_of_a_city_that_there_is_several_times_all_are_offered() -> None:
    found = find("Louisville")
    assert isinstance(found, tuple)
    assert {"America/Louisville", "America/Kentucky/Louisville"} <= set(found)


@pytest.mark.parametrize(
    ("written", "zone"),
    [("UTC+2", "Europe/Kyiv"), ("+3", "Europe/Moscow"), ("gmt −5", "America/New_York"), ("+5:30", "Asia/Kolkata")],
)
def test_hours_ahead_of_utc_stand_for_the_cities_whose_clock_shows_them(written: str, zone: str) -> None:
    assert zones.is_hours(written)
    assert zone in find(written)


def test_hours_that_no_clock_shows_and_nonsense_find_nothing() -> None:
    assert find("+21") == ()
    assert find("xyzzy") == ()
    assert not zones.is_hours("Kyiv")


def test_a_zone_without_a_name_in_the_catalogue_is_called_after_its_city(texts: Catalogue) -> None:
    assert zones.name(texts, "America/Port_of_Spain") == "Port of Spain"
    assert zones.name(catalogues.load("uk"), "Europe/Kyiv") == "Київ"
