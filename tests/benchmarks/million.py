"""Databases of a million posts and more, made in minutes and kept under /tmp between runs.

Posts of a year in 50 channels, 1 in 20 flagged and a story of its own, 1 in 10 of these forwarded from a channel that
is not watched, 3 % edited, 1 % deleted; words of a few thousand lexemes, the more frequent the earlier in the list,
each in all its forms. `python -m tests.benchmarks.million 5000000` makes the largest.
"""

import asyncio
import itertools
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymorphy3

import storage
from storage import chains, columns, search
from storage.database import open_database
from storage.models import ChannelId, MessageId, Origin
from tests import records

CHANNELS, DAYS, PIECE = 50, 365, 20_000
TOPICS = ("desertion", "mobilization", "rotation")
REMEMBERED, MARKS = 30 * 86_400, 24
"""Stories are recognised for so many seconds, each post of them by so many marks."""
FLAGGED, EDITED, DELETED, UNREADABLE, FORWARDED = 0.05, 0.03, 0.01, 0.04, 0.1
ELSEWHERE = 400
"""Channels that are not watched, from which posts are forwarded."""
VERSION = 4
"""Part of the file's name: raise it when what is made changes. A new migration makes it anew by itself."""

_MEAN_LOG, _SPREAD_LOG = 3.1, 0.8  # 22 words in the middle, a few hundred at most
_SECONDS = DAYS * 86_400
_KINDS = frozenset({"NOUN", "INFN", "VERB", "ADJF"})
_NAMES = frozenset({"Name", "Surn", "Patr", "Orgn", "Geox", "Abbr"})
_LETTERS = "абвгдезиклмнопрстуфхцчшэ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Lexemes in the order of their frequency, each with its forms."""

    lexemes: tuple[tuple[str, ...], ...]


def vocabulary() -> Vocabulary:
    """Take nouns and verbs from all over the Russian dictionary, always the same ones in the same order."""
    analyzer = pymorphy3.MorphAnalyzer(lang="ru")
    found: dict[str, tuple[str, ...]] = {}
    for prefix in map("".join, itertools.product(_LETTERS, repeat=2)):
        for parse in itertools.islice(analyzer.iter_known_word_parses(prefix), 0, 4_000, 150):
            normal = parse.normal_form
            if parse.tag.POS in _KINDS and not _NAMES & parse.tag.grammemes and normal not in found:
                forms = dict.fromkeys(form.word.replace("ё", "е") for form in parse.lexeme)
                found[normal] = tuple(form for form in forms if form != normal)
    order = np.random.default_rng(7).permutation(len(found))
    every = list(found.items())
    return Vocabulary(lexemes=tuple((every[n][0].replace("ё", "е"), *every[n][1]) for n in order))


def database_of(posts: int) -> Path:
    """Return a file with so many posts, made now unless it was made before."""
    path = path_of(posts)
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        half = path.with_suffix(".half")
        for old in path.parent.glob(f"{half.name}*"):
            old.unlink()
        begun = time.monotonic()
        asyncio.run(_opened(half))
        _fill(half, posts)
        half.rename(path)
        print(f"\n{path}: made in {time.monotonic() - begun:.0f} s, {path.stat().st_size / 1e6:,.0f} MB")
    return path


def path_of(posts: int) -> Path:
    """Name the file with so many posts."""
    schema = len(list((Path(storage.__path__[0]) / "migrations").glob("*.sql")))
    return Path("/tmp/homefront-benchmarks") / f"{posts}-posts-{VERSION}.{schema}.db"


async def _opened(path: Path) -> None:
    async with open_database(path, now=records.NOW):
        pass


