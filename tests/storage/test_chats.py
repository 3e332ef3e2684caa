from storage import chats, outbox, summaries
from storage.database import Connection
from storage.models import Chat, ChatId, Mute, MuteKind
from tests.records import CHAT, NOW, message

OTHER = ChatId(4_200_002)


def muted(subject: str, until: int | None, *, chat_id: ChatId = CHAT, kind: MuteKind = "topic") -> Mute:
    return Mute(chat_id=chat_id, kind=kind, subject=subject, until=until)


async def pair_other(tx: Connection, *, now: int = NOW + 1) -> Chat:
    return await chats.pair(tx, chat_id=OTHER, role="reader", language="uk", timezone="Europe/Kyiv", now=now)


async def test_a_chat_that_is_paired_is_let_in(tx: Connection) -> None:
    chat = await pair_other(tx)
    assert chat == Chat(
        id=OTHER, role="reader", language="uk", timezone="Europe/Kyiv", paired_at=NOW + 1, unreachable_since=None
    )
    assert await chats.get(tx, OTHER) == chat
    assert [chat.id for chat in await chats.all_chats(tx)] == [CHAT, OTHER]


async def test_a_stranger_is_none(tx: Connection) -> None:
    assert await chats.get(tx, OTHER) is None


async def test_pairing_again_changes_the_role_and_nothing_that_the_chat_chose(tx: Connection) -> None:
    await pair_other(tx)
    await chats.set_unreachable(tx, OTHER, NOW + 2)
    await chats.set_timezone(tx, OTHER, "Asia/Tbilisi", own=True)
    chat = await chats.pair(tx, chat_id=OTHER, role="owner", language="en", timezone="UTC", now=NOW + 3)
    assert chat == Chat(
        id=OTHER, role="owner", language="uk", timezone="Asia/Tbilisi", own_timezone=True, paired_at=NOW + 1
    )


async def test_a_chat_is_unreachable_since_the_first_refusal_until_it_is_reached(tx: Connection) -> None:
    await chats.set_unreachable(tx, CHAT, NOW + 1)
    await chats.set_unreachable(tx, CHAT, NOW + 2)
    chat = await chats.get(tx, CHAT)
    assert chat is not None
    assert chat.unreachable_since == NOW + 1
    await chats.set_unreachable(tx, CHAT, None)
    chat = await chats.get(tx, CHAT)
    assert chat is not None
    assert chat.unreachable_since is None


async def test_how_far_a_bot_has_answered_in_a_group_is_known_to_that_bot_alone_and_forgotten_with_the_group(
    tx: Connection,
) -> None:
    assert await chats.reached(tx, CHAT, bot_id=42) is None
    await chats.set_reached(tx, CHAT, 77, bot_id=42)
    assert await chats.reached(tx, CHAT, bot_id=42) == 77
    assert await chats.reached(tx, CHAT, bot_id=43) is None
    await chats.remove(tx, CHAT)
    await chats.set_reached(tx, CHAT, 78, bot_id=42)
    assert await chats.reached(tx, CHAT, bot_id=42) is None


async def test_a_chat_that_is_removed_is_forgotten_with_what_waits_for_it(tx: Connection) -> None:
    await chats.mute(tx, muted("rotation", None))
    ids = []
    for number in range(3):
        added = await outbox.add(
            tx, chat_id=CHAT, kind="alert", key=f"{number}", random_id=number + 1, message=message(), now=NOW
        )
        assert added is not None
        ids.append(added)
    await summaries.fold(tx, ids[1:], into=ids[0], summary=ids[0])
    await chats.remove(tx, CHAT)
    assert await chats.get(tx, CHAT) is None
    assert await chats.mutes(tx, now=NOW) == ()
    assert await outbox.by_ids(tx, ids) == ()


async def test_mutes_of_all_chats_hold_until_their_time(tx: Connection) -> None:
    await pair_other(tx)
    forever = muted("desertion", None)
    tomorrow = muted("77", NOW + 86_400, kind="channel", chat_id=OTHER)
    for mute in (forever, tomorrow, muted("rotation", NOW)):
        await chats.mute(tx, mute)
    assert await chats.mutes(tx, now=NOW) == (forever, tomorrow)
    assert await chats.mutes(tx, now=NOW + 86_400) == (forever,)


async def test_the_newest_mute_of_a_subject_holds(tx: Connection) -> None:
    await chats.mute(tx, muted("rotation", None))
    await chats.mute(tx, muted("rotation", NOW + 1))
    assert await chats.mutes(tx, now=NOW) == (muted("rotation", NOW + 1),)


async def test_a_mute_is_lifted_for_its_chat_kind_and_subject_alone(tx: Connection) -> None:
    await pair_other(tx)
    others = [muted("77", None, kind="channel"), muted("77", None, chat_id=OTHER), muted("78", None)]
    for mute in (*others, muted("77", None)):
        await chats.mute(tx, mute)
    await chats.unmute(tx, CHAT, kind="topic", subject="77")
    assert set(await chats.mutes(tx, now=NOW)) == set(others)


