"""A post is forgotten here and in the chats that were told of it."""

from zoneinfo import ZoneInfo

from bot import catalogues, digest, evidence, forgetting, ingest, periods, rulebook, schedule
from bot.render import alert, buttons, text
from bot.render import evidence as layout
from bot.render.text import Span
from storage import channels, chats, outbox, posts, revisions
from storage.database import Database
from storage.document_models import Document
from storage.models import Button, Channel, ChatId, MessageId, OutboxMessage, StoredPost
from tests import records

NOW = records.NOW
TEXT = "Из части ушёл дезертир Иванов."
READER = ChatId(4_200_002)
TEXTS = catalogues.load("en")
INSTEAD = "🗑 The text of this post was forgotten on 18 Nov 11:06, by the owner's wish: https://t.me/garrison_news/15"


class Chat:
    """The owner's chat and a reader's, one channel, and the post that is to be forgotten."""

    def __init__(self, database: Database, rules: rulebook.Rulebook) -> None:
        self.database = database
        self.woken = 0
        self.teller = ingest.Teller(rules=rules, catalogues={"en": TEXTS}, wake=lambda: None)
        self.forgetter = forgetting.Forgetter(database=database, catalogues={"en": TEXTS}, wake=self.wake)

    def wake(self) -> None:
        self.woken += 1

    async def begin(self) -> None:
        async with self.database.transaction() as tx:
            for chat, role in ((records.CHAT, "owner"), (READER, "reader")):
                await chats.pair(tx, chat_id=chat, role=role, language="en", timezone="UTC", now=NOW)  # type: ignore[arg-type]
            await channels.follow(tx, records.channel_info(), joined=True, now=NOW)
        await self.post(15, TEXT)

    async def post(self, number: int, text: str) -> None:
        posted = records.post(number, text)
        batch = ingest.Batch(channel_id=records.CHANNEL, posts=(posted,), source="live")
        await ingest.store(self.database, self.teller, batch, now=NOW)

    async def queue(self, key: str, *messages: object) -> None:
        async with self.database.transaction() as tx:
            for number, message in enumerate(messages):
                await outbox.add(
                    tx,
                    chat_id=records.CHAT,
                    kind="digest",
                    key=f"{key}:{number}",
                    random_id=outbox.new_random_id(),
                    message=message,  # type: ignore[arg-type]
                    now=NOW,
                )

    async def send(self, *, but: int = 0) -> None:
        """Let all that waits be sent, except for the last `but` messages."""
        async with self.database.transaction() as tx:
            for chat in (records.CHAT, READER):
                waiting = await outbox.pending(tx, chat, now=NOW)
                for message in waiting[: len(waiting) - but]:
                    await outbox.claim(tx, [message.id], owner="me", now=NOW, lease=60)
                    await outbox.settle(tx, message.id, message_id=1000 + message.id, now=NOW)

    async def held(self) -> tuple[Channel, StoredPost]:
        async with self.database.reading() as connection:
            channel = await channels.get(connection, records.CHANNEL)
            post = await posts.get(connection, records.CHANNEL, MessageId(15))
        assert channel is not None
        assert post is not None
        return channel, post

    async def forget(self) -> int:
        return await forgetting.forget(self.forgetter, *await self.held(), now=NOW)

    async def waiting(self, chat: ChatId = records.CHAT) -> list[OutboxMessage]:
        async with self.database.reading() as connection:
            return list(await outbox.pending(connection, chat, now=NOW))

    async def leaks(self) -> list[str]:
        """Every text of the database that still has the name."""
        found: list[str] = []
        async with self.database.reading() as connection:
            for table in ("posts", "revisions", "matches", "outbox", "translations"):
                async with connection.thread.execute(f"SELECT * FROM {table}") as cursor:
                    found += [f"{table}: {value}" async for row in cursor for value in row if "Иванов" in str(value)]
        return found


async def chat_of(database: Database, rules: rulebook.Rulebook) -> Chat:
    chat = Chat(database, rules)
    await chat.begin()
    return chat


