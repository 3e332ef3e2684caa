"""What tests of the reader share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import catalogues, ingest, rulebook
from bot.sandbox import server
from bot.sandbox.world import World
from storage.database import Database
from tests.telegram import stage as stages


class NoDictionary:
    """Knows no word: what is read matters here, not what it is about."""

    def forms(self, word: str, language: str) -> frozenset[str]:
        return frozenset({word})

    def known(self, word: str, language: str) -> bool:
        return False

    def holds(self, word: str, language: str) -> bool:
        return False

    def guess(self, text: str, script: str) -> str:
        return "ru"


@pytest.fixture(scope="session")
def teller() -> ingest.Teller:
    nothing = rulebook.assemble([], NoDictionary(), NoDictionary())
    return ingest.Teller(rules=nothing, catalogues={"en": catalogues.load("en")}, wake=lambda: None)


@pytest.fixture
async def stage(tmp_path: Path, database: Database, teller: ingest.Teller, world: World) -> AsyncIterator[stages.Stage]:
    """An account that is signed in on the served world."""
    async with server.serve(world) as running:
        made = stages.Stage(
            folder=tmp_path,
            world=world,
            running=running,
            account=world.add_user(),
            watched=stages.Watched(database),
            teller=teller,
        )
        await made.sign_in()
        yield made


@pytest.fixture
def world() -> World:
    """An empty world; a test may override it to give it a clock or a behaviour."""
    return World()