def _fill(path: Path, posts: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        _people(connection)
        making = _Making(vocabulary(), posts)
        for start in range(0, posts, PIECE):
            connection.execute("BEGIN")
            for sql, rows in making.piece(start, min(PIECE, posts - start)):
                connection.executemany(sql, rows)
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _people(connection: sqlite3.Connection) -> None:
    connection.executemany(
        """INSERT INTO channels (id, access_hash, username, title, verified, fake, scam, restricted, state, joined,
            added_at, held_from, checked_at, complete_id)
        VALUES (?, 1, ?, ?, 0, 0, 0, 0, 'followed', 1, ?, ?, ?, 1000000)""",
        [
            (
                records.CHANNEL + n,
                f"channel_{n}",
                f"Вести {n}",
                records.NOW - _SECONDS,
                records.NOW - _SECONDS,
                records.NOW,
            )
            for n in range(CHANNELS)
        ],
    )
    connection.execute(
        "INSERT INTO chats (id, role, language, timezone, paired_at) VALUES (?, 'owner', 'en', 'Europe/Kyiv', ?)",
        (records.CHAT, records.NOW - _SECONDS),
    )


class _Making:
    """Makes the rows of one piece after another, always the same ones."""

    def __init__(self, words: Vocabulary, posts: int) -> None:
        self._chance = np.random.default_rng(11)
        self._dates = np.sort(self._chance.integers(0, _SECONDS, posts)) + records.NOW - _SECONDS
        self._forms = [form for forms in words.lexemes for form in forms]
        sizes = np.array([len(forms) for forms in words.lexemes])
        self._sizes, self._starts = sizes, np.concatenate(([0], np.cumsum(sizes)[:-1]))
        weights = 1 / np.arange(1, len(sizes) + 1) ** 0.9
        self._heap = np.cumsum(weights / weights.sum())
        self._chains: dict[int, tuple[int, str]] = {}
        self._messages = [0] * CHANNELS
        self._doc = 0

    def piece(self, start: int, size: int) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """Make posts `start` to `start + size` with all that belongs to them: statements and their rows."""
        texts, channels = self._texts(size), self._chance.integers(0, CHANNELS, size).tolist()
        odd = self._chance.random((5, size)).tolist()
        rows: dict[str, list[tuple[Any, ...]]] = {sql: [] for sql in _STATEMENTS}
        for n, written in enumerate(texts):
            post_id, date, channel = start + n + 1, int(self._dates[start + n]), channels[n]
            self._messages[channel] += 1
            flagged, edited, deleted = odd[0][n] < FLAGGED, odd[1][n] < EDITED, odd[2][n] < DELETED
            text = "" if odd[3][n] < UNREADABLE else written
            language = "und" if not text else ("ru", "ru", "ru", "uk", "en")[post_id % 5]
            flagged = flagged and bool(text)
            topic = TOPICS[post_id % 3] if flagged else None
            place = (records.CHANNEL + channel, self._messages[channel])
            rows[_POST].append(
                (post_id, *place, date, date if edited else None, date + 9 if deleted else None, date + 2, text,
                 f'[["message",0,{len(text)}]]', language, "photo" if not text else None, post_id % 9_000,
                 post_id % 50, int(flagged), post_id if flagged else None,
                 _forwarded(post_id, date) if flagged and odd[4][n] < FORWARDED else None)
            )  # fmt: skip
            old = f"{text} {texts[n - 1][:120]}" if edited else text
            self._revise(rows[_REVISION], place, date, "posted", old)
            if edited:
                self._revise(rows[_REVISION], place, date + 5, "edited", text)
            if deleted:
                self._revise(rows[_REVISION], place, date + 9, "deleted", "")
            if topic is not None:
                rows[_MATCH].append((post_id, topic, 0, 5, "слово", f"{topic} {post_id % 40}"))
                rows[_STORY].append((post_id, date))
                if date > records.NOW - REMEMBERED:
                    marks = self._chance.integers(0, 1 << 62, MARKS).tolist()
                    rows[_MARK].extend((mark, post_id, date) for mark in marks)
                rows[_ALERT].append(
                    (records.CHAT, f"alert:story:{post_id}", post_id, text, post_id, f'["{topic}"]', date)
                )
            self._doc = max(date * search.SECOND, self._doc + 1)
            named = f"{search.channel_mark(ChannelId(place[0]))} {search.language_mark(language)}"
            named = named if topic is None else f"{named} {search.topic_mark(topic)}"
            rows[_DOC].append((self._doc, post_id, named, old if edited else None))
            rows[_CURRENT].append((self._doc, text, named))
            if edited:
                rows[_BEFORE].append((self._doc, old, named))
        yield from rows.items()

    def _texts(self, size: int) -> list[str]:
        lengths = np.clip(self._chance.lognormal(_MEAN_LOG, _SPREAD_LOG, size), 3, 400).astype(int)
        lexemes = np.searchsorted(self._heap, self._chance.random(lengths.sum()))
        forms = self._starts[lexemes] + (self._chance.random(len(lexemes)) * self._sizes[lexemes]).astype(int)
        words = [self._forms[form] for form in forms.tolist()]
        ends = np.cumsum(lengths).tolist()
        return [" ".join(words[end - length : end]) for end, length in zip(ends, lengths.tolist(), strict=True)]

    def _revise(self, rows: list[tuple[Any, ...]], place: tuple[int, int], at: int, kind: str, text: str) -> None:
        canonical = json.dumps(
            {"channel_id": place[0], "format": 1, "kind": kind, "message_id": place[1], "parts": [], "text": text},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        seq, chain = self._chains.get(place[0], (0, ""))
        content = chains.sha256(canonical)
        chain = chains.link(chain, at, content)
        self._chains[place[0]] = (seq + 1, chain)
        rows.append((place[0], seq + 1, place[1], kind, at, canonical, content, chain))


def _forwarded(post_id: int, date: int) -> str | None:
    number = post_id * 7919 % ELSEWHERE
    return columns.origin(
        Origin(
            channel_id=ChannelId(records.CHANNEL + CHANNELS + 1 + number),
            message_id=MessageId(post_id),
            title=f"Голос {number}",
            date=date - 600,
            username=f"voice_{number}",
        )
    )


_POST = """INSERT INTO posts (id, channel_id, message_id, date, edited_at, deleted_at, captured_at, text, parts,
    entities, language, media, views, forwards, flagged, story_id, origin)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, ?, ?, ?, ?)"""
_REVISION = "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_MATCH = 'INSERT INTO matches (post_id, topic, start, "end", term, rule) VALUES (?, ?, ?, ?, ?, ?)'
_STORY = "INSERT INTO stories (id, began_at) VALUES (?, ?)"
_MARK = "INSERT INTO marks (mark, post_id, at) VALUES (?, ?, ?)"
_ALERT = """INSERT INTO outbox (chat_id, kind, act, key, random_id, text, entities, buttons, silent, post_id, topics,
    state, created_at, not_before, sent_at, sent_message_id)
VALUES (?, 'alert', 'send', ?, ?, ?, '[]', '[]', 0, ?, ?, 'sent', ?7, ?7, ?7, ?3)"""
_DOC = "INSERT INTO search_docs (id, post_id, marks, before) VALUES (?, ?, ?, ?)"
_CURRENT = "INSERT INTO search_current (rowid, text, marks) VALUES (?, ?, ?)"
_BEFORE = "INSERT INTO search_before (rowid, text, marks) VALUES (?, ?, ?)"
_STATEMENTS = (_POST, _REVISION, _MATCH, _STORY, _MARK, _ALERT, _DOC, _CURRENT, _BEFORE)


if __name__ == "__main__":
    database_of(int(sys.argv[1]))
