"""The menus of commands, in each language and for each chat."""

from bot.commands import menu
from bot.sandbox import faults
from bot.sandbox.state import Account
from bot.sandbox.world import World
from storage import chats
from storage.models import ChatId
from tests.commands import chatting
from tests.served import Clients, client, new_client, running, world
from tests.telegram import edge
from tests.telegram.listening import Stage, stage, user

__all__ = ["Clients", "client", "new_client", "running", "stage", "user", "world"]


async def test_the_menu_of_commands_is_set(world: World, stage: Stage) -> None:
    async with stage.listening():
        await edge.until(lambda: stage.bot.commands)
    assert [command.command for command in stage.bot.commands] == list(menu.NAMES)


async def test_each_language_and_each_chat_has_its_menu(world: World, stage: Stage, user: Account) -> None:
    async with stage.database.transaction() as tx:
        await chats.set_language(tx, ChatId(user.id), "uk")
    async with stage.listening():
        world.write(user, stage.bot, "/help")
        await edge.until(lambda: len(stage.bot.menus) == 4)
    shown = {whose: commands[-1].description for whose, commands in stage.bot.menus.items()}
    assert shown == {
        (0, ""): chatting.ALL["en"].texts["menu.help"],
        (0, "ru"): chatting.ALL["ru"].texts["menu.help"],
        (0, "uk"): chatting.ALL["uk"].texts["menu.help"],
        (user.id, ""): chatting.ALL["uk"].texts["menu.help"],
    }


async def test_a_menu_that_cannot_be_set_stops_nothing(world: World, stage: Stage, user: Account) -> None:
    world.faults.order("bots.setBotCommands", faults.RpcError(400, "BOT_COMMAND_INVALID"))
    async with stage.listening():
        world.write(user, stage.bot, "/help")
        assert len(await stage.answered(1)) == 1
