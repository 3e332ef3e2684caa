"""What tests of every part share."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
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


@pytest.fixture(scope="session")
def shipped() -> rulebook.Rulebook:
    """The topic files and dictionaries as they ship: reading them takes a second or two, so once is enough."""
    return rulebook.read()


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
