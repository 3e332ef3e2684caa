"""A real Chromium without a window, and what it noted; tests that need one are skipped where there is none."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"),
    # What it would ask the internet for by itself.
    *("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

found = next(filter(None, map(shutil.which, _BROWSERS)), None)
driver = shutil.which("chromedriver")
needed = pytest.mark.skipif(
    found is None or driver is None, reason="there is no Chromium with its driver here (Debian: chromium-driver)"
)


@contextmanager
def started() -> Iterator[Chrome]:
    """Start it; it ends with the block."""
    options = ChromeOptions()
    options.binary_location = found or ""
    for flag in _FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options=options, service=Service(driver))
    try:
        yield browser
    finally:
        browser.quit()


def open_page(browser: Chrome, path: Path, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
    """Open a file as on a screen of that size."""
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    colours = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [colours]})
    noted(browser)
    browser.get(path.as_uri())


def noted(browser: Chrome) -> tuple[list[str], list[str]]:
    """Return what it complained of and what it asked for, by address, since it was last asked."""
    complaints = [f"{entry['level']}: {entry['message']}" for entry in browser.get_log("browser")]  # type: ignore[no-untyped-call]
    events: list[dict[str, Any]] = [
        json.loads(entry["message"])["message"]
        for entry in browser.get_log("performance")  # type: ignore[no-untyped-call]
    ]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return complaints, asked
