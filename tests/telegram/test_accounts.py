from pathlib import Path

import pytest

from bot.sandbox import faults, server
from bot.sandbox.world import World
from bot.telegram import accounts, client, connection, errors, login
from tests.served import running, world
from tests.telegram import edge

__all__ = ["running", "world"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect again without pauses."""
    monkeypatch.setattr(connection, "LONGEST_PAUSE_SECONDS", 0)


async def signed_in(folder: Path, running: server.Server, world: World) -> accounts.Place:
    """The reader's place, with somebody signed in."""
    user = world.add_user(phone="79990000001", code="12345")
    place = edge.place(folder, running, "reader.session")
    client = await accounts.open_for_login(place, clock=edge.now)
    answers = iter([str(user.phone), user.code])
    await login.login(client, lambda _: next(answers), lambda _: None)
    await client.disconnect()
    return place


async def test_the_bot_signs_in_once_and_keeps_its_session(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    bot = world.add_bot()
    for _ in range(3):
        client = await edge.open_bot(tmp_path, running, bot)
        account = await accounts.who(client)
        assert account == accounts.Account(id=4242, name="homefront_bot", username="homefront_bot", bot=True)
        await client.disconnect()
    assert world.state.calls["auth.importBotAuthorization"] == 1


async def test_another_token_signs_another_bot_in(tmp_path: Path, world: World, running: server.Server) -> None:
    first = await edge.open_bot(tmp_path, running, world.add_bot())
    await first.disconnect()
    other = world.add_bot(token="4343:other", username="other_bot")
    client = await edge.open_bot(tmp_path, running, other)
    account = await accounts.who(client)
    assert account is not None
    assert account.id == other.id
    await client.disconnect()


async def test_a_new_secret_of_the_same_bot_is_tried(tmp_path: Path, world: World, running: server.Server) -> None:
    bot = world.add_bot()
    first = await edge.open_bot(tmp_path, running, bot)
    await first.disconnect()
    with pytest.raises(errors.WrongCredentialsError):
        await accounts.open_bot(edge.place(tmp_path, running), "4242:wrong", clock=edge.now, say=print)


async def test_the_number_in_the_token_tells_whose_an_older_session_is(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    bot = world.add_bot()
    for _ in range(2):
        client = await edge.open_bot(tmp_path, running, bot)
        await client.disconnect()
        (tmp_path / "data" / "bot.session.token-sha256").unlink(missing_ok=True)
    assert world.state.calls["auth.importBotAuthorization"] == 1


async def test_nothing_of_the_token_can_be_read_from_the_folder(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    client = await edge.open_bot(tmp_path, running, world.add_bot())
    await client.disconnect()
    files = list((tmp_path / "data").iterdir())
    assert len(files) == 2
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert not any(edge.TOKEN.encode() in file.read_bytes() for file in files)


async def test_a_bot_that_was_signed_out_signs_in_again(tmp_path: Path, world: World, running: server.Server) -> None:
    bot = world.add_bot()
    client = await edge.open_bot(tmp_path, running, bot)
    await client.disconnect()
    world.sign_out(bot)
    client = await edge.open_bot(tmp_path, running, bot)
    await client.disconnect()
    world.state.keys.clear()
    client = await edge.open_bot(tmp_path, running, bot)
    assert world.state.calls["auth.importBotAuthorization"] == 3
    await client.disconnect()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("ACCESS_TOKEN_INVALID", "does not know this TELEGRAM_BOT_TOKEN"),
        ("ACCESS_TOKEN_EXPIRED", "was revoked"),
        ("BOT_TOKEN_UNKNOWN", r"refuses this TELEGRAM_BOT_TOKEN \(BOT_TOKEN_UNKNOWN\)"),
        ("API_ID_INVALID", "TELEGRAM_API_ID"),
    ],
)
async def test_a_wrong_token_and_a_wrong_api_id_are_told_without_naming_them(
    tmp_path: Path, world: World, running: server.Server, refusal: str, words: str
) -> None:
    world.faults.order("auth.importBotAuthorization", faults.RpcError(400, refusal))
    with pytest.raises(errors.WrongCredentialsError, match=words) as raised:
        await edge.open_bot(tmp_path, running, world.add_bot())
    assert edge.TOKEN not in str(raised.value)


async def test_a_server_in_trouble_is_told_from_a_wrong_token(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    trouble = faults.RpcError(403, "NOT_NOW")
    world.faults.order("auth.importBotAuthorization", trouble, times=faults.ALWAYS)
    with pytest.raises(errors.TelegramError, match="NOT_NOW") as raised:
        await edge.open_bot(tmp_path, running, world.add_bot())
    assert not isinstance(raised.value, errors.WrongCredentialsError)


async def test_a_pause_before_the_bot_may_sign_in_is_said_and_waited(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    bot = world.add_bot()
    world.faults.order("auth.importBotAuthorization", faults.Flood(1))
    said: list[str] = []
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    client = await accounts.open_bot(
        edge.place(tmp_path, running), str(bot.token), clock=edge.now, say=said.append, pause=pause
    )
    assert waited == [1]
    assert said == ["Telegram asks to wait 1 s before the bot may sign in. Waiting."]
    await client.disconnect()


async def test_a_lost_answer_to_the_bots_sign_in_is_not_waited_for_for_ever(
    tmp_path: Path, world: World, running: server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.faults.order("auth.importBotAuthorization", faults.LoseReply())
    monkeypatch.setattr(client, "OPENING_SECONDS", 1)
    with pytest.raises(errors.UnreachableError):
        await edge.open_bot(tmp_path, running, world.add_bot())


async def test_the_reader_is_opened_when_somebody_is_signed_in(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    place = await signed_in(tmp_path, running, world)
    client = await accounts.open_reader(place, clock=edge.now)
    assert await accounts.who(client)
    await client.disconnect()


async def test_a_reader_that_never_signed_in_is_sent_to_log_in(tmp_path: Path, running: server.Server) -> None:
    with pytest.raises(errors.SignedOutError, match="`homefront login`"):
        await accounts.open_reader(edge.place(tmp_path, running), clock=edge.now)


async def test_a_reader_whose_session_the_server_forgot_is_sent_to_log_in(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    place = await signed_in(tmp_path, running, world)
    world.state.keys.clear()
    with pytest.raises(errors.SignedOutError, match="`homefront login`"):
        await accounts.open_reader(place, clock=edge.now)


async def test_a_bot_is_no_reader(tmp_path: Path, world: World, running: server.Server) -> None:
    client = await edge.open_bot(tmp_path, running, world.add_bot())
    await client.disconnect()
    with pytest.raises(errors.SignedOutError, match="session of a bot"):
        await accounts.open_reader(edge.place(tmp_path, running), clock=edge.now)


async def test_logging_in_replaces_a_session_of_a_bot(tmp_path: Path, world: World, running: server.Server) -> None:
    client = await edge.open_bot(tmp_path, running, world.add_bot())
    await client.disconnect()
    client = await accounts.open_for_login(edge.place(tmp_path, running), clock=edge.now)
    assert await accounts.who(client) is None
    await client.disconnect()


async def test_logging_in_replaces_a_session_that_the_server_forgot(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    place = await signed_in(tmp_path, running, world)
    world.state.keys.clear()
    client = await accounts.open_for_login(place, clock=edge.now)
    assert await accounts.who(client) is None
    await client.disconnect()


async def test_a_server_that_cannot_say_who_we_are_is_believed_to_mean_who_signed_in(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    world.faults.order("users.getUsers", faults.RpcError(400, "METHOD_NOT_IMPLEMENTED"), times=faults.ALWAYS)
    bot = world.add_bot()
    client = await edge.open_bot(tmp_path, running, bot)
    account = await accounts.who(client)
    assert account == accounts.Account(id=bot.id, name="homefront_bot", username="homefront_bot", bot=True)
    await client.disconnect()
    client = await edge.open_bot(tmp_path, running, bot)
    account = await accounts.who(client)
    assert account is not None
    assert account.id == bot.id
    assert world.state.calls["auth.importBotAuthorization"] == 1
    await client.disconnect()


async def test_a_pause_before_the_server_says_who_we_are_is_told(
    tmp_path: Path, world: World, running: server.Server
) -> None:
    client = await edge.open_bot(tmp_path, running, world.add_bot())
    world.faults.order("users.getUsers", faults.Flood(40))
    with pytest.raises(errors.WaitError):
        await accounts.who(client)
    await client.disconnect()


def test_a_place_keeps_its_secret_to_itself(tmp_path: Path) -> None:
    place = accounts.Place(session=tmp_path / "x.session", api_id=1, api_hash="secret-hash", server=None)
    assert "secret-hash" not in repr(place)
