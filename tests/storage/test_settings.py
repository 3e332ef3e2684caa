import pytest

from storage import errors, settings
from storage.database import Connection


async def test_a_value_is_kept_by_name(tx: Connection) -> None:
    await settings.put(tx, "bot.pts", "15")
    await settings.put(tx, "bot.date", "16")
    assert await settings.get(tx, "bot.pts") == "15"


async def test_what_was_never_put_is_none(tx: Connection) -> None:
    assert await settings.get(tx, "bot.pts") is None


async def test_the_newest_value_holds(tx: Connection) -> None:
    await settings.put(tx, "bot.pts", "15")
    await settings.put(tx, "bot.pts", "16")
    assert await settings.get(tx, "bot.pts") == "16"


async def test_a_database_is_bound_to_its_first_server(tx: Connection) -> None:
    await settings.bind_server(tx, "telegram")
    await settings.bind_server(tx, "telegram")
    with pytest.raises(errors.WrongServerError, match="another Telegram server \\(telegram, not 5f3a\\)"):
        await settings.bind_server(tx, "5f3a")