async def test_alerts_that_were_sent_are_changed_in_every_chat(database: Database, rules: rulebook.Rulebook) -> None:
    chat = await chat_of(database, rules)
    await chat.send()
    assert await chat.forget() == 2
    for where in (records.CHAT, READER):
        (edit,) = await chat.waiting(where)
        assert (edit.act, edit.message.text, edit.message.buttons) == ("edit", INSTEAD, ())
    assert chat.woken == 1
    assert await chat.leaks() == []


async def test_an_alert_that_was_not_tried_goes_out_without_the_text(
    database: Database, rules: rulebook.Rulebook
) -> None:
    chat = await chat_of(database, rules)
    assert await chat.forget() == 0
    (alerted,) = await chat.waiting()
    assert (alerted.act, alerted.message.text) == ("send", INSTEAD)
    assert chat.woken == 0
    assert await chat.leaks() == []


async def test_one_that_is_on_its_way_or_may_have_arrived_is_changed_after_it(
    database: Database, rules: rulebook.Rulebook
) -> None:
    chat = await chat_of(database, rules)
    async with database.transaction() as tx:
        (alerted,) = await outbox.pending(tx, records.CHAT, now=NOW)
        await outbox.claim(tx, [alerted.id], owner="me", now=NOW, lease=60)
        (other,) = await outbox.pending(tx, READER, now=NOW)
        await outbox.claim(tx, [other.id], owner="me", now=NOW, lease=60)
        await outbox.again(tx, other.id, not_before=NOW, error="no answer")
    assert await chat.forget() == 2
    async with database.transaction() as tx:
        await outbox.settle(tx, alerted.id, message_id=7, now=NOW)
    (edit,) = await chat.waiting()
    assert (edit.act, edit.depends_on, edit.message.text) == ("edit", alerted.id, INSTEAD)


async def test_an_edit_of_an_alert_goes_as_well(database: Database, rules: rulebook.Rulebook) -> None:
    chat = await chat_of(database, rules)
    await chat.send()
    async with database.transaction() as tx:
        sent = await outbox.by_sent(tx, records.CHAT, 1001)
        assert sent is not None
        await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="update",
            key="update:1",
            random_id=5,
            message=records.message("Иванов, also: Channel B +3 min"),
            now=NOW,
            act="edit",
            depends_on=sent.id,
        )
    assert await chat.forget() == 2
    assert [message.message.text for message in await chat.waiting()] == [INSTEAD]
    assert await chat.leaks() == []


async def test_lists_lose_its_line_alone(database: Database, rules: rulebook.Rulebook) -> None:
    chat = await chat_of(database, rules)
    await chat.post(16, "Из другой части ушёл дезертир Петров.")
    async with database.reading() as connection:
        found = await posts.by_ids(connection, [(await chat.held())[1].id])
        other = await posts.get(connection, records.CHANNEL, MessageId(16))
    assert other is not None
    entries = [
        alert.Entry(channel=records.channel_info(), post=post, topics=("desertion",)) for post in (*found, other)
    ]
    await chat.queue("summary", *alert.summary(TEXTS, entries=entries, timezone="UTC", reason="burst"))
    await chat.send()
    await chat.forget()
    texts = [message.message.text for message in await chat.waiting() if message.kind == "update"]
    (listed,) = (text for text in texts if "flagged posts" in text)
    assert "Петров" in listed
    assert "(the text is forgotten)" in listed
    assert await chat.leaks() == []


async def test_a_digest_with_its_picture_and_under_an_older_name_loses_it_too(
    database: Database, rules: rulebook.Rulebook
) -> None:
    chat = await chat_of(database, rules)
    zone = ZoneInfo("UTC")
    period = periods.of_day(schedule.day_of(NOW, zone), zone)
    told = await digest.compose(database, TEXTS, period, topics=["desertion"], now=NOW, zone=zone)
    await chat.queue("digest", *told)
    await chat.send()
    async with database.transaction() as tx:
        await channels.update_info(tx, records.channel_info(username="renamed"), now=NOW)
    await chat.forget()
    assert await chat.leaks() == []
    changed = [message for message in await chat.waiting() if "forgotten" in message.message.text]
    assert all(message.message.picture is None for message in changed)


