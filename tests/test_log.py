import io
import logging
from collections.abc import Iterator

import pytest

from bot import log

TOKEN = "123456789:AAEsecretsecretsecretsecretsecret"
HASH = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def written(secrets: tuple[str, ...]) -> tuple[logging.Logger, io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(log.without(secrets))
    logger = logging.getLogger("test_log")
    logger.handlers[:], logger.propagate = [handler], False
    return logger, out


def test_a_secret_is_struck_out_of_message_and_arguments() -> None:
    logger, out = written((TOKEN, HASH))
    logger.warning("token %s, hash %s, %d", TOKEN, {"hash": HASH}, 5)
    assert out.getvalue() == "token [secret], hash {'hash': '[secret]'}, 5\n"


def test_a_secret_is_struck_out_of_a_traceback_and_of_the_stack() -> None:
    logger, out = written((TOKEN,))
    try:
        int(TOKEN)
    except ValueError:
        logger.exception("failed", stack_info=True)
    assert TOKEN not in out.getvalue()
    assert "with base 10: '[secret]'" in out.getvalue()
    assert "Stack (most recent call last)" in out.getvalue()


def test_what_is_no_secret_stays() -> None:
    logger, out = written(("", "a"))
    logger.warning("a banana")
    logger.info("%s", "quiet", exc_info=(None, None, None))
    assert out.getvalue().splitlines()[0] == "a banana"


def test_the_longer_of_two_secrets_is_struck_out_whole() -> None:
    logger, out = written(("abcd", "abcdefgh"))
    logger.warning("abcdefgh")
    assert out.getvalue() == "[secret]\n"


def test_the_log_goes_to_standard_error_and_telethon_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure([TOKEN])
    logging.getLogger("bot.anything").info("said %s", TOKEN)
    logging.getLogger("telethon.network").info("connecting")
    logging.getLogger("telethon.network").warning("lost")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "bot.anything: said [secret]" in shown.err
    assert "connecting" not in shown.err
    assert "lost" in shown.err
