"""Flags what is stored anew after rules changed: in pieces, each with how far it got, and nobody is told."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from bot import indexing, rulebook
from storage import matches, settings, sweep
from storage.database import Connection, Database
from storage.models import StoredPost

PIECE = 500
"""Posts of one transaction: what is lost at most when it is cut off."""
_SETTING = "rematch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it got. `reached`: the row number of the last post done, of `last`; the other numbers are posts.

    `flagged`: those that no rule had matched before; `cleared`: those that none matches any more; `changed`: those that
    other rules, words or places match than before.
    """

    rules: str
    reached: int = 0
    last: int = 0
    posts: int = 0
    flagged: int = 0
    cleared: int = 0
    changed: int = 0


async def run(database: Database, rules: rulebook.Rulebook, *, shown: Callable[[Progress], None]) -> Progress:
    """Flag all posts by `rules`, going on where it was cut off if they are still the same.

    Args:
        database: where the posts are; nobody else may write to it meanwhile.
        rules: those in force.
        shown: told after each piece, and once at the beginning.

    Raises:
        StorageError: The database cannot take it; what was done is kept.
    """
    progress = await _begin(database, rules)
    shown(progress)
    while True:
        async with database.transaction() as tx:
            piece = await sweep.after(tx, progress.reached, limit=PIECE)
            for stored in piece:
                progress = await _again(tx, rules, stored, progress)
            await settings.put(tx, _SETTING, json.dumps(asdict(progress)) if piece else "")
        if not piece:
            return progress
        shown(progress)


async def _begin(database: Database, rules: rulebook.Rulebook) -> Progress:
    async with database.reading() as connection:
        kept = await settings.get(connection, _SETTING)
        last = await sweep.last_id(connection)
    fresh = Progress(rules=fingerprint(rules), last=last)
    if not kept:
        return fresh
    held = Progress(**json.loads(kept))
    return replace(held, last=last) if held.rules == fresh.rules else fresh


def fingerprint(rules: rulebook.Rulebook) -> str:
    """Name the rules as they are: another name, other rules."""
    # What a rule was read as holds the words of the lists that its text only names.
    every = sorted(_sum((rule.topic, rule.language, rule.text, rule.node)) for rule in rulebook.in_force(rules))
    own = sorted(repr(topic) for topic in rules.own.values())
    return _sum((every, own))


def _sum(what: object) -> str:
    return hashlib.sha256(repr(what).encode("utf-8", "surrogatepass")).hexdigest()


async def _again(tx: Connection, rules: rulebook.Rulebook, stored: StoredPost, progress: Progress) -> Progress:
    found = rulebook.classify(rules, stored.post)
    if found.language != stored.language:
        await sweep.set_language(tx, stored.id, found.language)
    if found.language != stored.language or set(found.matches) != set(stored.matches):
        await indexing.flagged_anew(tx, stored, found)
    progress = replace(progress, reached=stored.id, posts=progress.posts + 1)
    if set(found.matches) == set(stored.matches):
        return progress
    await matches.replace(tx, stored.id, found.matches)
    if not stored.matches:
        return replace(progress, flagged=progress.flagged + 1)
    if not found.matches:
        return replace(progress, cleared=progress.cleared + 1)
    return replace(progress, changed=progress.changed + 1)
