import asyncio
import functools
import ipaddress
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from telethon import functions
from telethon.crypto import rsa
from telethon.network import mtprotostate

from bot import settings
from bot.sandbox import clock, faults, keys, server
from bot.sandbox.state import Behaviour
from bot.sandbox.world import World
from bot.telegram import client, connection, errors
from tests.served import running, world
from tests.telegram import edge

__all__ = ["running", "world"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect again without pauses."""
    monkeypatch.setattr(connection, "LONGEST_PAUSE_SECONDS", 0)


def opened(folder: Path, running: server.Server) -> client.Client:
    place = edge.place(folder, running)
    return client.open_client(session=place.session, api_id=place.api_id, api_hash=place.api_hash, server=place.server)


async def test_a_client_connects_to_the_server_that_is_set(tmp_path: Path, running: server.Server) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now) as ours:
        assert ours.linked
        assert await ours(functions.help.GetConfigRequest())


async def test_a_server_may_be_on_the_other_loopback(tmp_path: Path, world: World) -> None:
    async with (
        server.serve(world, host="::1") as running,
        client.connected(opened(tmp_path, running), clock=edge.now) as ours,
    ):
        assert await ours(functions.help.GetConfigRequest())


async def test_a_lost_answer_is_not_waited_for_for_ever(
    tmp_path: Path, world: World, running: server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now) as ours:
        world.faults.order("users.getUsers", faults.LoseReply())
        monkeypatch.setattr(client, "OPENING_SECONDS", 0.1)
        with pytest.raises(errors.UnreachableError, match="no answer"):
            await ours.get_me()


async def test_an_answer_that_is_lost_does_not_make_the_client_deaf(
    tmp_path: Path, world: World, running: server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now) as ours:
        world.faults.order("help.getConfig", faults.LoseReply())
        monkeypatch.setattr(client, "LOOP_ANSWER_SECONDS", 0.1)
        with monkeypatch.context() as posing:
            asked = asyncio.create_task(ours(functions.help.GetConfigRequest()))
            posing.setattr(ours, "_updates_handle", asked)
            with pytest.raises(TimeoutError):
                await asked
        assert await ours(functions.help.GetConfigRequest())


async def test_an_api_id_that_nobody_knows_is_told(tmp_path: Path, world: World, running: server.Server) -> None:
    world.faults.order("help.getConfig", faults.RpcError(400, "CONNECTION_API_ID_INVALID"))
    with pytest.raises(errors.WrongCredentialsError, match="TELEGRAM_API_ID"):
        async with client.connected(opened(tmp_path, running), clock=edge.now):
            pass


async def test_the_session_is_for_its_owner_alone(tmp_path: Path, running: server.Server) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now):
        session = tmp_path / "data" / "bot.session"
        assert session.stat().st_mode & 0o777 == 0o600
        assert session.parent.stat().st_mode & 0o777 == 0o700


async def test_a_session_that_others_could_read_is_closed_to_them(tmp_path: Path, running: server.Server) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now):
        pass
    session = tmp_path / "data" / "bot.session"
    session.chmod(0o644)
    async with client.connected(opened(tmp_path, running), clock=edge.now):
        assert session.stat().st_mode & 0o777 == 0o600


async def test_a_server_with_another_key_is_not_trusted(tmp_path: Path, running: server.Server) -> None:
    # A key of nobody: only the fingerprint is compared.
    body = keys.PUBLIC_KEY.read_text().splitlines()
    other = "\n".join([body[0], OTHER_KEY, body[-1]])
    known = dict(rsa._server_keys)
    rsa._server_keys.clear()
    try:
        ours = client.open_client(
            session=tmp_path / "bot.session",
            api_id=1,
            api_hash="0" * 32,
            server=settings.Server(host=running.host, port=running.port, key_pem=other),
        )
        with pytest.raises(errors.WrongKeyError, match="TELEGRAM_SERVER_KEY"):
            await client.connect(ours, clock=edge.now)
        await ours.disconnect()
    finally:
        rsa._server_keys.update(known)


OTHER_KEY = (
    "MIIBCgKCAQEAruw2yP/BCcsJliRoW5eBVBVle9dtjJw+OYED160Wybum9SXtBBLX"
    "riwt4rROd9csv0t0OHCaTmRqBcQ0J8fxhN6/cpR1GWgOZRUAiQxoMnlt0R93LCX/"
    "j1dnVa/gVbCjdSxpbrfY2g2L4frzjJvdl84Kd9ORYjDEAyFnEA7dD556OptgLQQ2"
    "e2iVNq8NZLYTzLp5YpOdO1doK+ttrltggTCy5SrKeLoCPPbOgGsdxJxyz5KKcZnS"
    "Lj16yE5HvJQn0CNpRdENvRUXe6tBP78O39oJ8BTHp9oIjd6XWXAsp2CvK45Ol8wF"
    "XGF710w9lwCGNbmNxNYhtIkdqfsEcwR5JwIDAQAB"
)


@pytest.mark.parametrize(("host", "pem"), [("192.0.2.1", "x"), ("127.0.0.1", "no key at all")])
def test_a_server_elsewhere_and_a_key_that_is_none_are_refused(tmp_path: Path, host: str, pem: str) -> None:
    with pytest.raises(errors.WrongKeyError):
        client.open_client(
            session=tmp_path / "bot.session",
            api_id=1,
            api_hash="x",
            server=settings.Server(host=host, port=1, key_pem=pem),
        )


async def test_a_session_of_another_server_is_refused(tmp_path: Path, running: server.Server) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now):
        pass
    with pytest.raises(errors.SessionFileError, match="another server"):
        client.open_client(session=tmp_path / "data" / "bot.session", api_id=1, api_hash="x", server=None)


def test_without_a_server_it_is_telegrams(tmp_path: Path) -> None:
    ours = client.open_client(session=tmp_path / "bot.session", api_id=1, api_hash="x", server=None)
    assert not ipaddress.ip_address(ours.session.server_address).is_loopback
    ours.session.close()


def test_a_damaged_session_is_told(tmp_path: Path) -> None:
    (tmp_path / "bot.session").write_bytes(b"not a database, " * 100)
    with pytest.raises(errors.SessionFileError, match="damaged"):
        client.open_client(session=tmp_path / "bot.session", api_id=1, api_hash="x", server=None)


def test_a_session_in_use_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bot.session"
    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, timeout=0))
    client.open_client(session=path, api_id=1, api_hash="x", server=None).session.close()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(errors.SessionFileError, match="another Homefront"):
        client.open_client(session=path, api_id=1, api_hash="x", server=None)
    other.close()


async def test_a_cut_connection_is_mended_and_told(tmp_path: Path, running: server.Server) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now) as ours:
        ours.endure()
        back = asyncio.Event()
        ours.on_reconnect.append(back.set)
        running.cut()
        await back.wait()
        assert ours.linked


async def test_a_server_that_was_away_is_found_again(tmp_path: Path, world: World) -> None:
    async with server.serve(world) as before:
        ours = opened(tmp_path, before)
        await client.connect(ours, clock=edge.now)
        ours.endure()
        back = asyncio.Event()
        ours.on_reconnect.append(back.set)
    assert not await quick(ours)
    async with server.serve(world, port=before.port):
        await back.wait()
        assert await quick(ours)
        await ours.disconnect()


async def quick(ours: client.Client) -> Any:
    try:
        async with asyncio.timeout(0.2):
            return await ours(functions.help.GetConfigRequest())
    except TimeoutError:
        return None


@pytest.mark.parametrize("seconds", [-200, -40, 40, 200])
async def test_a_wrong_clock_of_the_machine_stops_nothing(
    tmp_path: Path, running: server.Server, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now):
        pass  # the key is made, so Telethon has no other source of the right time

    class Wrong:
        @staticmethod
        def time() -> float:
            return float(clock.real() + seconds)

    monkeypatch.setattr(mtprotostate, "time", Wrong)
    async with client.connected(opened(tmp_path, running), clock=lambda: edge.now() + seconds) as ours:
        assert abs(ours.clock_offset + seconds) <= 1
        assert await ours(functions.help.GetConfigRequest())


async def test_a_session_that_the_server_forgot_is_told(tmp_path: Path, world: World, running: server.Server) -> None:
    async with client.connected(opened(tmp_path, running), clock=edge.now):
        pass
    world.state.keys.clear()
    with pytest.raises(errors.SignedOutError, match="sign in anew"):
        async with client.connected(opened(tmp_path, running), clock=edge.now):
            pass


async def test_being_signed_out_while_running_is_told(tmp_path: Path, world: World, running: server.Server) -> None:
    bot = world.add_bot()
    ours = await edge.open_bot(tmp_path, running, bot)
    ours.endure()
    world.state.keys.clear()
    running.cut()
    with pytest.raises(errors.SignedOutError):
        await ours.until_lost()
    await ours.disconnect()


async def test_a_client_that_was_closed_says_so(tmp_path: Path, running: server.Server) -> None:
    ours = opened(tmp_path, running)
    await client.connect(ours, clock=edge.now)
    lost = asyncio.ensure_future(ours.until_lost())
    await ours.disconnect()
    with pytest.raises(errors.TelegramError, match="closed"):
        await lost


class TestAServerThatLacksCalls:
    @pytest.fixture
    def world(self) -> World:
        missing = {"help.getConfig", "updates.getState", "updates.getDifference"}
        return World(behaviour=Behaviour(missing_calls=frozenset(missing)))

    async def test_can_be_used_all_the_same(self, tmp_path: Path, world: World, running: server.Server) -> None:
        bot = world.add_bot()
        ours = await edge.open_bot(tmp_path, running, bot)
        me = await ours.get_me()
        assert me.id == bot.id
        await ours.disconnect()
        again = await edge.open_bot(tmp_path, running, bot)
        assert world.state.calls["auth.importBotAuthorization"] == 1
        await again.disconnect()


async def test_a_call_that_we_can_do_without_may_fail(tmp_path: Path, world: World, running: server.Server) -> None:
    world.faults.order("help.getConfig", faults.Flood(30), times=faults.ALWAYS)
    bot = world.add_bot()
    ours = await edge.open_bot(tmp_path, running, bot)
    assert await client.optional(ours, functions.help.GetConfigRequest()) is None
    await ours.disconnect()
