"""Questions and answers on standard input, at a keyboard or through a pipe."""

import getpass
import sys

from bot.cli.trouble import TroubleError


def ask(question: str) -> str:
    """Show `question` and return the line that is answered; raises TroubleError when no more lines come."""
    print(question, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        print()
        raise TroubleError("The answers ended before the questions did. Nothing more was changed; start again.")
    if not sys.stdin.isatty():
        print()  # at a keyboard the Enter of the answer ends the line
    return line.strip()


def ask_unseen(question: str) -> str:
    """Ask like `ask`, but show nothing of what is typed."""
    if not sys.stdin.isatty():
        return ask(question)
    try:
        return getpass.getpass(question).strip()
    except EOFError:
        raise TroubleError("No answer came. Nothing more was changed; start again.") from None


def say(text: str) -> None:
    """Print a line at once, also where the output is a pipe or a file."""
    print(text, flush=True)
