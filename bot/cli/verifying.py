"""`homefront verify`: says whether all that was captured stands as it was, and where it does not."""

import argparse
import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from bot import folder
from bot.cli import bars, clock, stored, terminal
from bot.cli.trouble import TroubleError
from bot.render import phrases
from storage import chains, channels, database
from storage.chains import Break, Fault, Link
from storage.database import Connection
from storage.models import Channel, ChannelId, ChannelInfo

MOST_SHOWN = 100
"""Breaks that are printed; more are only counted."""
_NOTED = re.compile(r"[0-9a-f]{8,64}")
_FAULTS: dict[Fault, str] = {
    "text": "what was captured was changed afterwards: its SHA-256 is not the one that was noted",
    "hash": "the SHA-256 that was noted of it was changed afterwards",
    "link": "its time of capture or its link of the chain was changed afterwards",
    "place": "it bears another channel, post or kind than what was captured says",
    "erased": "what was captured is gone, although its post was never forgotten",
}


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What was found so far. `found`: links that were looked for."""

    looked: int = 0
    erased: int = 0
    breaks: int = 0
    found: list[Link] = field(default_factory=list)


def run(arguments: argparse.Namespace) -> int:
    """Check all chains; the exit code is 1 where one breaks, or a head that was noted is not found.

    Raises:
        TroubleError: There is nothing to check, or a head is none.
    """
    noted = tuple(dict.fromkeys(head.lower() for head in arguments.noted))
    for head in noted:
        if not _NOTED.fullmatch(head):
            raise TroubleError(f"{head} is no head of a chain: 8 to 64 digits from 0 to f.", code=2)
    local = stored.local(arguments, nothing="There is nothing to check")
    path = folder.database(local.data_dir)
    return asyncio.run(_verify(path, noted, show_heads=arguments.heads))


async def _verify(path: Path, noted: Sequence[str], *, show_heads: bool) -> int:
    async with database.open_database(path, now=clock.now()) as opened, opened.reading() as connection:
        heads = await chains.heads(connection)
        infos = {channel.info.id: channel.info for channel in await _channels(connection, heads)}
        tally = await _walk(connection, heads, infos, noted)
        seals = await _sealed(connection, [one for one in noted if not _standing(tally, one)])
    if show_heads:
        for head in heads:
            terminal.say(f"{head.chain_sha256}  {head.seq}  {_named(infos, head.channel_id)}")
    lost = _say_noted(tally, heads, infos, noted, seals)
    _say_sum(tally, len(heads))
    return 1 if tally.breaks or lost else 0


async def _channels(connection: Connection, heads: Sequence[Link]) -> list[Channel]:
    found = [await channels.get(connection, head.channel_id) for head in heads]
    return [channel for channel in found if channel is not None]


async def _walk(
    connection: Connection, heads: Sequence[Link], infos: Mapping[ChannelId, ChannelInfo], noted: Sequence[str]
) -> _Tally:
    tally = _Tally()
    with bars.counting() as bar:
        task = bar.add_task("Checking", total=sum(head.seq for head in heads))
        async with aclosing(chains.walk(connection, noted=noted)) as pages:
            async for page in pages:
                for one in page.breaks[: max(0, MOST_SHOWN - tally.breaks)]:
                    bar.stop()  # what is printed would else be written over
                    terminal.say(f"✗ {_described(infos, one)}")
                    bar.start()
                tally.looked += page.looked
                tally.erased += page.erased
                tally.breaks += len(page.breaks)
                tally.found += page.found
                bar.update(task, completed=tally.looked)
    return tally


async def _sealed(connection: Connection, noted: Sequence[str]) -> Mapping[str, int]:
    if not noted:
        return {}
    with bars.counting() as bar:
        bar.add_task("Looking for a sum of all chains", total=None)
        return await chains.sealed(connection, noted)


def _described(infos: Mapping[ChannelId, ChannelInfo], one: Break) -> str:
    where = _named(infos, one.channel_id)
    if one.fault == "missing":
        which = f"revision {one.seq} is" if one.seq == one.last else f"revisions {one.seq} to {one.last} are"
        return f"{where}: {which} not there any more."
    link = "" if one.channel_id not in infos else f" {phrases.link(infos[one.channel_id], one.message_id)}"
    return (
        f"{where}: revision {one.seq}, of post {one.message_id}, captured {_time(one.captured_at)}: "
        f"{_FAULTS[one.fault]}.{link}"
    )


def _named(infos: Mapping[ChannelId, ChannelInfo], channel_id: ChannelId) -> str:
    info = infos.get(channel_id)
    if info is None:
        return f"channel {channel_id}"
    return " ".join(filter(None, (phrases.title(info), phrases.username(info))))


def _time(at: int) -> str:
    try:
        return f"{phrases.utc(at)} UTC"
    except (OverflowError, OSError, ValueError):  # a changed time may be none at all
        return f"at {at}"


def _standing(tally: _Tally, noted: str) -> list[Link]:
    return [link for link in tally.found if link.chain_sha256.startswith(noted)]


def _say_noted(
    tally: _Tally,
    heads: Sequence[Link],
    infos: Mapping[ChannelId, ChannelInfo],
    noted: Sequence[str],
    seals: Mapping[str, int],
) -> int:
    """Say where heads that were noted earlier stand, and when sums of all heads held; return how many are nowhere."""
    newest = {head.channel_id: head.seq for head in heads}
    lost = 0
    for head in noted:
        found = _standing(tally, head)
        for link in found:
            where, since = _named(infos, link.channel_id), newest[link.channel_id] - link.seq
            terminal.say(f"✓ {head} stands in {where} as revision {link.seq}; {since} came after it.")
        if head in seals:
            terminal.say(f"✓ {head} is the sum of all chains as they stood after a capture of {_time(seals[head])}.")
        elif not found:
            lost += 1
            terminal.say(
                f"✗ {head} stands in no chain and is no sum of them: what was captured up to it was changed or cut off."
            )
    return lost


def _say_sum(tally: _Tally, count: int) -> None:
    of = f"{_count(tally.looked, 'revision')} of {_count(count, 'channel')}"
    erased = f" {tally.erased} of them had their text erased; their SHA-256 stands." if tally.erased else ""
    if not tally.breaks:
        terminal.say(f"✓ {of} as captured: every chain holds.{erased}")
        return
    more = f", the first {MOST_SHOWN} of them above" if tally.breaks > MOST_SHOWN else ""
    terminal.say(
        f"{_count(tally.breaks, 'break')} in {of}{more}.{erased} This check changed nothing. Something else wrote into "
        "the database, or its disk fails: keep the file as it is, and compare it with a backup."
    )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
