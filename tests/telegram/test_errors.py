import pytest
from telethon import errors as refusals
from telethon.errors import rpc_message_to_error
from telethon.tl import functions
from telethon.tl.types import RpcError

from bot.telegram import errors


def refusal(code: int, message: str) -> Exception:
    request = functions.auth.ImportBotAuthorizationRequest(0, 1, "hash-hash-hash", "42:token-token")
    found: Exception = rpc_message_to_error(RpcError(code, message), request)
    return found


@pytest.mark.parametrize(
    ("code", "message", "kind", "words"),
    [
        (400, "API_ID_INVALID", errors.WrongCredentialsError, "my.telegram.org"),
        (400, "ACCESS_TOKEN_INVALID", errors.WrongCredentialsError, "@BotFather"),
        (401, "AUTH_KEY_UNREGISTERED", errors.SignedOutError, "signed out"),
        (401, "SESSION_REVOKED", errors.SignedOutError, "signed out"),
        (406, "AUTH_KEY_DUPLICATED", errors.SignedOutError, "two places"),
        (401, "USER_DEACTIVATED_BAN", errors.AccountError, "recover@telegram.org"),
        (420, "FROZEN_METHOD_INVALID", errors.AccountError, "frozen"),
        (420, "FLOOD_WAIT_3725", errors.WaitError, "1 h 3 min"),
        (500, "INTERDC_2_CALL_ERROR", errors.TelegramError, "500"),
        (400, "SOMETHING_NEW", errors.TelegramError, "SOMETHING_NEW"),
    ],
)
def test_a_refusal_becomes_a_sentence_without_secrets(
    code: int, message: str, kind: type[errors.TelegramError], words: str
) -> None:
    error = refusal(code, message)
    assert isinstance(error, refusals.RPCError)
    told = errors.sentence(error)
    assert type(told) is kind
    assert words in str(told)
    assert "hash-hash" not in str(told)
    assert "token-token" not in str(told)


@pytest.mark.parametrize(
    ("message", "seconds"),
    [("FLOOD_WAIT_30", 30), ("FLOOD_WAIT_0", 1), ("SLOWMODE_WAIT_7", 7), ("FLOOD_PREMIUM_WAIT_5", 5)],
)
def test_every_kind_of_pause_is_read_whole(message: str, seconds: int) -> None:
    error = refusal(420, message)
    assert isinstance(error, refusals.RPCError)
    assert errors.wait(error) == seconds


@pytest.mark.parametrize(("code", "message"), [(400, "PEER_ID_INVALID"), (420, "FROZEN_METHOD_INVALID")])
def test_other_refusals_ask_for_no_pause(code: int, message: str) -> None:
    error = refusal(code, message)
    assert isinstance(error, refusals.RPCError)
    assert errors.wait(error) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 s"), (59, "59 s"), (60, "1 min"), (61, "2 min"), (3600, "1 h"), (7500, "2 h 5 min")],
)
def test_a_pause_is_spelled_for_people(seconds: int, words: str) -> None:
    assert errors.spell(seconds) == words


@pytest.mark.parametrize(
    ("code", "message", "ends"),
    [(401, "SESSION_REVOKED", True), (401, "USER_DEACTIVATED_BAN", True), (400, "CHAT_ID_INVALID", False)],
)
def test_what_ends_a_session_is_told_from_what_fails_one_call(code: int, message: str, ends: bool) -> None:
    error = refusal(code, message)
    assert isinstance(error, refusals.RPCError)
    assert errors.ends_the_session(error) is ends


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (401, "SESSION_REVOKED", "signed_out"),
        (406, "AUTH_KEY_DUPLICATED", "twice"),
        (401, "USER_DEACTIVATED_BAN", "banned"),
        (420, "FROZEN_METHOD_INVALID", "frozen"),
        (401, "USER_DEACTIVATED", "deleted"),
        (400, "API_ID_INVALID", "unknown"),
    ],
)
def test_what_became_of_an_account_has_a_name_that_every_language_can_word(code: int, message: str, kind: str) -> None:
    error = refusal(code, message)
    assert isinstance(error, refusals.RPCError)
    assert errors.kind(errors.sentence(error)) == kind
