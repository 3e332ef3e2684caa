"""A story over real MTProto: another channel takes it up, the post is edited and deleted, as the user's phone shows."""

from pathlib import Path

from bot.sandbox import server
from bot.sandbox.phone import Shown
from bot.sandbox.world import World
from tests import newsroom
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:token-of-the-test", "watching_bot"


def styled(message: Shown, kind: str) -> list[str]:
    """What stands in one format."""
    units = message.text.encode("utf-16-le")
    runs = [units[2 * e.start : 2 * (e.start + e.length)] for e in message.entities if e.kind == kind]
    return [run.decode("utf-16-le").strip() for run in runs]


async def test_an_alert_follows_its_story_on(world: World, running: server.Server, tmp_path: Path) -> None:
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    bot = world.add_bot(token=TOKEN, username=BOT)
    first = world.add_channel("Путь домой", "way_home")
    second = world.add_channel("Окопный блокнот", "trench_notes")
    names = ("way_home", "trench_notes")
    found = home.settings_for(tmp_path / "data", running.address, token=TOKEN, channels=names)
    await home.sign_in(found, "+79990000001", "11111")
    async with home.phone_of(owner, running.address, BOT) as phone, home.living(found) as alive:
        await phone.write(f"/start {await alive.code}")
        await home.shown(phone, "sample")
        post = world.post(first, newsroom.TEXT, views=900)
        alert = await home.shown(phone, f"https://t.me/way_home/{post.id}")

        world.post(second, f"СРОЧНО: {newsroom.TEXT} Подписаться", views=100)
        changed = await home.shown(phone, "also: Окопный блокнот +")
        assert (changed.message_id, changed.edited) == (alert.message_id, True)
        assert "👁 1,000 views in 2 channels" in changed.text

        world.edit(post, newsroom.TEXT.replace("двадцать шестой", "двадцать седьмой"))
        edited = await home.shown(phone, "✏️ Edited")
        assert (styled(edited, "strike"), styled(edited, "underline")) == (["шестой"], ["седьмой"])

        world.delete(post)
        deleted = await home.shown(phone, "🗑 Deleted")
        assert await phone.press(deleted.message_id, str(deleted.buttons[0][0].data)) is None
        assert "двадцать седьмой" in (await home.shown(phone, "🗑 Deleted")).text
    below = [letter.reply_to for letter in world.chat(owner, bot) if letter.text.startswith(("✏️", "🗑"))]
    assert [under and under.ids[owner.id] for under in below] == [alert.message_id] * 2
