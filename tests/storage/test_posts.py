import itertools
from dataclasses import replace

import pytest

from storage import channels, matches, posts, revisions
from storage.database import Connection
from storage.models import Entity, MessageId, Origin, Post, StoredPost, TextPart
from storage.posts import Put
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, match, post

ENTITY = Entity(kind="link", start=0, length=7, url="https://example.org/?a=1&b=2")
WRITTEN = "Вода будет завтра."


def previewed(title: str = "Водоканал: график", *, edited_at: int | None = None) -> Post:
    text = f"{WRITTEN}\n\n{title}"
    start = len(WRITTEN) + 2
    parts = (
        TextPart(kind="message", start=0, end=len(WRITTEN)),
        TextPart(kind="preview", start=start, end=len(text)),
    )
    return post(1, text, parts=parts, edited_at=edited_at)


async def put(tx: Connection, written: Post, *, now: int = NOW, language: str = "ru") -> Put:
    return await posts.put(tx, written, language=language, now=now)


async def held(tx: Connection, message_id: int = 1) -> StoredPost:
    found = await posts.get(tx, CHANNEL, MessageId(message_id))
    assert found is not None
    return found


async def kinds(tx: Connection, message_id: int = 1) -> list[str]:
    return [revision.kind for revision in await revisions.of_post(tx, CHANNEL, MessageId(message_id))]


async def test_a_new_post_is_held_with_all_that_came_with_it(tx: Connection) -> None:
    origin = Origin(channel_id=OTHER_CHANNEL, message_id=MessageId(7), title="Городские новости", date=NOW - 60)
    written = replace(previewed(), entities=(ENTITY,), media="photo", grouped_id=-(2**63), origin=origin)
    result = await put(tx, written, language="uk")
    assert result == Put(post_id=result.post_id, outcome="new")
    assert await held(tx) == StoredPost(
        id=result.post_id, post=written, language="uk", captured_at=NOW, deleted_at=None, matches=()
    )
    assert await kinds(tx) == ["posted"]


async def test_a_post_that_is_not_held_is_none(tx: Connection) -> None:
    assert await posts.get(tx, CHANNEL, MessageId(1)) is None


