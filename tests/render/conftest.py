"""What the tests of texts share."""

import pytest

from bot import catalogues
from bot.render.catalogue import Catalogue


@pytest.fixture(scope="session")
def texts() -> Catalogue:
    """The English texts."""
    return catalogues.load("en")
