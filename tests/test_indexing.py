import asyncio

from bot import indexing, ingest, rematch, rulebook
from bot.pipeline import searching
from storage import channels, hits, search
from storage.database import Database
from storage.models import Post
from tests.commands import chatting
from tests.records import CHANNEL, NOW, channel_info, post


async def store(database: Database, rules: rulebook.Rulebook, *written: Post) -> None:
    teller = ingest.Teller(rules=rules, catalogues={"en": chatting.TEXTS}, wake=lambda: None)
    async with database.transaction() as tx:
        await channels.follow(tx, channel_info(), joined=True, now=NOW)
    await ingest.store(database, teller, ingest.Batch(channel_id=CHANNEL, posts=written, source="backfill"), now=NOW)


async def found(database: Database, **wanted: object) -> list[tuple[int, bool]]:
    async with database.reading() as connection:
        each = await hits.find(connection, hits.Wanted(**wanted), order="newest", limit=99)  # type: ignore[arg-type]
    return [(hit.post_id, hit.current) for hit in each]


def word(text: str) -> tuple[tuple[hits.Phrase, ...], ...]:
    return ((hits.Phrase(words=(text,)),),)


async def test_posts_are_indexed_as_they_are_stored_and_edited(database: Database) -> None:
    rules = chatting.rules()
    await store(
        database, rules, post(1, "Пoвестка пришла"), post(1, "Повестка пришла"), post(2, "Мост"), post(2, "Мост")
    )
    await store(database, rules, post(2, "Вода", edited_at=NOW + 5))
    assert await found(database, every=word("повестка")) == [(1, True)]
    assert await found(database, every=word("мост")) == [(2, False)]
    assert await found(database, every=word("вода"), languages=("ru",)) == [(2, True)]
    assert await indexing.behind(database) == 0


async def test_what_is_flagged_anew_is_found_by_its_topic(database: Database) -> None:
    await store(database, rulebook.assemble([], chatting.PlainWords(), chatting.PlainWords()), post(1, "Ротация"))
    assert await found(database, topics=("rotation",)) == []
    await rematch.run(database, chatting.rules(), shown=lambda _: None)
    assert await found(database, topics=("rotation",), every=word("ротация")) == [(1, True)]


async def test_the_filling_goes_on_where_it_was_cut_off(database: Database) -> None:
    await store(database, chatting.rules(), *(post(number, "Вода") for number in range(1, 121)))
    async with database.transaction() as tx:
        await search.start_anew(tx, folding=searching.FOLDING)
    seen: list[int] = []

    def shown(left: int) -> None:
        seen.append(left)
        if len(seen) == 1:
            task.cancel()

    task = asyncio.create_task(indexing.fill(database, shown=shown))
    await asyncio.wait({task})
    assert (task.cancelled(), seen, await indexing.behind(database)) == (True, [70], 70)
    await indexing.fill(database, shown=seen.append)
    assert seen == [70, 20, 0]
    async with database.reading() as connection:
        assert await hits.count(connection, hits.Wanted(every=word("вода")), most=999) == 120


async def test_when_the_folding_has_changed_the_index_is_made_anew(database: Database) -> None:
    await store(database, chatting.rules(), post(1, "Вода"), post(2, "Мост"))
    async with database.transaction() as tx:
        await search.start_anew(tx, folding=searching.FOLDING - 1)
        await search.fill(tx, limit=9, fold=lambda _: "иначе")
    assert await indexing.behind(database) == 2
    await indexing.fill(database)
    assert await indexing.behind(database) == 0
    assert await found(database, every=word("вода")) == [(1, True)]
    assert await found(database, every=word("иначе")) == []
