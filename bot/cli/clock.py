"""The clock of this machine, which a command hands down as an argument."""

import time


def now() -> int:
    """Return the time in UTC seconds."""
    return int(time.time())  # noqa: TID251 -- a command of the terminal is where time begins
