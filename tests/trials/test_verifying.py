"""One changed byte among a million revisions: it is found, and named."""

import asyncio
import mmap
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import folder
from storage import chains, revisions
from storage.database import open_database
from tests import records

REVISIONS, CHANNELS, PIECE = 1_000_000, 50, 20_000
ALONE, TOGETHER = 3, 100
"""How often one byte is changed by itself, and how many at once."""
MOST_MEMORY = 150
"""Megabytes."""
_WORDS = ("вода", "ротация", "рота", "вернулась", "домой", "сегодня", "колонна", "приказ", "мобилизация", "жёны")
_VERIFY = """
import re, sys
from bot.cli import main
code = main.main(["verify"])
sys.exit((print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr), code)[1])
"""
_NAMED = re.compile(r"✗ Вести \d+ @channel_(\d+): revision (\d+), of post (\d+), captured .*: .* (https://\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A revision that is in the file in one piece."""

    channel: int
    seq: int
    message_id: int
    size: int
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What the command said, how long it took and what memory (MB)."""

    code: int
    lines: tuple[str, ...]
    seconds: float
    memory: int


@pytest.mark.trial
@pytest.mark.timeout(3600)
def test_a_single_changed_byte_in_any_of_a_million_revisions_is_found_and_named(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    path = folder.database(tmp_path / "data")
    asyncio.run(opened(path))
    begun = time.monotonic()
    places = fill(path, chance)
    print(
        f"\nseed {seed}; {REVISIONS:,} revisions, {path.stat().st_size / 1e6:,.0f} MB, {time.monotonic() - begun:.0f} s"
    )
    whole = verify(tmp_path)
    assert (whole.code, len(whole.lines)) == (0, 1), whole
    assert whole.lines[0] == f"✓ {REVISIONS:,} revisions of {CHANNELS} channels as captured: every chain holds."
    told = [whole]
    for count in (*[1] * ALONE, TOGETHER):
        chosen = chance.sample(places, count)
        with changed(path, chosen, chance):
            told.append(verify(tmp_path))
        assert told[-1].code == 1
        named = sorted(tuple(map(int, found.groups()[:3])) for line in told[-1].lines if (found := _NAMED.match(line)))
        assert named == sorted((one.channel, one.seq, one.message_id) for one in chosen)
        assert len(told[-1].lines) == count + 1
    assert verify(tmp_path).code == 0
    print(
        f"{min(one.seconds for one in told):.0f} to {max(one.seconds for one in told):.0f} s each, {told[-1].memory} MB"
    )
    assert told[-1].memory < MOST_MEMORY


async def opened(path: Path) -> None:
    async with open_database(path, now=records.NOW):
        pass


def fill(path: Path, chance: random.Random) -> list[Place]:
    """Capture posts round about all channels; give some of them all over the file."""
    chain = [""] * CHANNELS
    places = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(
            """INSERT INTO channels (id, access_hash, username, title, verified, fake, scam, restricted, state, joined,
                added_at) VALUES (?, 1, ?, ?, 0, 0, 0, 0, 'followed', 1, 1)""",
            [(number + 1, f"channel_{number + 1}", f"Вести {number + 1}") for number in range(CHANNELS)],
        )
        for start in range(0, REVISIONS, PIECE):
            rows = []
            for number in range(start, start + PIECE):
                channel, seq = number % CHANNELS, number // CHANNELS + 1
                text = " ".join(chance.choices(_WORDS, k=min(200, int(chance.lognormvariate(3, 0.8)) + 1)))
                canonical = revisions.canonical(records.post(seq, text, channel_id=channel + 1), "posted")
                content = chains.sha256(canonical)
                chain[channel] = chains.link(chain[channel], records.NOW + seq, content)
                row = (channel + 1, seq, seq, "posted", records.NOW + seq, canonical, content, chain[channel])
                rows.append(row)
                size = len(canonical.encode())
                if size < 700 and chance.random() < 0.01:  # longer ones lie in several pieces
                    places.append(Place(channel=channel + 1, seq=seq, message_id=seq, size=size, content=content))
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return places


@contextmanager
def changed(path: Path, chosen: Sequence[Place], chance: random.Random) -> Iterator[None]:
    """Change one bit of what was captured or of its hashes, in the file itself, and change it back."""
    flips = []
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        for one in chosen:
            # A row ends with what was captured, its hash and its link.
            hash_at = content.find(one.content.encode())
            flips.append((chance.randrange(hash_at - one.size, hash_at + 128), 1 << chance.randrange(8)))
        for at, bit in flips:
            content[at] ^= bit
    yield
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as content:
        for at, bit in flips:
            content[at] ^= bit


def verify(home: Path) -> Verified:
    begun = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", _VERIFY], cwd=home, capture_output=True, text=True, check=False, timeout=900
    )
    (memory,) = ran.stderr.split()
    return Verified(
        code=ran.returncode,
        lines=tuple(ran.stdout.splitlines()),
        seconds=time.monotonic() - begun,
        memory=int(memory) // 1024,
    )
