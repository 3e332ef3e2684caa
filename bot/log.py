"""The log: plain lines on standard error, from which every secret is struck out."""

import io
import logging
import traceback
from collections.abc import Callable, Sequence

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
STRUCK = "[secret]"
_SHORTEST_SECRET = 4  # less is no secret, and striking it out would make the log unreadable


def configure(secrets: Sequence[str]) -> None:
    """Send the log of this process to standard error, without `secrets`; libraries say only what went wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.addFilter(without(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("telethon", "pymorphy3", "matplotlib", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def without(secrets: Sequence[str]) -> Callable[[logging.LogRecord], bool]:
    """Return a filter that strikes `secrets` out of a record: of its message, its traceback and its stack."""
    # Longest first: a secret may hold another one.
    words = sorted((word for word in secrets if len(word) >= _SHORTEST_SECRET), key=len, reverse=True)

    def struck(text: str) -> str:
        for word in words:
            text = text.replace(word, STRUCK)
        return text

    def clean(record: logging.LogRecord) -> bool:
        record.msg, record.args = struck(record.getMessage()), None
        if record.exc_info and record.exc_info[0] is not None:
            # A formatter takes `exc_text` as it stands, so the traceback is written here.
            text = io.StringIO()
            traceback.print_exception(*record.exc_info, file=text)
            record.exc_text = text.getvalue().rstrip("\n")
        if record.exc_text:
            record.exc_text = struck(record.exc_text)
        if record.stack_info:
            record.stack_info = struck(record.stack_info)
        return True

    return clean
