import asyncio
import contextlib
import logging
import struct
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telethon.crypto import rsa

from bot.sandbox import keys, server
from bot.telegram import connection, errors
from tests.served import running, world
from tests.telegram import edge

__all__ = ["running", "world"]

LOGGERS: defaultdict[str, logging.Logger] = defaultdict(lambda: logging.getLogger("telethon"))
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def stranger(serve: Serve) -> AsyncIterator[int]:
    """A server on loopback that is none of Telegram's; gives its port."""
    done: list[asyncio.StreamWriter] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        done.append(writer)
        await serve(reader, writer)

    listening = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]
        for writer in done:
            writer.close()


async def test_a_telegram_server_says_its_time_and_its_key(running: server.Server) -> None:
    rsa.add_key(keys.PUBLIC_KEY.read_text(), old=False)
    answer = await connection.ask(running.host, running.port, clock=edge.now)
    assert answer.trusted
    assert abs(answer.clock_offset) <= 1


async def test_a_clock_of_ours_that_is_slow_is_noticed(running: server.Server) -> None:
    answer = await connection.ask(running.host, running.port, clock=lambda: edge.now() - 100)
    assert 99 <= answer.clock_offset <= 101


async def test_nobody_at_the_address_is_told_at_once() -> None:
    with pytest.raises(errors.UnreachableError, match="No server answers"):
        await connection.ask("127.0.0.1", edge.free_port(), clock=edge.now)


async def test_a_server_of_another_kind_is_told_from_telegrams() -> None:
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with stranger(web) as port:
        with pytest.raises(errors.UnreachableError, match="is not a Telegram server"):
            await connection.ask("127.0.0.1", port, clock=edge.now)


async def test_a_server_that_hangs_up_is_no_telegram_server() -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with stranger(rude) as port:
        with pytest.raises(errors.UnreachableError, match="is not a Telegram server"):
            await connection.ask("127.0.0.1", port, clock=edge.now)


async def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.1)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with stranger(silent) as port:
        with pytest.raises(errors.UnreachableError, match="is not a Telegram server"):
            await connection.ask("127.0.0.1", port, clock=edge.now)


async def crowded(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says that there are too many connections, in the way of the transport."""
    writer.write(struct.pack("<iii", -429, -429, -429))


async def test_a_server_with_too_many_connections_says_so() -> None:
    async with stranger(crowded) as port:
        with pytest.raises(errors.UnreachableError, match="too many connections"):
            await connection.ask("127.0.0.1", port, clock=edge.now)


async def test_too_many_connections_and_a_session_unknown_in_passing_are_lost_connections() -> None:
    async def forgetful(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = struct.pack("<iii", 16, 0, -404)
        writer.write(body + struct.pack("<I", zlib.crc32(body)))

    async with stranger(crowded) as port:
        line = connection.PatientConnection("127.0.0.1", port, 2, loggers=LOGGERS)
        await line.connect(timeout=5)
        with pytest.raises(ConnectionError, match="fewer connections"):
            await line.recv()
        await line.disconnect()
    async with stranger(forgetful) as port:
        line = connection.PatientConnection("127.0.0.1", port, 2, loggers=LOGGERS)
        for _ in range(2):
            await line.connect(timeout=5)
            with pytest.raises(ConnectionError, match="session"):
                await line.recv()
            await line.disconnect()
        await line.connect(timeout=5)
        assert await line.recv() == struct.pack("<i", -404)
        await line.disconnect()


def test_pauses_grow_to_a_limit() -> None:
    pauses = [connection.pause_before(attempts) for attempts in range(8)]
    assert pauses == [0, 1, 2, 4, 8, 15, 15, 15]