async def test_what_a_chat_sets_is_kept(tx: Connection) -> None:
    await chats.set_timezone(tx, CHAT, "Asia/Tbilisi", own=True)
    await chats.set_language(tx, CHAT, "uk")
    await chats.set_topics(tx, CHAT, ("rotation", "вода"))
    await chats.set_silent_topics(tx, CHAT, ("rotation",))
    await chats.set_mode(tx, CHAT, "hourly")
    await chats.set_quiet(tx, CHAT, (1320, 0))
    await chats.set_digest_at(tx, CHAT, 0)
    await chats.set_digested(tx, CHAT, NOW)
    assert await chats.get(tx, CHAT) == Chat(
        id=CHAT,
        role="owner",
        language="uk",
        timezone="Asia/Tbilisi",
        paired_at=NOW,
        own_timezone=True,
        topics=("rotation", "вода"),
        silent_topics=("rotation",),
        mode="hourly",
        quiet_from=1320,
        quiet_to=0,
        digest_at=0,
        digested_until=NOW,
    )
    await chats.set_quiet(tx, CHAT, None)
    found = await chats.get(tx, CHAT)
    assert found is not None
    assert (found.quiet_from, found.quiet_to) == (None, None)


async def test_what_the_owner_calls_somebody_stays_until_he_is_called_otherwise(tx: Connection) -> None:
    pairing = {"chat_id": OTHER, "role": "reader", "language": "uk", "timezone": "UTC", "now": NOW}
    assert (await chats.pair(tx, label="Olena", **pairing)).label == "Olena"  # type: ignore[arg-type]
    assert (await chats.pair(tx, **pairing)).label == "Olena"  # type: ignore[arg-type]
    assert (await chats.pair(tx, label="Dmytro", **pairing)).label == "Dmytro"  # type: ignore[arg-type]


class TestAGroupThatMoves:
    BEFORE, AFTER = ChatId(-9), ChatId(-1_000_000_000_011)

    async def told(self, tx: Connection) -> None:
        await chats.pair(
            tx, chat_id=self.BEFORE, role="reader", language="uk", timezone="UTC", now=NOW, label="Newsroom"
        )
        await chats.mute(tx, muted("rotation", None, chat_id=self.BEFORE))
        ids = []
        for number in range(3):
            added = await outbox.add(
                tx, chat_id=self.BEFORE, kind="alert", key=f"{number}", random_id=number + 1, message=message(), now=NOW
            )
            assert added is not None
            ids.append(added)
        await outbox.settle(tx, ids[0], message_id=77, now=NOW)
        await chats.set_unreachable(tx, self.BEFORE, NOW)

    async def test_takes_along_what_is_its_own_and_can_be_reached(self, tx: Connection) -> None:
        await self.told(tx)
        await chats.move(tx, self.BEFORE, self.AFTER)
        group = await chats.get(tx, self.AFTER)
        assert group is not None
        assert (group.label, group.language, group.unreachable_since, group.is_group) == ("Newsroom", "uk", None, True)
        assert await chats.get(tx, self.BEFORE) is None
        assert await chats.mutes(tx, now=NOW) == (muted("rotation", None, chat_id=self.AFTER),)
        assert [one.key for one in await outbox.pending(tx, self.AFTER, now=NOW)] == ["1", "2"]

    async def test_is_answered_from_the_beginning_of_its_new_chat(self, tx: Connection) -> None:
        await self.told(tx)
        await chats.move(tx, self.BEFORE, self.AFTER)
        assert await chats.reached(tx, self.AFTER, bot_id=42) == chats.BEGINNING

    async def test_no_longer_knows_its_old_messages_by_their_ids(self, tx: Connection) -> None:
        await self.told(tx)
        await chats.move(tx, self.BEFORE, self.AFTER)
        assert await outbox.by_sent(tx, self.AFTER, 77) is None
        assert await outbox.sent_as(tx, self.AFTER, "0") == 0

    async def test_moves_once_even_where_it_is_known_under_its_new_id(self, tx: Connection) -> None:
        await self.told(tx)
        await chats.pair(tx, chat_id=self.AFTER, role="reader", language="en", timezone="UTC", now=NOW)
        await chats.mute(tx, muted("rotation", NOW + 5, chat_id=self.AFTER))
        await chats.set_reached(tx, self.AFTER, 77, bot_id=42)
        for _ in range(2):
            await chats.move(tx, self.BEFORE, self.AFTER)
        assert [chat.id for chat in await chats.all_chats(tx)] == [self.AFTER, CHAT]
        assert await chats.reached(tx, self.AFTER, bot_id=42) == 77
        assert await chats.mutes(tx, now=NOW) == (muted("rotation", NOW + 5, chat_id=self.AFTER),)
