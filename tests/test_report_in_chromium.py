"""The page of a report in a real browser: it filters, sorts and unfolds, says nothing to anybody, and prints."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from bot import catalogues, report
from bot.render import page
from bot.render import report as layout
from bot.render.report_data import Edited, ReportData, Reported
from tests import chromium
from tests.render import hostile, reports
from tests.render.reports import KYIV, START, reported

pytestmark = chromium.needed

ENGLISH = catalogues.load("en")
HOUR, DAY = 3600, 86_400
POSTS = 132
TOPICS, LANGUAGES = ("mobilization", "rotation", "desertion"), ("ru", "uk", "en", "und")
ACTING = (
    "</script><script>window.hacked = 1</script>",
    "<img src=https://example.org/x.png onerror='window.hacked = 1'>",
    "<svg onload='window.hacked = 1'><style>@import 'https://example.org/x.css'</style>",
    "<!-- <script> \u2028 {n} {posts} ${window.hacked = 1}",
    "<meta http-equiv=refresh content='0;url=https://example.org/'><base href=https://example.org/>",
)


def one(number: int) -> Reported:
    """Posts an hour apart, each with another topic than the one before; every eleventh has a story of its own."""
    made = reported(
        number,
        TOPICS[number % 3],
        channel=number % 4,
        language=LANGUAGES[number % 4],
        at=START - number * HOUR,
        views=(number * 7919) % 5000,
        story=number // 11 * 11 + 1 if number % 11 in {1, 2, 3} else None,
        deleted_at=START if number == 5 else None,
    )
    edit = Edited(original="Матері вийшли на площу, коли ротація.", times=1, at=START)
    return replace(made, edited=edit) if number == 7 else made


def written(folder: Path, data: ReportData) -> Path:
    places = layout.frame(data, zone=KYIV)
    rows = [layout.row(ENGLISH, one, places) for one in data.reported]
    told = {**layout.head(ENGLISH, data, places), "posts": rows}
    path = folder / "report.html"
    made = page.page(report.parts(), told, language="en", title=told["title"], needs_script="")
    path.write_text(made, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = replace(reports.week(), reported=tuple(map(one, range(1, POSTS + 1))))
    return written(tmp_path_factory.mktemp("report"), data)


@pytest.fixture
def opened(browser: Chrome, path: Path) -> Iterator[Chrome]:
    chromium.open_page(browser, path)
    yield browser
    assert chromium.noted(browser) == ([], [path.as_uri()])


def choose(browser: Chrome, place: int, text: str) -> None:
    Select(browser.find_elements(By.TAG_NAME, "select")[place]).select_by_visible_text(text)


def told(browser: Chrome) -> str:
    return browser.find_element(By.CSS_SELECTOR, ".found output").text


def column(browser: Chrome, name: str) -> list[str]:
    cells: list[str] = browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map((cell) => cell.innerText)", f"td.{name}"
    )
    return cells


def counted(fits: Callable[[Reported], bool]) -> str:
    fitting = [post for post in map(one, range(1, POSTS + 1)) if fits(post)]
    stories = {post.story or -post.post.id for post in fitting}
    return f"{len(fitting)} post{'s' * (len(fitting) != 1)} in {len(stories)} stories"


def test_every_filter_leaves_what_fits_it(opened: Chrome) -> None:
    assert told(opened) == counted(lambda _: True)
    choose(opened, 0, "Rotation")
    assert told(opened) == counted(lambda post: post.post.matches[0].topic == "rotation")
    choose(opened, 1, "Вільна хвиля")
    choose(opened, 2, "English")
    both = counted(lambda post: post.post.matches[0].topic == "rotation" and post.channel.title == "Вільна хвиля")
    assert told(opened) == both
    assert set(column(opened, "channel")) == {"Вільна хвиля"}
    opened.find_element(By.XPATH, "//button[text()='Clear filters']").click()
    words = opened.find_element(By.TAG_NAME, "input")
    words.send_keys("ПЛОЩУ питали")
    assert opened.find_element(By.CLASS_NAME, "nothing").text == "No post fits these filters."
    words.clear()
    words.send_keys("ПЛОЩУ питають")
    assert told(opened) == counted(lambda post: "площу" in post.post.post.text)


def test_every_order_sorts(opened: Chrome) -> None:
    newest = column(opened, "time")
    assert newest[:2] == ["20 Nov 21:00", "20 Nov 20:00"]
    choose(opened, 3, "Oldest first")
    assert column(opened, "time")[0] == "15 Nov 12:00"
    choose(opened, 3, "Most channels")
    assert all("more posts of this story" in post for post in column(opened, "post")[:5])
    head = opened.find_elements(By.CSS_SELECTOR, "th button")
    head[2].click()
    views = [int(number.replace(",", "")) for number in column(opened, "views")]
    assert views == sorted(views, reverse=True)
    assert opened.find_element(By.CSS_SELECTOR, "th.viewed").get_attribute("aria-sort") == "descending"
    head[1].click()
    titles = column(opened, "channel")
    assert titles == sorted(titles, key=lambda title: (title[0] in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" and -1, title))
    head[0].click()
    assert column(opened, "time") == newest


def test_a_tap_on_a_day_or_a_channel_shows_it_alone(opened: Chrome) -> None:
    strip = opened.find_element(By.CSS_SELECTOR, ".u-over")
    ActionChains(opened).move_to_element(strip).click().perform()
    chip = opened.find_element(By.CLASS_NAME, "chip")
    assert chip.text == "Only 18 Nov ✕"
    assert {time[:6] for time in column(opened, "time")} == {"18 Nov"}
    chip.click()
    opened.find_element(By.CSS_SELECTOR, ".channels button").click()
    assert len(set(column(opened, "channel"))) == 1


def test_copies_edits_and_whole_texts_unfold(opened: Chrome) -> None:
    opened.find_element(By.TAG_NAME, "input").send_keys("ротація")
    edits = opened.find_element(By.CLASS_NAME, "edits")
    edits.find_element(By.TAG_NAME, "summary").click()
    assert [changed.text.strip() for changed in edits.find_elements(By.TAG_NAME, "ins")] == ["і знову питають", "буде"]
    copy = opened.find_element(By.CLASS_NAME, "copy")
    copy.find_element(By.TAG_NAME, "summary").click()
    assert copy.find_element(By.TAG_NAME, "a").get_attribute("href") is not None
    assert copy.find_element(By.TAG_NAME, "mark").text != ""
    gone = opened.find_elements(By.CSS_SELECTOR, "tr.gone")
    assert all("The text is kept, but not shown" in row.text for row in gone)


@pytest.mark.parametrize(("width", "dark"), [(390, True), (390, False), (1280, True)])
def test_nothing_sticks_out_of_a_screen(browser: Chrome, path: Path, width: int, dark: bool) -> None:
    chromium.open_page(browser, path, width=width, dark=dark)
    wide, ground = browser.execute_script(
        "return [document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]"
    )
    assert wide == width
    assert (ground == "rgb(16, 21, 27)") == dark


def test_paper_shows_every_row_in_the_colours_of_day(browser: Chrome, path: Path) -> None:
    chromium.open_page(browser, path, dark=True)
    before = len(column(browser, "time"))
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(printed["data"]).startswith(b"%PDF")
    stories = int(counted(lambda _: True).split()[-2])
    assert before < len(column(browser, "time")) == stories
    assert browser.find_elements(By.CSS_SELECTOR, "details.edits[open]") == []
    assert chromium.noted(browser) == ([], [path.as_uri()])


def test_a_time_without_flagged_posts_is_told_in_a_sentence(browser: Chrome, tmp_path: Path) -> None:
    path = written(tmp_path, replace(reports.week(), reported=()))
    chromium.open_page(browser, path)
    assert browser.find_element(By.TAG_NAME, "main").text.endswith("Nothing was flagged in this time.")
    assert chromium.noted(browser) == ([], [path.as_uri()])


def test_no_hostile_text_acts_or_asks(browser: Chrome, tmp_path: Path) -> None:
    texts = (*ACTING, *(text for text in hostile.FRAGMENTS if text.isprintable()))
    channel = replace(reported(1).channel, title=ACTING[0])
    posts = [
        replace(
            reported(number, text=f"{text} {text}", edited=Edited(original=text, times=1, at=START)), channel=channel
        )
        for number, text in enumerate(texts, start=1)
    ]
    of_a_day = replace(reports.week(), period=reports.period(days=1), incomplete=(channel,))
    path = written(tmp_path, replace(of_a_day, reported=tuple(posts)))
    chromium.open_page(browser, path)
    browser.execute_script("document.querySelectorAll('tbody summary').forEach((one) => one.click())")
    assert browser.execute_script("return window.hacked ?? null") is None
    shown = browser.find_element(By.TAG_NAME, "tbody").text
    assert all(text.split()[-1] in shown for text in ACTING)
    assert browser.find_elements(By.CSS_SELECTOR, "tbody img, tbody svg, tbody script, tbody style") == []
    assert chromium.noted(browser) == ([], [path.as_uri()])
