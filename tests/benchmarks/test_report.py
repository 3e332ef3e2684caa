"""How long the report of a great month takes, and how fluently its page works in a browser, also on a slow phone."""

import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from selenium.webdriver import Chrome

from bot import catalogues, ingest, report, rulebook
from bot.render.digest_data import Period
from storage.database import Database
from tests import asked, chromium, month

STORIES = 2900
SLOWER = 4
"""A phone of the middle class is about so many times slower than a computer."""
TYPED = ("п", "по", "повестк", "повестки под", "")
CHOSEN = ((0, "1"), (1, "0"), (2, "0"), (0, ""), (1, ""), (2, ""), (3, "views"), (3, "spread"))
CHANGE = """
const [selector, place, value, event, done] = arguments, begun = performance.now();
const field = document.querySelectorAll(selector)[place];
field.value = value;
field.dispatchEvent(new Event(event));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
"""


def changed(browser: Chrome, selector: str, place: int, value: str, event: str) -> float:
    """Return the milliseconds from a change to when it is drawn."""
    took: float = browser.execute_async_script(CHANGE, selector, place, value, event)
    return took


def opened(browser: Chrome, path: Path, *, slower: int) -> tuple[float, list[float]]:
    """Return the milliseconds until the page stands, and those of each change of a filter or of the order."""
    chromium.open_page(browser, path, width=390, height=844)
    browser.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": slower})
    browser.get(path.as_uri())
    stands: float = browser.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    typed = [changed(browser, "input", 0, words, "input") for words in TYPED]
    return stands, [*typed, *(changed(browser, "select", place, value, "change") for place, value in CHOSEN)]


@pytest.mark.benchmark
@pytest.mark.timeout(300)
@chromium.needed
async def test_five_thousand_flagged_posts_are_filtered_fluently(database: Database, tmp_path: Path) -> None:
    await month.follow(database)
    texts = catalogues.load("en")
    teller = ingest.Teller(rules=rulebook.read(), catalogues={"en": texts}, wake=lambda: None)
    await month.happen(database, teller, month.events(STORIES))
    zone, now = ZoneInfo("Europe/Kyiv"), month.END - month.HOUR
    period = report.parse("30d", asked.known(now=now))
    assert isinstance(period, Period)
    begun = time.perf_counter()
    told = await report.compose(
        database, texts, period, topics=["mobilization", "rotation", "desertion"], now=now, zone=zone
    )
    made = time.perf_counter() - begun
    path = tmp_path / told.document.name
    path.write_bytes(told.document.content)
    print(f"\nreport of {told.posts} flagged posts: {len(told.document.content) / 1e6:.1f} MB, made in {made:.1f} s")
    with chromium.started() as browser:
        for slower in (1, SLOWER):
            stands, changes = opened(browser, path, slower=slower)
            print(
                f"opened on a processor {slower} times slower: {stands:.0f} ms; {len(changes)} filters and orders: "
                f"{sorted(changes)[len(changes) // 2]:.0f} ms in the median, {max(changes):.0f} ms at most"
            )
