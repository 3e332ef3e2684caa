"""A topic of one's own, from its trial to its first alert, while the process goes on running."""

from pathlib import Path

from bot.sandbox import server
from bot.sandbox.phone import Shown
from bot.sandbox.world import World
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:token-of-the-test", "watching_bot"
DAY = 24 * 3600


def data(message: Shown, label: str) -> str:
    """What the button carries whose label begins so."""
    found = next(button.data for row in message.buttons for button in row if button.label.startswith(label))
    assert found is not None
    return found


async def test_a_rule_that_was_tried_flags_the_next_post_and_is_judged(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    world.add_bot(token=TOKEN, username=BOT)
    channel = world.add_channel("Вести гарнизона", "garrison_news")
    world.post(channel, "Работы на водопроводах города.", date=home.clock() - 2 * DAY)
    found = home.settings_for(tmp_path / "data", running.address, token=TOKEN, channels=("garrison_news",))

    await home.sign_in(found, "+79990000001", "11111")
    async with home.phone_of(owner, running.address, BOT) as phone, home.living(found) as alive:
        await phone.write(f"/start {await alive.code}")
        world.post(channel, "Поймали дезертира.")
        await home.shown(phone, "дезертира")
        await phone.write("/try водопровод 7d")
        tried = await home.shown(phone, "водопроводах")
        await phone.press(tried.message_id, data(tried, "✅"))
        await home.shown(phone, "1 rule of yours")

        post = world.post(channel, "Водопровод снова течёт.")
        link = f"https://t.me/garrison_news/{post.id}"
        alert = await home.shown(phone, link)
        await phone.press(alert.message_id, data(alert, "👎"))
        await phone.write("/topics")
        assert "👎 1" in (await home.shown(phone, "I look for")).text
        await phone.write(f"/why {link}")
        assert "Водопровод – водопровод, by водопровод" in (await home.shown(phone, "What matches")).text
