"""The page of a report: everything in one file, nothing from elsewhere, and texts that stay texts."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings

from bot import catalogues, report
from bot.render import catalogue, page
from tests.render import hostile

PAGE = resources.files("bot") / "page"
RELEASED = {
    "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}
"""SHA-256 of the files of https://registry.npmjs.org/uplot/-/uplot-1.6.32.tgz, whose own SHA-512 is
KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==."""
HOSTILE = "</script><script>alert(1)</script><!-- ]]> <img src=https://example.org/x onerror=alert(1)> & \u2028 {n}"


class Reader(HTMLParser):
    """Notes every tag with its attributes, and what stands in scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open = ""
        self.inside: dict[str, list[str]] = {"script": [], "style": [], "title": [], "noscript": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open = tag
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open in self.inside:
            self.inside[self.open][-1] += data


def read(data: dict[str, Any], *, title: str = "Flagged posts") -> Reader:
    written = page.page(report.parts(), data, language="en", title=title, needs_script="Open it in a browser.")
    reader = Reader()
    reader.feed(written)
    reader.close()
    return reader


def sums(contents: list[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in contents)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def test_its_policy_lets_in_its_own_scripts_and_styles_and_nothing_else() -> None:
    reader = read({})
    policy = next(
        attrs["content"] for tag, attrs in reader.tags if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src {sums(reader.inside['script'][1:])}",
        f"style-src {sums(reader.inside['style'])}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]


def test_it_names_no_file_and_no_address() -> None:
    for _, attributes in read({}).tags:
        assert not {"src", "href", "srcset", "style", "data", "action"} & set(attributes)


@settings(max_examples=20)
@given(hostile.any_text.map(lambda text: text.encode("utf-8", "ignore").decode()))
def test_no_text_gets_out_of_where_it_stands(text: str) -> None:
    plain, other = read({"posts": ["x"]}, title="x"), read({"posts": [text + HOSTILE]}, title=text + HOSTILE)
    assert [tag for tag, _ in other.tags] == [tag for tag, _ in plain.tags]
    assert json.loads(other.inside["script"][0]) == {"posts": [text + HOSTILE]}
    assert other.inside["script"][1:] == plain.inside["script"][1:]


def test_where_no_script_runs_it_says_what_to_do() -> None:
    assert read({}).inside["noscript"] == ["Open it in a browser."]


@pytest.mark.parametrize("name", RELEASED)
def test_the_library_is_as_it_was_released(name: str) -> None:
    assert hashlib.sha256((PAGE / report.LIBRARY / name).read_bytes()).hexdigest() == RELEASED[name]


def test_the_library_comes_with_its_licence() -> None:
    parts = report.parts()
    assert report.LIBRARY.removeprefix("uPlot-") in parts.scripts[0].splitlines()[0]
    assert parts.licence in page.page(parts, {}, language="en", title="", needs_script="")
    assert "--" not in parts.licence


def test_our_own_script_reads_no_text_as_markup_and_asks_for_nothing() -> None:
    script = "\n".join(report.parts().scripts[1:])
    asking = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval|fetch|XMLHttp|import\(|https?:"
    assert re.findall(asking, script) == []


def test_every_word_of_the_page_is_used_and_there() -> None:
    script = "\n".join(report.parts().scripts[1:])
    labels = catalogue.below(catalogues.load("en"), "report.page.")
    said = {key for key in labels if re.search(rf"\b{key}\b", script)}
    assert said == set(labels)
    assert set(re.findall(r'\bsay\("(\w+)"', script)) <= set(labels)