async def test_a_digest_that_may_be_turned_to_its_page_goes_back_to_the_first(
    database: Database, rules: rulebook.Rulebook
) -> None:
    chat = await chat_of(database, rules)
    today, before = (
        periods.of_day(schedule.day_of(NOW - days * 86_400, ZoneInfo("UTC")), ZoneInfo("UTC")) for days in (0, 3)
    )
    for period in (today, before):
        onward = Button(label="›", data=f"{buttons.DIGEST}{periods.code(period)}:1")
        await chat.queue(f"digest:{period.asked}", text.message([Span(period.asked)], buttons=((onward,),)))
    await chat.send()
    await chat.forget()
    edits = [edit for edit in await chat.waiting() if edit.message.buttons and edit.kind == "update"]
    assert [edit.message.text for edit in edits] == [today.asked]


async def test_the_answer_that_explains_it_goes_whole(database: Database, rules: rulebook.Rulebook) -> None:
    chat = await chat_of(database, rules)
    link = "https://t.me/garrison_news/15"
    await chat.queue("reply", text.message([Span("Вести", "link", link), Span("\nИванов – near")]))
    await chat.send()
    await chat.forget()
    assert await chat.leaks() == []


async def test_lists_that_may_show_it_on_another_page_or_without_its_link_go_whole(
    database: Database, rules: rulebook.Rulebook
) -> None:
    chat = await chat_of(database, rules)
    _, post = await chat.held()
    turning = Button(label="Older ›", data="saved:6")
    lifting = Button(label="🔔 1. “дезертир Иванов”", data=buttons.lift("story", str(post.id)))
    other = Button(label="🔔 1. “дезертир Петров”", data=buttons.lift("story", "77"))
    for name, button in (("saved", turning), ("muted", lifting), ("other", other)):
        await chat.queue(name, text.message([Span(f"{name} list")], buttons=((button,),)))
    await chat.send()
    await chat.forget()
    assert await chat.leaks() == []
    out_of_date = [edit for edit in await chat.waiting() if "This list is out of date" in edit.message.text]
    assert [edit.message.buttons for edit in out_of_date] == [(), ()]


async def test_it_is_not_alerted_when_it_is_edited_later(database: Database, rules: rulebook.Rulebook) -> None:
    chat = await chat_of(database, rules)
    await chat.forget()
    edited = records.post(15, f"{TEXT} Ещё один дезертир.", edited_at=NOW + 60)
    batch = ingest.Batch(channel_id=records.CHANNEL, posts=(edited,), source="history")
    stored = await ingest.store(database, chat.teller, batch, now=NOW + 60)
    assert (stored.new, stored.edited, stored.told) == (0, 0, 0)
    assert await chat.leaks() == []
    async with database.reading() as connection:
        assert await revisions.verify(connection, records.CHANNEL) is None


async def test_a_file_that_waits_and_was_made_of_it_is_not_sent(database: Database, rules: rulebook.Rulebook) -> None:
    chat = Chat(database, rules)
    await chat.begin()
    await chat.send()
    channel, post = await chat.held()
    async with database.reading() as connection:
        packed = layout.pack(TEXTS, await evidence.gather(connection, channel.info, post))
    other = Document(name="other.csv", content=b"https://t.me/garrison_news/150,https://t.me/garrison_news/1")
    await chat.queue("reply", *(records.message("File", document=document) for document in (packed, other)))
    await chat.forget()
    async with database.reading() as connection:
        first, second = [one.message for one in await outbox.pending(connection, records.CHAT, now=NOW)][:2]
    assert first == records.message(
        "🗑 The file that was to come here held a post that was forgotten on 18 Nov 11:06. Please ask for it anew."
    )
    assert second.document == other
