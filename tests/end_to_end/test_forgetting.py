"""A post is forgotten: out of the chat, out of the data folder, and it stays so, whatever is read later."""

from pathlib import Path

from bot import folder
from bot.sandbox import server
from bot.sandbox.world import World
from storage import posts, revisions
from storage.database import open_database
from storage.models import ChannelId, MessageId
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:token-of-the-test", "watching_bot"
SECRET = "Приходько"


async def test_what_is_forgotten_leaves_the_chat_and_the_folder_and_does_not_come_back(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    world.add_user(phone="79990000001", code="11111")
    owner = world.add_user(phone="79990000002", code="22222")
    world.add_bot(token=TOKEN, username=BOT)
    channel = world.add_channel("Путь домой", "way_home")
    found = home.settings_for(tmp_path / "data", running.address, token=TOKEN, channels=("way_home",))
    await home.sign_in(found, "+79990000001", "11111")

    def written() -> list[str]:
        return [letter.text for letter in world.chat(owner, world.state.accounts[4242])]

    async with home.phone_of(owner, running.address, BOT) as phone, home.living(found) as alive:
        await phone.write(f"/start {await alive.code}")
        await home.shown(phone, "sample")
        post = world.post(channel, f"Дезертир {SECRET}, тел. 8 921 123-45-67, задержан.")
        link = f"https://t.me/way_home/{post.id}"
        alert = await home.shown(phone, link)
        assert f"Дезертир {SECRET}, тел. • ••• •••-••-67, задержан." in alert.text
        await phone.write("/digest")
        await home.shown(phone, SECRET)
        await phone.write("/search задержан")
        await home.shown(phone, "🔎 задержан")
        await phone.write(f"/forget {link}")
        asked = await home.shown(phone, "Forget the post of")
        async with home.eventually(world) as something:
            await phone.press(asked.message_id, (asked.buttons[0][0].data or ""))
            while any(SECRET in text for text in written()):
                await something()
        assert sum(text.startswith("🗑 The text of this post was forgotten") for text in written()) == 1
        assert sum("(the text is forgotten)" in text for text in written()) == 2

        world.edit(post, f"Дезертир {SECRET} – снова он.")
        other = world.post(channel, "Ещё один дезертир.")
        await home.shown(phone, f"https://t.me/way_home/{other.id}")
        await phone.write(f"/why {link}")
        await home.shown(phone, "forgotten by the owner")

    assert not any(SECRET in text for text in written())
    await only_the_chain_is_left(found.data_dir, ChannelId(channel.id), MessageId(post.id))
    assert files_with(SECRET, found.data_dir) == files_with(SECRET.lower(), found.data_dir) == []


def files_with(word: str, data_dir: Path) -> list[str]:
    return [file.name for file in data_dir.iterdir() if word.encode() in file.read_bytes()]


async def only_the_chain_is_left(data_dir: Path, channel_id: ChannelId, message_id: MessageId) -> None:
    async with open_database(folder.database(data_dir), now=home.clock()) as held, held.reading() as connection:
        stored = await posts.get(connection, channel_id, message_id)
        assert stored is not None
        assert stored.post.text == ""
        assert await revisions.verify(connection, channel_id) is None
