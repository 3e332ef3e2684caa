"""Channels that post, and what the outbox then holds for a chat: for tests of what becomes of a story."""

from dataclasses import dataclass, field

from bot import catalogues, ingest, rulebook
from storage import channels, chats, database, messages, outbox
from storage.database import Database
from storage.models import ChannelInfo, ChatId, Message, MessageId, Mute, MuteKind, Origin, OutboxMessage, Role
from tests import records
from tests.render import showing

OWNER, READER = ChatId(4001), ChatId(4002)
NOW = records.NOW
MINUTE, HOUR, DAY = 60, 3600, 86_400
TITLES = ("Путь домой", "Окопный блокнот", "Северная почта", "Тил і фронт", "Border Dispatch")
TEXT = (
    "Жёны мобилизованных из Заречного записали обращение к губернатору. Они рассказали, что мужья находятся на "
    "передовой двадцать шестой месяц без отпуска и замены. Командир части отказался назвать сроки ротации. Женщины "
    "просят принять их лично и ответить письменно."
)
OTHER = (
    "Гарнизонный суд приговорил рядового к шести годам колонии за самовольное оставление части. Следствие установило, "
    "что он ушёл из госпиталя в марте и четыре месяца жил у родственников. Адвокат сообщил, что подаст апелляцию."
)


def channel(number: int) -> ChannelInfo:
    title = TITLES[number] if number < len(TITLES) else f"Канал {number}"
    return records.channel_info(1000 + number, username=f"channel_{number}", title=title)


def origin(of: int, message_id: int, *, title: str | None = None, date: int = NOW) -> Origin:
    return Origin(channel_id=channel(of).id, message_id=MessageId(message_id), title=title or TITLES[of], date=date)


@dataclass(slots=True)
class Newsroom:
    """Posts come from channels by their number; `now` moves with them."""

    database: Database
    teller: ingest.Teller
    rung: list[int] = field(default_factory=list)

    async def posts(
        self,
        number: int,
        message_id: int,
        text: str = TEXT,
        *,
        at: int = NOW,
        seen_at: int | None = None,
        edited_at: int | None = None,
        views: int = 100,
        origin: Origin | None = None,
        album: int | None = None,
        source: str = "live",
    ) -> ingest.Stored:
        post = records.post(
            message_id,
            text,
            channel_id=channel(number).id,
            date=at,
            edited_at=edited_at,
            views=views,
            origin=origin,
            grouped_id=album,
        )
        batch = ingest.Batch(channel_id=post.channel_id, posts=(post,), source=source)  # type: ignore[arg-type]
        return await ingest.store(self.database, self.teller, batch, now=seen_at or edited_at or at)

    async def edits(self, number: int, message_id: int, text: str, *, at: int, posted: int = NOW) -> ingest.Stored:
        return await self.posts(number, message_id, text, at=posted, edited_at=at)

    async def deletes(self, number: int, *message_ids: int, at: int, source: str = "live") -> ingest.Stored:
        gone = tuple(MessageId(one) for one in message_ids)
        batch = ingest.Batch(channel_id=channel(number).id, deleted=gone, source=source)  # type: ignore[arg-type]
        return await ingest.store(self.database, self.teller, batch, now=at)

    async def mutes(self, kind: MuteKind, subject: str, *, chat_id: ChatId = OWNER) -> None:
        async with self.database.transaction() as tx:
            await chats.mute(tx, Mute(chat_id=chat_id, kind=kind, subject=subject, until=None))

    async def follows(self, *numbers: int) -> None:
        async with self.database.transaction() as tx:
            for number in numbers:
                await channels.follow(tx, channel(number), joined=True, now=NOW)

    async def lets_in(self, chat_id: ChatId = READER, *, role: Role = "reader") -> None:
        async with self.database.transaction() as tx:
            await chats.pair(tx, chat_id=chat_id, role=role, language="en", timezone="UTC", now=NOW)

    async def sends(self, row: OutboxMessage, *, message_id: int) -> None:
        async with self.database.transaction() as tx:
            await outbox.settle(tx, row.id, message_id=message_id, now=NOW)

    async def rows(self, *kinds: str, chat_id: ChatId = OWNER) -> list[OutboxMessage]:
        """All that was ever queued for a chat, of these kinds."""
        async with self.database.reading() as connection:
            found = await database.rows(
                connection, "SELECT * FROM outbox WHERE chat_id = :chat_id ORDER BY id", {"chat_id": chat_id}
            )
        return [row for row in map(messages.read, found) if not kinds or row.kind in kinds]

    async def alert(self, *, chat_id: ChatId = OWNER) -> Message:
        """The only alert of a chat as it reads at last."""
        (alert,) = await self.rows("alert", chat_id=chat_id)
        async with self.database.reading() as connection:
            newest = await outbox.newest_text(connection, alert.id)
        assert newest is not None
        showing.assert_sendable(newest)
        return newest

    async def replies(self, *, chat_id: ChatId = OWNER) -> list[str]:
        """What stands below alerts, as it was sent."""
        found = await self.rows("followup", chat_id=chat_id)
        for row in found:
            showing.assert_sendable(row.message)
        return [showing.marked(row.message) for row in found]


async def opened(database: Database, rules: rulebook.Rulebook) -> Newsroom:
    """A newsroom that follows four channels, and whose owner is told of everything."""
    rung: list[int] = []
    teller = ingest.Teller(rules=rules, catalogues={"en": catalogues.load("en")}, wake=lambda: rung.append(1))
    room = Newsroom(database=database, teller=teller, rung=rung)
    await room.lets_in(OWNER, role="owner")
    await room.follows(*range(4))
    return room
