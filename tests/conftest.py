"""What tests of every part share."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from bot import rulebook
from bot.pipeline.classify import Classifier
from storage.database import Database, open_database
from tests import records

# How long an example takes says nothing on a busy machine; benchmarks measure time, and every test has its limit.
# Each run draws other examples, so few of them a run add up to many.
settings.register_profile("homefront", deadline=None, max_examples=40)
settings.load_profile("homefront")


_read = rulebook.read
_shipped = cache(_read)


def _read_once(folder: Path | None = None) -> rulebook.Rulebook:
    own = folder is not None and any(folder.glob("*.toml"))
    return _read(folder) if own else replace(_shipped(), lock=asyncio.Lock())


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading what ships takes a second or two, and twice that while it is traced: once in a process is enough."""
    monkeypatch.setattr(rulebook, "read", _read_once)


@pytest.fixture(scope="session")
def shipped() -> rulebook.Rulebook:
    """The topic files and dictionaries as they ship."""
    return _shipped()


@pytest.fixture(scope="session")
def classifier(shipped: rulebook.Rulebook) -> Classifier:
    """What flags posts by the rules as they ship."""
    return shipped.classifier


@pytest.fixture
def rules(shipped: rulebook.Rulebook) -> rulebook.Rulebook:
    """The rules as they ship, for one test to change."""
    return replace(shipped, lock=asyncio.Lock())


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database in a file of its own."""
    async with open_database(tmp_path / "homefront.db", now=records.NOW) as opened:
        yield opened
