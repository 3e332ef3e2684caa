"""The world by itself: what tests arrange, without a server."""

import pytest

from bot.sandbox import faults, journal, letters, media, state
from bot.sandbox.state import RefusedError
from bot.sandbox.world import World


def test_a_journal_tells_what_came_after_a_pts() -> None:
    written = journal.Journal()
    events = [written.note("new", (1,)), written.note("delete", (1, 2, 3)), written.note("edit", (4,))]
    assert [event.pts for event in events] == [2, 5, 6]
    assert written.since(1) == events
    assert written.since(2) == events[1:]
    assert written.since(4) == events[1:]
    assert written.since(6) == []


def test_an_album_has_one_group_and_its_text_once() -> None:
    world = World()
    channel = world.add_channel("Канал", "channel")
    first, second = world.album(channel, [media.photo(), media.photo()], "подпись")
    assert (first.text, second.text, first.grouped_id == second.grouped_id) == ("подпись", "", True)
    assert world.album(channel, [media.photo()])[0].grouped_id != first.grouped_id


def test_a_forward_of_a_forward_names_the_first_origin() -> None:
    world = World()
    one, two, three = (world.add_channel(name, name) for name in ("one", "two", "three"))
    post = world.post(one, "первым")
    last = world.forward(world.forward(post, two), three)
    assert last.origin is not None
    assert (last.origin.channel_id, last.origin.post_id) == (one.id, post.id)
    hidden = world.post(two, "чужое", origin=state.Origin(date=1, name="Имя"))
    assert hidden.origin == state.Origin(date=1, name="Имя")


def test_nobody_is_told_of_what_is_done_quietly() -> None:
    world = World()
    told: list[state.Push] = []
    channel = world.add_channel("Канал", "channel", members=(world.add_user(),))
    world.listen(told.append)
    post = world.post(channel, "раз", push=False)
    world.edit(post, "два", push=False)
    world.delete(post, push=False)
    world.change(channel, push=False, title="Другой")
    assert (told, channel.title, channel.journal.pts) == ([], "Другой", 4)
    world.post(channel, "вслух")
    assert [push.subject for push in told] == ["channel"]


def test_bots_do_not_write_to_bots_nor_users_to_whom_they_blocked() -> None:
    world = World()
    user, bot, other = world.add_user(), world.add_bot(), world.add_bot(token="5:x", username="other_bot")
    with pytest.raises(RefusedError, match="USER_IS_BOT"):
        world.write(bot, other, "привет")
    user.blocked.add(bot.id)
    with pytest.raises(RefusedError, match="YOU_BLOCKED_USER"):
        world.write(user, bot, "привет")


def test_a_message_to_oneself_has_one_id() -> None:
    world = World()
    user = world.add_user()
    letter = world.write(user, user, "на память")
    assert letter.ids == {user.id: 1}
    assert letters.between(user, user.id) == [letter]


def test_an_order_without_end_can_be_taken_back() -> None:
    ordered = faults.Faults()
    order = ordered.order("messages.getHistory", faults.Flood(3), times=faults.ALWAYS, every=2)
    struck = [ordered.strike("messages.getHistory", account=1, channel=None) is not None for _ in range(4)]
    assert (struck, order.fired) == ([False, True, False, True], 2)
    assert ordered.strike(faults.PUSH, account=1, channel=None) is None
    ordered.cancel(order)
    assert ordered.strike("messages.getHistory", account=1, channel=None) is None
