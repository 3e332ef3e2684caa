"""Flagging what is stored anew: by the rules as they are, in pieces, with nobody told."""

import pytest

from bot import rematch, rulebook
from bot.pipeline import lexicon, query
from storage import channels, chats, matches, outbox, posts, settings, topics
from storage.database import Database
from storage.models import MessageId, StoredPost
from storage.topic_models import OwnRule, Topic
from tests import records
from tests.commands import chatting


@pytest.fixture
def rules() -> rulebook.Rulebook:
    return chatting.rules()


@pytest.fixture
async def held(database: Database) -> Database:
    """Three posts: one flagged wrongly, one not flagged that should be, one that is nothing."""
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        await chats.pair(tx, chat_id=records.CHAT, role="owner", language="en", timezone="UTC", now=records.NOW)
        texts = ("Сегодня отключили воду.", "Им нужна ротация.", "Завтра солнечно.")
        for number, text in enumerate(texts, start=1):
            await posts.put(tx, records.post(number, text), language="uk", now=records.NOW)
        (first,) = await posts.by_ids(tx, [(await stored(tx, 1)).id])
        await matches.replace(tx, first.id, (records.match(),))
    return database


async def stored(connection: object, number: int) -> StoredPost:
    found = await posts.get(connection, records.CHANNEL, MessageId(number))  # type: ignore[arg-type]
    assert found is not None
    return found


async def flagged(database: Database) -> list[tuple[str, ...]]:
    async with database.reading() as connection:
        return [tuple(match.rule for match in (await stored(connection, n)).matches) for n in (1, 2, 3)]


async def test_all_is_flagged_by_the_rules_as_they_are_and_nobody_told(
    held: Database, rules: rulebook.Rulebook
) -> None:
    shown: list[rematch.Progress] = []
    done = await rematch.run(held, rules, shown=shown.append)
    assert await flagged(held) == [(), ("ротация",), ()]
    assert (done.posts, done.flagged, done.cleared, done.changed) == (3, 1, 1, 0)
    assert [(at.reached, at.last) for at in shown] == [(0, 3), (3, 3)]
    async with held.reading() as connection:
        assert await outbox.pending(connection, records.CHAT, now=records.NOW + 10) == ()
        assert (await stored(connection, 3)).language == "ru"


async def test_a_second_time_changes_nothing(held: Database, rules: rulebook.Rulebook) -> None:
    await rematch.run(held, rules, shown=lambda _: None)
    done = await rematch.run(held, rules, shown=lambda _: None)
    assert (done.posts, done.flagged, done.cleared, done.changed) == (3, 0, 0, 0)


async def test_a_post_that_matches_by_another_rule_counts_as_changed(held: Database, rules: rulebook.Rulebook) -> None:
    await rematch.run(held, rules, shown=lambda _: None)
    async with held.transaction() as tx:
        await topics.put(tx, Topic(name="need", rules=(OwnRule(number=1, text="нужна"),)), now=records.NOW)
    await rulebook.renew(rules, held)
    assert (await rematch.run(held, rules, shown=lambda _: None)).changed == 1


class StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


async def cut_off(database: Database, rules: rulebook.Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop after two posts."""

    def stop(at: rematch.Progress) -> None:
        if at.reached == 2:
            raise StoppedError

    monkeypatch.setattr(rematch, "PIECE", 2)
    with pytest.raises(StoppedError):
        await rematch.run(database, rules, shown=stop)


async def test_cut_off_it_goes_on_where_it_was(
    held: Database, rules: rulebook.Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_off(held, rules, monkeypatch)
    shown: list[rematch.Progress] = []
    done = await rematch.run(held, rules, shown=shown.append)
    assert [at.reached for at in shown] == [2, 3]
    assert (done.posts, done.flagged, done.cleared) == (3, 1, 1)
    async with held.reading() as connection:
        assert await settings.get(connection, "rematch") == ""


async def test_with_other_words_in_a_list_it_begins_anew(held: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await cut_off(held, listing("ротация | смена"), monkeypatch)
    done = await rematch.run(held, listing("ротация | воду"), shown=lambda _: None)
    assert (done.posts, done.flagged) == (3, 1)
    assert await flagged(held) == [("{слова}",), ("{слова}",), ()]


def listing(words: str) -> rulebook.Rulebook:
    """Make a rule that names a list of these words."""
    named = query.Choice((query.parse(words, {}),), "слова")
    rule = lexicon.RuleText(topic="own", language="ru", text="{слова}", node=named)
    small = chatting.rules()
    return rulebook.assemble([rule], small.words, small.detector)


async def test_with_other_rules_it_begins_anew(
    held: Database, rules: rulebook.Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_off(held, rules, monkeypatch)
    async with held.transaction() as tx:
        await topics.put(tx, Topic(name="rotation", active=False), now=records.NOW)
    await rulebook.renew(rules, held)
    done = await rematch.run(held, rules, shown=lambda _: None)
    assert (done.posts, done.cleared) == (3, 1)
    assert await flagged(held) == [(), (), ()]
