import pytest

from storage import channels, hits, posts, search
from storage.database import Connection
from storage.hits import Hit, Phrase, Wanted
from storage.models import ChannelId, PostId
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, post

DAY = 86_400


async def hold(
    tx: Connection,
    message_id: int,
    text: str,
    *,
    date: int = NOW,
    channel_id: ChannelId = CHANNEL,
    language: str = "ru",
    topics: tuple[str, ...] = (),
    earlier: tuple[str, ...] = (),
) -> PostId:
    written = post(message_id, text, date=date, channel_id=channel_id)
    stored = await posts.put(tx, written, language=language, now=NOW)
    one = search.Entry(
        post_id=stored.post_id,
        channel_id=channel_id,
        date=date,
        language=language,
        topics=topics,
        text=text,
        earlier=earlier,
    )
    await search.put(tx, [one])
    return stored.post_id


def words(*each: str, **limits: object) -> Wanted:
    return Wanted(every=tuple((Phrase(words=(word,)),) for word in each), **limits)  # type: ignore[arg-type]


async def found(tx: Connection, wanted: Wanted) -> list[int]:
    newest = await hits.find(tx, wanted, order="newest", limit=50)
    relevant = await hits.find(tx, wanted, order="relevance", limit=50)
    assert set(newest) == set(relevant)
    assert await hits.count(tx, wanted, most=99) == len(newest)
    return [hit.post_id for hit in newest]


async def test_all_things_must_be_there_each_in_one_of_its_forms(tx: Connection) -> None:
    both = await hold(tx, 1, "воды и газа нет", date=NOW + 1)
    await hold(tx, 2, "вода есть")
    assert await found(tx, words("воды", "газа")) == [both]
    either = Wanted(every=((Phrase(words=("воды",)), Phrase(words=("вода",))),))
    assert await found(tx, either) == [1, 2]


async def test_words_in_a_row_and_beginnings_are_found(tx: Connection) -> None:
    await hold(tx, 1, "путь домой закрыт", date=NOW + 1)
    await hold(tx, 2, "домой путь")
    assert await found(tx, Wanted(every=((Phrase(words=("путь", "домой")),),))) == [1]
    assert await found(tx, Wanted(every=((Phrase(words=("путь", "до"), prefix=True),),))) == [1]
    assert await found(tx, Wanted(every=((Phrase(words=("путь", "до")),),))) == []
    assert await found(tx, Wanted(every=((Phrase(words=("дом",), prefix=True),),))) == [1, 2]


async def test_what_is_excluded_is_left_out(tx: Connection) -> None:
    await hold(tx, 1, "вода и газ")
    only = await hold(tx, 2, "вода")
    assert await found(tx, words("вода", without=(Phrase(words=("газ",)), Phrase(words=("мост",))))) == [only]


