import pytest

from storage import chats, matches, posts, votes
from storage.database import Connection
from storage.models import ChatId, Match, PostId
from storage.votes import RuleCount
from tests.records import CHAT, NOW, match, post

FRIEND = ChatId(4_200_002)
A_POST = PostId(1)


@pytest.fixture
async def held(tx: Connection) -> Connection:
    """Two posts and a second chat."""
    await posts.put(tx, post(1), language="ru", now=NOW)
    await posts.put(tx, post(2, date=NOW + 10), language="ru", now=NOW)
    await chats.pair(tx, chat_id=FRIEND, role="reader", language="en", timezone="UTC", now=NOW)
    return tx


async def test_the_last_vote_of_a_chat_holds(held: Connection) -> None:
    await votes.put(held, CHAT, A_POST, approves=True, now=NOW)
    await votes.put(held, CHAT, A_POST, approves=False, now=NOW + 1)
    assert await votes.get(held, CHAT, A_POST) is False
    assert await votes.get(held, FRIEND, A_POST) is None


async def test_a_vote_can_be_taken_back(held: Connection) -> None:
    await votes.put(held, CHAT, A_POST, approves=True, now=NOW)
    await votes.put(held, FRIEND, A_POST, approves=True, now=NOW)
    await votes.take_back(held, CHAT, A_POST)
    assert await votes.get(held, CHAT, A_POST) is None
    assert await votes.get(held, FRIEND, A_POST) is True


async def test_rules_are_counted_by_posts_and_votes(held: Connection) -> None:
    twice = match(start=20, end=27)
    other = Match(topic="rotation", start=30, end=35, term="смена", rule="смена")
    await matches.replace(held, A_POST, (match(), twice, match("desertion")))
    await matches.replace(held, PostId(2), (match(), other))
    await votes.put(held, CHAT, A_POST, approves=True, now=NOW)
    await votes.put(held, FRIEND, A_POST, approves=False, now=NOW)
    await votes.put(held, CHAT, PostId(2), approves=False, now=NOW)
    assert await votes.by_rule(held, since=NOW) == (
        RuleCount(topic="desertion", rule="сегодня", posts=1, approved=1, disapproved=1),
        RuleCount(topic="rotation", rule="сегодня", posts=2, approved=1, disapproved=2),
        RuleCount(topic="rotation", rule="смена", posts=1, approved=0, disapproved=1),
    )
    assert [one.posts for one in await votes.by_rule(held, since=NOW + 5)] == [1, 1]


async def test_votes_go_with_their_chat(held: Connection) -> None:
    await votes.put(held, FRIEND, A_POST, approves=True, now=NOW)
    await chats.remove(held, FRIEND)
    assert await votes.get(held, FRIEND, A_POST) is None
