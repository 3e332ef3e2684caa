"""Alerts that are held back: why, until when, and that they are not counted as late."""

import pytest

from storage import backlog, outbox, posts
from storage.database import Connection
from storage.models import Held, Subject
from tests import records
from tests.records import CHAT, NOW
from tests.storage.test_outbox import add, claim, pending


@pytest.mark.parametrize("held", [None, "quiet", "hourly"])
async def test_why_an_alert_is_held_back_is_kept(tx: Connection, held: Held | None) -> None:
    put = await posts.put(tx, records.post(), language="ru", now=NOW)
    subject = Subject(post_id=put.post_id, topics=("rotation",), held=held)
    added = await add(tx, subject=subject, not_before=NOW + 10)
    (found,) = await outbox.by_ids(tx, [added])
    assert found.subject == subject
    assert await pending(tx, now=NOW + 9) == []


async def test_what_waits_is_held_back_and_let_go_and_keeps_the_reason(tx: Connection) -> None:
    put = await posts.put(tx, records.post(), language="ru", now=NOW)
    added = await add(tx, subject=Subject(post_id=put.post_id, topics=("rotation",)))
    other = await add(tx, "other")
    await outbox.hold(tx, [added], not_before=NOW + 60, held="quiet")
    assert await pending(tx, now=NOW + 59) == ["other"]
    await outbox.hold(tx, [added], not_before=NOW, held=None)
    (found,) = await outbox.by_ids(tx, [added])
    assert found.subject is not None
    assert (found.subject.held, found.not_before) == ("quiet", NOW)
    assert await pending(tx, now=NOW) == ["alert:1", "other"]
    assert other != added


async def test_what_is_on_its_way_is_not_held_back(tx: Connection) -> None:
    added = await add(tx)
    await claim(tx, added)
    await outbox.hold(tx, [added], not_before=NOW + 60, held="quiet")
    (found,) = await outbox.by_ids(tx, [added])
    assert found.not_before == NOW


async def test_what_is_held_back_does_not_count_as_waiting(tx: Connection) -> None:
    added = await add(tx, now=NOW)
    await outbox.hold(tx, [added], not_before=NOW + 60, held="quiet")
    await add(tx, "other", now=NOW + 1)
    assert await backlog.counts(tx) == backlog.Counts(waiting=1, waiting_since=NOW + 1, refused=0)
    assert [one.key for one in await backlog.unsent(tx, CHAT)] == ["alert:1", "other"]
