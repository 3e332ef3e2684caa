"""The lock on the data folder: one process at a time, and nobody else's eyes."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.cli.trouble import TroubleError


@contextmanager
def held(data_dir: Path) -> Iterator[None]:
    """Hold the folder, made if need be, for this process alone; raises TroubleError when another one has it."""
    os.umask(0o077)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (data_dir / "lock").open("a")
    except OSError as error:
        raise TroubleError(
            f"The data folder {data_dir} cannot be used ({error.strerror}). Nothing was changed. "
            "Make it writable for you, or name another one as DATA_DIR."
        ) from None
    # The lock goes with the process, however it ends: no stale lock is ever left.
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise
            raise TroubleError(
                f"Another Homefront is at work on {data_dir}. Nothing was changed. "
                "Stop that one first (Ctrl-C in its terminal), or name another DATA_DIR."
            ) from None
        yield


def is_held(data_dir: Path) -> bool:
    """Say whether another process holds the folder now."""
    try:
        with (data_dir / "lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError as error:
        return error.errno in {errno.EWOULDBLOCK, errno.EACCES}
    return False
