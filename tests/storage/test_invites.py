from storage import invites
from storage.database import Connection
from tests.records import NOW


async def labels(tx: Connection, now: int = NOW) -> list[str | None]:
    return [invite.label for invite in await invites.waiting(tx, now=now)]


async def test_an_invite_is_used_once(tx: Connection) -> None:
    await invites.add(tx, "CODE", label="Olena", expires_at=NOW + 60)
    assert await labels(tx) == ["Olena"]
    used = await invites.use(tx, "CODE", now=NOW)
    assert used is not None
    assert (used.label, used.expires_at) == ("Olena", NOW + 60)
    assert await invites.use(tx, "CODE", now=NOW) is None
    assert await labels(tx) == []


async def test_an_invite_is_worth_nothing_once_its_time_is_over(tx: Connection) -> None:
    await invites.add(tx, "CODE", label=None, expires_at=NOW + 60)
    assert await labels(tx, NOW + 60) == []
    assert await invites.use(tx, "CODE", now=NOW + 60) is None
    await invites.sweep(tx, now=NOW + 59)
    assert await labels(tx) == [None]
    await invites.sweep(tx, now=NOW + 60)
    assert await labels(tx) == []


async def test_an_invite_can_be_revoked(tx: Connection) -> None:
    for label in ("Olena", "Dmytro"):
        await invites.add(tx, label, label=label, expires_at=NOW + 60)
    first, _ = await invites.waiting(tx, now=NOW)
    await invites.revoke(tx, first.id)
    assert await labels(tx) == ["Dmytro"]


async def test_another_code_lets_nobody_in(tx: Connection) -> None:
    await invites.add(tx, "CODE", label=None, expires_at=NOW + 60)
    assert await invites.use(tx, "code", now=NOW) is None
