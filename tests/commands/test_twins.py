"""A channel that is called like one that is watched is pointed out before it is watched too."""

from bot.commands import adding
from storage import settings
from storage.database import Database
from tests import records
from tests.commands import chatting

TWIN = records.channel_info(99, username="path_home_true", title="Пyть  домой!")
WATCHED = records.channel_info(98, username="path_home", title="Путь домой")
CAREFUL = "⚠️ Careful: Пyть домой! (@path_home_true) is called like Путь домой (@path_home), which I watch, but"


async def test_a_channel_called_like_one_that_is_watched_is_pointed_out(chat: chatting.Chatting) -> None:
    await chat.follows(WATCHED)
    chat.reader.knows("путь домой", TWIN, WATCHED, records.channel_info(97, username="far", title="Путь далеко"))
    assert (await chat.hears("/add путь домой")).count("Careful") == 1
    chat.reader.knows("@path_home_true", TWIN, exact=True)
    said = await chat.hears("/add @path_home_true")
    assert CAREFUL in said
    assert said.startswith("Now I watch Пyть домой!")


async def test_it_is_pointed_out_also_where_it_is_asked_how_to_watch_it(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(WATCHED, records.channel_info(96, username=None, title="Путь домой."))
    async with database.transaction() as tx:
        await settings.put(tx, adding.USUAL_WAY, "")
    chat.reader.knows("@path_home_true", TWIN, exact=True)
    said = await chat.hears("/add @path_home_true")
    assert said.startswith("⚠️ Careful: Пyть домой! (@path_home_true) is called like Путь домой., which I watch")
    assert CAREFUL in said