async def test_topics_channels_and_languages_narrow_it_down(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    await hold(tx, 1, "вода", topics=("rotation",), date=NOW + 3)
    await hold(tx, 2, "вода", topics=("rotation", "осенний призыв"), language="uk", date=NOW + 2)
    await hold(tx, 1, "вода", channel_id=OTHER_CHANNEL, date=NOW + 1)
    assert await found(tx, words("вода", topics=("rotation",))) == [1, 2]
    assert await found(tx, words("вода", topics=("осенний призыв", "desertion"))) == [2]
    assert await found(tx, words("вода", languages=("uk", "en"))) == [2]
    assert await found(tx, words("вода", channels=(OTHER_CHANNEL,))) == [3]
    assert await found(tx, Wanted(topics=("rotation",), languages=("ru",))) == [1]
    assert await found(tx, words("rotation")) == await found(tx, words(search.topic_mark("rotation"))) == []


async def test_a_period_has_its_start_and_not_its_end(tx: Connection) -> None:
    for number, date in enumerate((NOW - 1, NOW, NOW + DAY - 1, NOW + DAY), start=1):
        await hold(tx, number, "вода", date=date)
    assert await found(tx, words("вода", start=NOW, end=NOW + DAY)) == [3, 2]


async def test_the_newest_come_first_whatever_came_in_last(tx: Connection) -> None:
    for number, date in enumerate((NOW, NOW - DAY, NOW + DAY), start=1):
        await hold(tx, number, "вода", date=date)
    assert await found(tx, words("вода")) == [3, 1, 2]


async def test_the_most_relevant_come_first_and_earlier_texts_last(tx: Connection) -> None:
    await hold(tx, 1, "длинный рассказ о том и о сем, где один раз есть вода, и больше ничего о ней", date=NOW + 9)
    await hold(tx, 2, "мост", earlier=("вода",))
    await hold(tx, 3, "вода, вода")
    ranked = await hits.find(tx, words("вода"), order="relevance", limit=9)
    assert [(hit.post_id, hit.current) for hit in ranked] == [(3, True), (1, True), (2, False)]


async def test_a_post_is_found_once_though_it_said_so_before_too(tx: Connection) -> None:
    await hold(tx, 1, "вода есть", earlier=("воды нет, вода будет",), date=NOW + 1)
    await hold(tx, 2, "мост", earlier=("вода",))
    orders: tuple[hits.Order, ...] = ("newest", "relevance")
    for order in orders:
        assert await hits.find(tx, words("вода"), order=order, limit=9) == (
            Hit(post_id=PostId(1), current=True),
            Hit(post_id=PostId(2), current=False),
        )
    assert await hits.count(tx, words("вода"), most=99) == 2


@pytest.mark.parametrize("order", ["newest", "relevance"])
async def test_pages_follow_each_other_and_stand_still(tx: Connection, order: hits.Order) -> None:
    for number in range(1, 8):
        await hold(tx, number, "вода", date=NOW - number, earlier=("вода была",) if number % 2 else ())
    began = await hits.newest(tx)
    await hold(tx, 99, "вода", date=NOW + 1)
    pages = [await hits.find(tx, words("вода"), order=order, limit=3, offset=n, newest=began) for n in (0, 3, 6, 9)]
    assert [[hit.post_id for hit in page] for page in pages] == [[1, 2, 3], [4, 5, 6], [7], []]
    assert await hits.count(tx, words("вода"), most=99, newest=began) == 7


async def test_of_very_many_hits_the_newest_are_ranked_and_the_count_ends(
    tx: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hits.COUNTED, "relevance", 4)
    monkeypatch.setattr(hits, "RANKED", 2)
    for number in range(1, 5):
        await hold(tx, number, "вода и ещё" if number > 1 else "вода", date=NOW - number)
    ranked = await hits.find(tx, words("вода"), order="relevance", limit=9)
    assert [hit.post_id for hit in ranked] == [1, 2, 3, 4]
    await hold(tx, 5, "вода", date=NOW - 5)
    assert await hits.count(tx, words("вода"), most=4) == 5
    ranked = await hits.find(tx, words("вода"), order="relevance", limit=9)
    assert [hit.post_id for hit in ranked] == [1, 2]
    await hold(tx, 6, "вода", date=NOW - 6)
    assert await hits.count(tx, words("вода"), most=4) == 5


@pytest.mark.parametrize(
    "typed", ['"', "*", 'a" OR b', "NEAR(a b)", "text:вода", "вода^", "(", "AND", "a' --", "-вода", "{marks}: c1"]
)
async def test_what_is_typed_is_never_read_as_a_command(tx: Connection, typed: str) -> None:
    await hold(tx, 1, f"сказал {typed} и ушёл")
    await hits.find(tx, words(typed, "сказал"), order="newest", limit=5)
    wanted = Wanted(every=((Phrase(words=(typed, "x"), prefix=True),),), without=(Phrase(words=(typed,)),))
    assert await hits.find(tx, wanted, order="relevance", limit=5) == ()


async def test_without_posts_nothing_is_found(tx: Connection) -> None:
    assert await found(tx, words("вода")) == []
    assert await hits.newest(tx) == 1


async def test_days_are_counted_over_what_posts_say_and_said(tx: Connection) -> None:
    morning = NOW - NOW % DAY
    await hold(tx, 1, "вода", date=morning - 1)
    await hold(tx, 2, "вода", date=morning, earlier=("вода была",))
    await hold(tx, 3, "газ", date=morning + DAY - 1, earlier=("вода",))
    await hold(tx, 4, "вода", date=morning + 2 * DAY)
    await hold(tx, 5, "газ", date=morning + 2 * DAY)
    bounds = [morning + DAY * number for number in range(3)]
    assert await hits.day_counts(tx, words("вода"), bounds) == (2, 0)
    assert await hits.day_counts(tx, words("вода", start=morning - DAY), [morning - DAY, *bounds]) == (1, 2, 0)
    assert await hits.day_counts(tx, words("мост"), bounds) == (0, 0)
