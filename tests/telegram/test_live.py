"""What pushed updates bring; taking them in is tested with the reader, over real MTProto."""

from typing import Any

from telethon.tl import types

from bot.sandbox import media
from bot.telegram import live
from storage.models import ChannelId, Cursor, MessageId
from tests.telegram import wire

AT = Cursor(pts=10, complete_id=MessageId(100))


def new(number: int, pts: int, text: str = "…", **fields: Any) -> Any:
    return types.UpdateNewChannelMessage(message=wire.message(number, text, **fields), pts=pts, pts_count=1)


def edited(number: int, pts: int, text: str = "иначе", **fields: Any) -> Any:
    return types.UpdateEditChannelMessage(message=wire.message(number, text, **fields), pts=pts, pts_count=1)


def deleted(pts: int, *numbers: int) -> Any:
    return types.UpdateDeleteChannelMessages(
        channel_id=wire.CHANNEL, messages=list(numbers), pts=pts, pts_count=len(numbers)
    )


def read(*updates: Any, cursor: Cursor = AT) -> live.News:
    return live.read(ChannelId(wire.CHANNEL), cursor, updates, {})


def ids(news: live.News) -> list[int]:
    return [post.message_id for post in news.posts]


def test_posts_edits_and_deletions_that_follow_on_move_the_cursor() -> None:
    news = read(new(101, 11), edited(99, 12), deleted(14, 98, 97), new(102, 15))
    assert ids(news) == [101, 99, 102]
    assert news.deleted == (98, 97)
    assert news.cursor == Cursor(pts=15, complete_id=MessageId(102))
    assert not news.gap


def test_after_a_hole_posts_are_taken_and_the_cursor_stays() -> None:
    news = read(new(101, 11), new(103, 13), new(104, 14))
    assert ids(news) == [101, 103, 104]
    assert news.cursor == Cursor(pts=11, complete_id=MessageId(101))
    assert news.gap


def test_a_push_that_came_before_is_late_and_no_hole() -> None:
    news = read(new(100, 10), new(101, 11), new(101, 11))
    assert ids(news) == [101]
    assert [post.message_id for post in news.late] == [100, 101]
    assert (news.cursor.pts, news.gap) == (11, False)


def test_a_push_without_a_counter_says_nothing_about_the_cursor() -> None:
    news = read(new(101, 0))
    assert (ids(news), news.cursor, news.gap) == ([101], AT, True)


def test_a_service_message_moves_the_cursor_and_is_no_post() -> None:
    peer = types.PeerChannel(channel_id=wire.CHANNEL)
    service = types.MessageService(id=101, peer_id=peer, date=wire.at(wire.DATE), action=media.pinned())
    news = read(types.UpdateNewChannelMessage(message=service, pts=11, pts_count=1))
    assert (news.posts, news.cursor) == ((), Cursor(pts=11, complete_id=MessageId(101)))


def test_other_updates_with_a_counter_move_it_too() -> None:
    pinned = types.UpdatePinnedChannelMessages(channel_id=wire.CHANNEL, messages=[1], pts=11, pts_count=1)
    news = read(pinned, new(101, 12))
    assert (news.cursor.pts, news.gap) == (12, False)


def test_a_part_of_a_rich_post_is_left_to_be_fetched_whole() -> None:
    part = media.rich("а", "б", shown=1).shown
    news = read(new(101, 11, rich_message=part), new(102, 12))
    assert (ids(news), news.cursor, news.gap) == ([102], AT, True)


def test_a_part_that_is_known_is_no_hole() -> None:
    part = media.rich("а", "б", shown=1).shown
    news = read(new(100, 10, rich_message=part))
    assert (news.posts, news.gap) == ((), False)


def test_what_the_server_does_not_tell_has_to_be_asked_for() -> None:
    for update in (types.UpdateChannelTooLong(channel_id=1, pts=15), types.UpdateChannel(channel_id=1)):
        news = read(update)
        assert (news.posts, news.cursor, news.gap) == ((), AT, True)


def test_counts_of_views_are_no_reason_to_ask() -> None:
    news = read(types.UpdateChannelMessageViews(channel_id=wire.CHANNEL, id=100, views=7))
    assert (news.cursor, news.gap) == (AT, False)
