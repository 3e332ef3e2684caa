"""What tests of the reader share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import catalogues, ingest, lexicons
from bot.sandbox import server
from bot.sandbox.world import World
from storage.database import Database
from tests.telegram import stage as stages


@pytest.fixture(scope="session")
def teller() -> ingest.Teller:
    return ingest.Teller(classifier=lexicons.load(), catalogues={"en": catalogues.load("en")}, wake=lambda: None)


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