async def test_the_same_message_id_in_two_channels_is_two_posts(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    first = await put(tx, post(1, "Одно."))
    second = await put(tx, post(1, "Другое.", channel_id=OTHER_CHANNEL))
    assert first.post_id != second.post_id
    assert [found.post.text for found in await posts.by_ids(tx, [second.post_id, first.post_id])] == [
        "Другое.",
        "Одно.",
    ]
    assert await posts.delete(tx, OTHER_CHANNEL, [MessageId(1)], now=NOW) == (1,)
    assert (await held(tx)).deleted_at is None


async def test_the_same_post_again_changes_nothing(tx: Connection) -> None:
    first = await put(tx, post())
    assert await put(tx, post(), now=NOW + 9, language="bg") == Put(post_id=first.post_id, outcome="same")
    assert (await held(tx)).captured_at == NOW
    assert (await held(tx)).language == "ru"
    assert await kinds(tx) == ["posted"]


async def test_a_change_of_text_leaves_a_revision(tx: Connection) -> None:
    first = await put(tx, post(text="Воды нет."))
    edited = post(text="Вода есть.", edited_at=NOW + 5, entities=(ENTITY,), media="photo")
    assert await put(tx, edited, now=NOW + 6, language="uk") == Put(
        post_id=first.post_id, outcome="edited", previous_text="Воды нет."
    )
    found = await held(tx)
    assert (found.post, found.language, found.captured_at) == (edited, "uk", NOW)
    assert await kinds(tx) == ["posted", "edited"]


async def test_an_edit_without_a_change_of_text_leaves_no_revision(tx: Connection) -> None:
    await put(tx, post())
    again = post(edited_at=NOW + 5, entities=(ENTITY,), media="photo", views=90, forwards=7)
    assert (await put(tx, again)).outcome == "same"
    assert (await held(tx)).post == again
    assert await kinds(tx) == ["posted"]


async def test_a_text_edited_without_the_time_of_the_edit_is_an_edit(tx: Connection) -> None:
    await put(tx, post(text="Воды нет."))
    assert (await put(tx, post(text="Вода есть."))).outcome == "edited"


async def test_numbers_and_times_are_never_lost_to_a_copy_without_them(tx: Connection) -> None:
    origin = Origin(channel_id=None, message_id=None, title=None, date=NOW - 60)
    await put(tx, post(edited_at=NOW + 5, views=90, forwards=7, grouped_id=5, origin=origin))
    assert (await put(tx, post(edited_at=NOW + 5, views=None, forwards=None))).outcome == "same"
    found = (await held(tx)).post
    assert (found.edited_at, found.views, found.forwards) == (NOW + 5, 90, 7)
    assert (found.grouped_id, found.origin) == (5, origin)


async def test_an_older_state_never_overwrites_a_newer_text(tx: Connection) -> None:
    newer = post(text="Вода есть.", edited_at=NOW + 9)
    await put(tx, newer)
    for edited_at in (None, NOW + 8):
        assert (await put(tx, post(text="Воды нет.", edited_at=edited_at, views=11))).outcome == "same"
    assert (await held(tx)).post == replace(newer, views=11)
    assert await kinds(tx) == ["posted"]


async def test_a_text_that_is_taken_away_is_an_edit(tx: Connection) -> None:
    await put(tx, post(text="Вода есть."))
    assert (await put(tx, post(text="", media="photo", edited_at=NOW + 9))).outcome == "edited"


async def test_a_link_preview_that_comes_later_is_captured_but_is_no_edit(tx: Connection) -> None:
    await put(tx, post(text=WRITTEN))
    result = await put(tx, previewed())
    assert (result.outcome, result.previous_text) == ("edited", WRITTEN)
    assert (await held(tx)).post == previewed()
    assert await kinds(tx) == ["posted", "posted"]


async def test_a_copy_that_merely_lacks_the_link_preview_changes_nothing(tx: Connection) -> None:
    await put(tx, previewed())
    assert (await put(tx, post(text=WRITTEN, views=500))).outcome == "same"
    assert (await held(tx)).post == replace(previewed(), views=500)


async def test_a_text_edited_beside_its_link_preview_is_an_edit(tx: Connection) -> None:
    await put(tx, previewed())
    assert (await put(tx, post(text="Воды не будет.", edited_at=NOW + 9))).outcome == "edited"
    assert await kinds(tx) == ["posted", "edited"]


async def test_a_deleted_post_is_marked_once_and_keeps_its_text(tx: Connection) -> None:
    await put(tx, post(1))
    await put(tx, post(2))
    ids = [MessageId(3), MessageId(2), MessageId(1), MessageId(2)]
    assert await posts.delete(tx, CHANNEL, ids, now=NOW + 5) == (2, 1)
    assert await posts.delete(tx, CHANNEL, ids, now=NOW + 6) == ()
    assert ((await held(tx)).deleted_at, (await held(tx)).post) == (NOW + 5, post(1))
    assert await kinds(tx, 2) == ["posted", "deleted"]


async def test_a_deleted_post_put_again_stays_deleted(tx: Connection) -> None:
    await put(tx, post())
    await posts.delete(tx, CHANNEL, [MessageId(1)], now=NOW + 5)
    assert (await put(tx, post(), now=NOW + 6)).outcome == "same"
    assert (await put(tx, post(text="Вода есть."), now=NOW + 7)).outcome == "edited"
    assert (await held(tx)).deleted_at == NOW + 5


async def test_many_posts_are_put_in_one_go_in_their_order(tx: Connection) -> None:
    await put(tx, post(2, "Воды нет."))
    read = [(post(1), "ru"), (post(2, "Вода есть."), "ru"), (post(3), "uk"), (post(2, "Вода есть."), "ru")]
    result = await posts.put_all(tx, CHANNEL, read, now=NOW)
    assert [one.outcome for one in result] == ["new", "edited", "new", "same"]
    assert [(await held(tx, number)).id for number in (1, 2, 3)] == [one.post_id for one in result[:3]]
    assert await revisions.verify(tx, CHANNEL) is None


async def test_a_post_and_its_edit_may_come_together(tx: Connection) -> None:
    read = [(post(1, "Воды нет."), "ru"), (post(1, "Вода есть."), "uk")]
    result = await posts.put_all(tx, CHANNEL, read, now=NOW)
    assert [one.outcome for one in result] == ["new", "edited"]
    assert result[0].post_id == result[1].post_id
    assert ((await held(tx)).post.text, (await held(tx)).language) == ("Вода есть.", "uk")
    assert await kinds(tx) == ["posted", "edited"]


async def test_more_posts_than_one_statement_may_list_are_put_and_found(tx: Connection) -> None:
    read = [(post(number), "ru") for number in range(1, 1202)]
    result = await posts.put_all(tx, CHANNEL, read, now=NOW)
    assert len({one.post_id for one in result}) == 1201
    found = await posts.by_ids(tx, [one.post_id for one in result])
    assert [one.post.message_id for one in found] == list(range(1, 1202))
    every = [MessageId(number) for number in range(1, 1202)]
    assert await posts.delete(tx, CHANNEL, every, now=NOW) == tuple(every)
    assert await revisions.verify(tx, CHANNEL) is None


async def test_nothing_to_put_is_nothing(tx: Connection) -> None:
    assert await posts.put_all(tx, CHANNEL, [], now=NOW) == ()
    assert await posts.delete(tx, CHANNEL, [], now=NOW) == ()
    assert await posts.by_ids(tx, []) == ()


async def test_a_post_comes_with_its_matches(tx: Connection) -> None:
    result = await put(tx, post())
    await matches.replace(tx, result.post_id, (match("rotation"), match("desertion", 8, 12)))
    assert (await held(tx)).matches == (match("rotation"), match("desertion", 8, 12))


async def test_an_edit_keeps_the_matches_until_they_are_replaced(tx: Connection) -> None:
    result = await put(tx, post())
    await matches.replace(tx, result.post_id, (match(),))
    await put(tx, post(text="Вода есть."))
    assert (await held(tx)).matches == (match(),)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
async def test_in_whatever_order_states_come_the_newest_is_held(tx: Connection, order: tuple[int, ...]) -> None:
    states = [post(text=f"Редакция {number}", edited_at=NOW + number if number else None) for number in range(4)]
    for number in order:
        await put(tx, states[number])
    assert (await held(tx)).post == states[3]
    assert await revisions.verify(tx, CHANNEL) is None
