"""The rules of the house: what no reviewer should have to look for."""

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings
from bot.cli import main
from bot.commands import menu, reception

ROOT = Path(__file__).parents[1]
LONGEST_FILE, LONGEST_FUNCTION = 300, 45
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "base"}
SOURCES = sorted(path for part in ("bot", "storage", "tests") for path in (ROOT / part).rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENV_EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTINGS = {setting.name for setting in settings.SETTINGS}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function, without its docstring: nobody shall save words there."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return lines
    return lines - ((first.end_lineno or 0) - first.lineno + 1)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def section(title: str) -> str:
    """Return what the README says under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found is not None, f"the README has no section {title!r}"
    return found[1]


def first_words(rows: str, pattern: str) -> list[str]:
    """Return what `pattern` finds in the first cell of each row of a table."""
    return re.findall(rf"^\| `{pattern}", rows, re.MULTILINE)


def modules_of(package: str) -> set[str]:
    folder = ROOT / package
    files = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def test_files_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in SOURCES}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = {f"{path.relative_to(ROOT)}:{node.name}": length(node) for path in SOURCES for node in functions(path)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_modules_are_named_by_their_job() -> None:
    assert [path for path in SOURCES if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES] == []


def test_no_package_hides_code_in_its_init() -> None:
    for path in (path for path in SOURCES if path.name == "__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert all(isinstance(node, ast.Expr) for node in body), path


def test_no_test_sleeps() -> None:
    sleepy = re.compile(r"\btime\.sleep\(|\basyncio\.sleep\((?!0\))")
    this = Path(__file__)
    paced = [ROOT / "tests" / part for part in ("benchmarks", "trials")]  # these pace what they measure and try
    tests = [path for path in SOURCES if path.is_relative_to(ROOT / "tests") and not {*path.parents} & {*paced}]
    assert [path.name for path in tests if path != this and sleepy.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
    assert [path.name for path in SOURCES if later.search(path.read_text(encoding="utf-8"))] == []


def test_the_example_of_settings_names_every_setting_once_and_nothing_more() -> None:
    named = re.findall(r"^([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE)
    assert named == [setting.name for setting in settings.SETTINGS]


def test_the_example_of_settings_shows_the_defaults() -> None:
    shown = dict(re.findall(r"^([A-Z_]+)=(.*)$", ENV_EXAMPLE, re.MULTILINE))
    assert shown == {setting.name: setting.default or "" for setting in settings.SETTINGS}


def test_the_readme_names_every_setting_and_nothing_more() -> None:
    assert first_words(section("Settings"), r"([A-Z_]+)`") == [setting.name for setting in settings.SETTINGS]


def test_the_readme_names_every_command_of_the_terminal_and_nothing_more() -> None:
    named = first_words(section("Commands of the terminal"), r"homefront ([a-z]+)")
    assert named == [command.name for command in main.COMMANDS]


def test_the_readme_names_every_option_of_the_terminal() -> None:
    told = section("Commands of the terminal")
    parser = main.build_parser()
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for one in (parser, *commands.choices.values()):
        options = {option for action in one._actions for option in action.option_strings if option.startswith("--")}
        assert {option for option in options if f"`{option}" not in told and f" {option}" not in told} <= {"--help"}


def test_the_readme_names_every_command_of_the_chat_and_nothing_more() -> None:
    named = re.findall(
        r"`/([a-z]+)", "".join(re.findall(r"^\| (.*?) \|", section("Commands of the chat"), re.MULTILINE))
    )
    assert set(named) == {*reception.COMMANDS, *menu.ALIASES}
    assert {*menu.NAMES, *menu.HIDDEN} == set(reception.COMMANDS)


def test_the_readme_begins_with_the_two_commands() -> None:
    beginning = README[: README.index("## ")]
    assert "make demo" in beginning
    assert "make test" in beginning


@pytest.mark.parametrize(
    ("name", "exempt"),
    [
        ("only bot.telegram and bot.sandbox know telethon", {"telegram", "sandbox"}),
        ("only bot.cli knows the sandbox", {"cli", "sandbox", "__main__"}),
    ],
)
def test_the_contracts_leave_no_module_out(name: str, exempt: set[str]) -> None:
    (contract,) = (one for one in CONTRACTS if one["name"] == name)
    assert {f"bot.{module}" for module in modules_of("bot") - exempt} == set(contract["source_modules"])


def test_every_part_of_storage_but_its_records_is_out_of_reach_of_what_decides() -> None:
    (contract,) = (one for one in CONTRACTS if one["name"].startswith("what decides"))
    parts = {
        f"storage.{module}"
        for module in modules_of("storage")
        - {"document_models", "health_models", "models", "story_models", "topic_models"}
    }
    assert parts <= set(contract["forbidden_modules"])


def reads_of_posts(tree: ast.AST) -> Iterator[int]:
    """Give the lines where the text of a post is read: `post.text`, `stored.post.text`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"text", "previous_text", "canonical"}:
            named = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if named in {"post", "stored", "held", "put", "revision"} or node.attr != "text":
                yield node.lineno


def test_what_words_posts_for_people_takes_their_text_only_where_it_is_masked() -> None:
    """Numbers of persons are masked before anything is cut or divided."""
    wording = [path for path in SOURCES if path.is_relative_to(ROOT / "bot")]
    wording = [path for path in wording if {"render", "commands", "cli"} & {*path.parts} or path.stem == "delivery"]
    found = {}
    for path in wording:
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        read = [lines[number - 1].strip() for number in reads_of_posts(ast.parse(source))]
        found[path.name] = [line for line in read if "masked(" not in line]
    only_asked = re.compile(r"\bif (not )?[\w.\[\]]+\.text\b|\bor not [\w.\[\]]+\.text:")  # whether there is any
    found = {name: [line for line in lines if not only_asked.search(line)] for name, lines in found.items()}
    known = {
        "demo.py",  # the posts of the demo are invented
        "evidence.py",  # goes to the owner alone: what is masked proves nothing
        "own_topics.py",  # rules of the owner
        "passage.py",  # masks before all else
        "translating.py",  # what is asked for is masked by translated.words
        "why.py",  # quotes what is found from the masked text
    }
    assert {name for name, lines in found.items() if lines} == known


def test_messages_are_made_in_one_place_which_masks_and_cleans_them() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.is_relative_to(ROOT / "bot") or path.is_relative_to(ROOT / "storage")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Message"
        if not path.is_relative_to(ROOT / "bot" / "sandbox")
    }
    # dressing puts other buttons under a text; translated masks and cleans what it puts in.
    assert makers == {"bot/render/text.py", "bot/render/translated.py", "bot/dressing.py", "storage/messages.py"}
