"""Files that a command writes: there as a whole or not at all, for their owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.cli.trouble import TroubleError


@contextmanager
def writing(path: Path, *, otherwise: str = "Name another place by --output.") -> Iterator[BinaryIO]:
    """Give a file that becomes `path` when the block ends well, in the place of what was there.

    Args:
        path: where to.
        otherwise: what is to be done, or to be known, where that fails.

    Raises:
        TroubleError: It cannot be written; what was there is as it was.
    """
    half = path.with_name(f"{path.name}.part")
    try:
        try:
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                yield file
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise TroubleError(f"{path} cannot be written ({error.strerror}). {otherwise}") from None
