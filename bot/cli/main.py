"""The command line: which command is asked for, and how its failures are told.

Only what the help needs is imported here, so that it comes at once; a command's own imports follow when it is chosen.
"""

import argparse
import importlib
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FINE, FAILED, MISUSED = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """A command of the terminal. `module` has `run(arguments: argparse.Namespace) -> int`, the exit code."""

    name: str
    module: str
    about: str


COMMANDS = (
    Subcommand(name="setup", module="bot.cli.setup", about="ask for the settings and write them to .env"),
    Subcommand(name="login", module="bot.cli.login", about="sign the user account in that reads the channels"),
    Subcommand(name="run", module="bot.cli.run", about="read the channels and answer in the chat, until stopped"),
    Subcommand(name="demo", module="bot.cli.demo", about="show all of it on invented posts: no account, no internet"),
    Subcommand(name="import", module="bot.cli.importing", about="store a Telegram Desktop export (result.json)"),
    Subcommand(name="backfill", module="bot.cli.backfill", about="read older posts of a channel, with a progress bar"),
    Subcommand(name="digest", module="bot.cli.digest", about="print the digest of a day"),
    Subcommand(name="trend", module="bot.cli.trend", about="print how often topics or words came up, day by day"),
    Subcommand(name="report", module="bot.cli.reporting", about="write a page with charts and all that was flagged"),
    Subcommand(name="search", module="bot.cli.searching", about="print the posts that hold the words"),
    Subcommand(name="match", module="bot.cli.match", about="find the topics in JSON lines on standard input"),
    Subcommand(
        name="topics", module="bot.cli.topics", about="check topic files: what each rule finds, which words it knows"
    ),
    Subcommand(name="rematch", module="bot.cli.rematching", about="flag what is stored anew after rules changed"),
    Subcommand(name="export", module="bot.cli.exporting", about="write posts into a file: CSV or JSON Lines"),
    Subcommand(
        name="evidence", module="bot.cli.evidence", about="pack all that was captured of a post, with its hashes"
    ),
    Subcommand(
        name="verify", module="bot.cli.verifying", about="say whether all that was captured stands as it was captured"
    ),
    Subcommand(name="check", module="bot.cli.check", about="say what works, what does not, and what to do"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv` (None: of this process) and return the exit code: 0 fine, 1 failed, 2 misused."""
    _bear_any_terminal()
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.version:
        from importlib import metadata  # takes longer than the rest of the help

        print(f"homefront {metadata.version('homefront')}")
        return FINE
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return MISUSED
    modules = {command.name: command.module for command in COMMANDS}
    return _told(arguments, importlib.import_module(modules[arguments.command]).run)


_RANGE = "days, a topic, a channel: 7d, yesterday, 2026-11-01..2026-11-21, rotation, @name"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="homefront",
        description="Watches public Telegram channels and tells a private chat what matters.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    _add_env(parser, default=None)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    made = {}
    for command in COMMANDS:
        made[command.name] = subparsers.add_parser(command.name, help=command.about, description=command.about)
        _add_env(made[command.name], default=argparse.SUPPRESS)
    made["import"].add_argument("file", type=Path, metavar="FILE", help="the result.json of the export")
    made["backfill"].add_argument("channel", metavar="CHANNEL", help="the public name of a channel that is followed")
    made["backfill"].add_argument("days", type=int, metavar="DAYS", help="how many days back from today")
    _add_keeping(made)
    made["check"].add_argument("--channels", action="store_true", help="show how far each channel is held, and no more")
    made["digest"].add_argument("words", nargs="*", metavar="RANGE", help=f"{_RANGE} (default: today)")
    made["digest"].add_argument("--day", metavar="DAY", help="the days, as in RANGE")
    made["digest"].add_argument("--topic", metavar="TOPIC", help="only this topic")
    made["digest"].add_argument("--channel", metavar="CHANNEL", help="only this channel: its @name, link or title")
    made["trend"].add_argument(
        "of", nargs="*", metavar="OF", help="a topic or words, and 30d or 12w, as behind /trend (default: all topics)"
    )
    _add_report(made["report"])
    made["search"].add_argument("words", nargs="+", metavar="WORDS", help="what to look for, as behind /search")
    made["search"].add_argument("--relevance", action="store_true", help="the most relevant first, not the newest")
    made["search"].add_argument("--limit", type=int, default=20, metavar="N", help="how many are shown (default: 20)")
    made["topics"].add_argument("action", choices=["check"], help="check: say what each rule finds")
    made["topics"].add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="topic files (default: your own, in the data folder)"
    )
    made["topics"].add_argument("--rule", metavar="RULE", help="check this one rule instead of files")
    made["topics"].add_argument("--text", metavar="TEXT", help="also say what the rules find in this text")
    return parser


def _add_keeping(made: Mapping[str, argparse.ArgumentParser]) -> None:
    """Add what belongs to the commands for what is kept."""
    made["export"].add_argument("words", nargs="*", metavar="RANGE", help=f"{_RANGE} (default: 7d)")
    made["export"].add_argument(
        "--topic", action="append", default=[], metavar="TOPIC", help="only this topic; more than once: one of them"
    )
    made["export"].add_argument("--all", action="store_true", help="also posts that were not flagged")
    made["export"].add_argument("--with-deleted", action="store_true", help="with texts that their channels deleted")
    made["export"].add_argument("--format", choices=["csv", "jsonl"], help="the form of the file (default: csv)")
    made["export"].add_argument("--semicolons", action="store_true", help="part the cells of a CSV by semicolons")
    made["export"].add_argument(
        "--output", type=Path, metavar="FILE", help="where to; - prints it (default: a new file)"
    )
    made["evidence"].add_argument("link", metavar="LINK", help="the link of a post, such as https://t.me/telegram/15")
    made["evidence"].add_argument("--output", type=Path, metavar="FILE", help="where to (default: this folder)")
    made["verify"].add_argument("--heads", action="store_true", help="print the newest link of each channel's chain")
    made["verify"].add_argument(
        "--noted",
        action="append",
        default=[],
        metavar="HEAD",
        help="a head that was noted earlier: say where it stands in its chain",
    )


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("range", nargs="*", metavar="RANGE", help=f"{_RANGE} (default: 30d)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to (default: this folder)")
    parser.add_argument("--with-deleted", action="store_true", help="with the text of deleted posts")


def _add_env(parser: argparse.ArgumentParser, *, default: object) -> None:
    parser.add_argument(
        "--env",
        type=Path,
        metavar="FILE",
        default=default,
        help="the settings file (default: .env in this folder)",
    )


def _bear_any_terminal() -> None:
    # Where a terminal cannot show a letter, a ? is better than an end.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _told(arguments: argparse.Namespace, run: Callable[[argparse.Namespace], int]) -> int:
    from bot.cli import trouble
    from bot.settings import SettingsError
    from storage.errors import StorageError

    try:
        code = run(arguments)
        sys.stdout.flush()
    except SettingsError as error:
        _say("The settings are not right yet; nothing was started:")
        _say(*(f"  - {problem}" for problem in error.problems))
        return MISUSED
    except trouble.TroubleError as error:
        _say(str(error))
        return error.code
    except StorageError as error:
        _say(str(error))
        return FAILED
    except KeyboardInterrupt:
        _say("\nStopped. What was stored so far is kept.")
        return FAILED
    except BrokenPipeError:
        # Whoever read our output (`| head`) has enough. Python would complain again when it ends and flushes.
        sys.stdout = None
        return FAILED
    return code


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)
