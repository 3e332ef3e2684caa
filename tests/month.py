"""A month of invented channels: stories with copies and forwards, edits and deletions, in three languages.

The same seed gives the same month. All names, places and events are invented.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot import ingest
from storage import channels, database
from storage.database import Database
from storage.models import ChannelId, ChannelInfo, MessageId, Origin, Post
from tests import records

HOUR, DAY = 3600, 86_400
END = 1_795_644_000
"""26 November 2026, 00:00 in Kyiv."""
CHANNELS = tuple(
    records.channel_info(2000 + number, username=username, title=title, verified=verified, fake=fake)
    for number, (username, title, verified, fake) in enumerate(
        (
            ("vernite_nashih_test", "Верните наших | жёны и матери", False, True),
            ("zarechny_today_test", "Заречный сегодня", False, False),
            ("okopny_test", "Окопный блокнот", False, False),
            ("severnaya_pochta_test", "Северная почта", True, False),
            ("tyl_i_front_test", "Тил і фронт", False, False),
            ("vilna_khvylia_test", "Вільна хвиля", True, False),
            ("border_dispatch_test", "Border Dispatch", True, False),
            ("garrison_test", "Вести гарнизона", False, False),
            ("yurist_test", "Военный юрист отвечает", False, False),
            ("north_test", "North Front Notes", False, False),
            ("ploshcha_test", "Площа: новини міста", False, False),
        )
    )
)
_OF_LANGUAGE = {"ru": (0, 1, 2, 3, 7, 8), "uk": (4, 5, 10), "en": (6, 9)}
_SLOTS: dict[str, dict[str, tuple[str, ...]]] = {
    "ru": {
        "place": (
            "Заречного",
            "Верхней Луги",
            "Каменска-Нового",
            "Сосновки",
            "Белозёрска",
            "Тихой Пристани",
            "Ольховки",
        ),
        "month": ("января", "марта", "мая", "июля", "сентября", "октября"),
    },
    "uk": {
        "place": ("Вільшанки", "Нового Броду", "Тихого Яру", "Кам'янки", "Верхнього Лугу", "Дубового Гаю"),
        "month": ("січня", "березня", "травня", "липня", "вересня", "жовтня"),
    },
    "en": {
        "place": ("Zarechny", "Alder Creek", "New Kamensk", "Lower Luga", "Quiet Harbour", "Belozersk"),
        "month": ("January", "March", "May", "July", "September", "October"),
    },
}
_LEADS = {
    "ru": (
        "Жёны мобилизованных из {place} записали обращение к губернатору и просят назвать дату возвращения мужей.",
        "В {n} школе под {place} учителям раздали повестки прямо на совещании.",
        "Частичная мобилизация формально не завершена: указ от {d} {month} не отменён, отвечает юрист.",
        "Рота из {place} стоит на позициях {n} месяцев без ротации, замены нет.",
        "Военный суд приговорил контрактника из {place} к {n} годам колонии за самовольное оставление части.",
        "Четверых дезертиров, ушедших из госпиталя под {place}, нашли через {n} дней.",
        "Матери из {place} вышли к военкомату: требуют ротации и отпусков для тех, кто служит с {month}.",
        "В {place} за неделю возбудили {n} дел о СОЧ, сообщает источник в гарнизоне.",
    ),
    "uk": (
        "Рідні бійців з {place} питають, коли буде ротація: підрозділ стоїть {n} місяців.",
        "Суд у справі про СЗЧ: військовому з {place} призначили {n} років позбавлення волі.",
        "У {place} представники ТЦК вручали повістки біля ринку, за день оформили {n} протоколів.",
        "Закон про мобілізацію: що зміниться з {d} {month} і кого це стосується.",
        "Командир бригади каже, що ротацію перенесли на {d} {month}, бо замінити людей нема ким.",
    ),
    "en": (
        "Relatives from {place} say their unit has had no rotation for {n} months.",
        "A court near {place} gave a soldier {n} years for desertion after he left a field hospital.",
        "Draft officers handed out mobilization notices at the market of {place}; {n} men were taken within a day.",
        "Two men from {place} went AWOL before dawn on {d} {month}, their company commander says.",
    ),
}
_THEN = {
    "ru": (
        "Ответа из приёмной пока нет, обращение зарегистрировали только с третьего раза.",
        "По их словам, в последний раз связь была {d} {month}, потом телефоны отключили.",
        "Командование обещало разобраться до конца недели.",
        "На собрании было около {n} человек, разговор продлился больше двух часов.",
        "Местные издания об этом не написали, запись сняли очевидцы.",
        "Адвокат подал жалобу и ждёт решения апелляции.",
        "Тем временем в городе снова отключили воду, и половина вопросов была о ней.",
        "Мы спросили пресс-службу округа и опубликуем ответ, как только он придёт.",
        "Похожее письмо отправляли ещё в прошлом году, тогда пришла отписка на полстраницы.",
        "«Нам говорят одно, а мужьям другое», — рассказала одна из женщин.",
    ),
    "uk": (
        "Відповіді від командування поки немає, звернення зареєстрували лише з третього разу.",
        "За їхніми словами, востаннє зв'язок був {d} {month}.",
        "На зустріч прийшло близько {n} людей, говорили понад дві години.",
        "Адвокат подав апеляцію, засідання призначили на {d} {month}.",
        "Міська рада обіцяє окрему лінію для родин, але дати не називає.",
        "«Ми чекаємо не слів, а списку», — каже одна з дружин.",
    ),
    "en": (
        "The command has not answered; the letter was registered only at the third attempt.",
        "According to the families, the last call came on {d} {month}.",
        "About {n} people came to the meeting, which went on for more than two hours.",
        "A lawyer has appealed, and the hearing is set for {d} {month}.",
        "“We want a date, not another promise,” one of the wives said.",
        "Local papers have not written about it; the footage was filmed by bystanders.",
    ),
}
_HEADLINES = ("❗️", "Сообщают подписчики:\n\n", "⚡️ ", "Пересылаем.\n\n", "Пишут коллеги:\n\n")
_EDITED = {"ru": "Уточнение: ", "uk": "Уточнення: ", "en": "Correction: "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens in a channel at `at`: a post or its edit, or (`post` None) a deletion."""

    at: int
    channel_id: ChannelId
    post: Post | None = None
    deleted: MessageId | None = None


def events(count: int, *, seed: int = 7, end: int = END, days: int = 30) -> list[Event]:
    """What happens in a month with `count` stories, in its order."""
    chance = random.Random(seed)
    numbers = {channel.id: iter(range(1 + 1000 * place, 10**9)) for place, channel in enumerate(CHANNELS)}
    found = [event for _ in range(count) for event in _story(chance, numbers, end - days * DAY, days)]
    return sorted((event for event in found if event.at < end), key=lambda event: event.at)


def _story(chance: random.Random, numbers: dict[ChannelId, Iterator[int]], start: int, days: int) -> Iterator[Event]:
    language = chance.choices(("ru", "uk", "en"), (6, 3, 1.5))[0]
    # Weekends are quiet, and something happened on the nineteenth day.
    day = chance.choices(
        range(days), [9 if number == 18 else 1 if number % 7 > 4 else 2 + number % 3 for number in range(days)]
    )[0]
    at = start + day * DAY + int(chance.triangular(6 * HOUR, 23 * HOUR, 13 * HOUR))
    first = _post(chance, numbers, language, _text(chance, language), at)
    yield Event(at=at, channel_id=first.channel_id, post=first)
    if chance.random() < 0.12:
        yield _edit(chance, language, first)
    if chance.random() < 0.06:
        yield Event(at=at + chance.randint(600, 2 * DAY), channel_id=first.channel_id, deleted=first.message_id)
    for _ in range(chance.choices((0, 1, 2, 4, 9), (60, 20, 11, 6, 3))[0]):
        yield _copy(chance, numbers, language, first)


def _post(
    chance: random.Random,
    numbers: dict[ChannelId, Iterator[int]],
    language: str,
    text: str,
    at: int,
    *,
    but: ChannelId | None = None,
) -> Post:
    channel = chance.choice([CHANNELS[place] for place in _OF_LANGUAGE[language] if CHANNELS[place].id != but])
    return records.post(
        next(numbers[channel.id]),
        text,
        channel_id=channel.id,
        date=at,
        media=chance.choice((None, None, None, "photo", "video")),
        views=int(chance.lognormvariate(9.2, 0.9)),
    )


def _text(chance: random.Random, language: str) -> str:
    then = chance.sample(_THEN[language], chance.choices((1, 2, 3, 5), (3, 4, 3, 2))[0])
    breaks = "\n\n" if chance.random() < 0.3 else " "
    return _filled(chance, language, breaks.join((chance.choice(_LEADS[language]), *then)))


def _filled(chance: random.Random, language: str, template: str) -> str:
    slots = {name: chance.choice(values) for name, values in _SLOTS[language].items()}
    return template.format(n=chance.randint(3, 48), d=chance.randint(1, 28), **slots)


def _edit(chance: random.Random, language: str, post: Post) -> Event:
    addition = _EDITED[language] + _filled(chance, language, chance.choice(_THEN[language]))
    words = post.text.split(" ")
    place = chance.randrange(len(words) // 2, len(words))
    changed = " ".join((*words[:place], *words[place + 1 :], addition))
    at = post.date + chance.randint(120, 9 * HOUR)
    edited = replace(records.post(post.message_id, changed), channel_id=post.channel_id, date=post.date)
    return Event(
        at=at, channel_id=post.channel_id, post=replace(edited, edited_at=at, views=post.views, media=post.media)
    )


def _copy(chance: random.Random, numbers: dict[ChannelId, Iterator[int]], language: str, first: Post) -> Event:
    at = first.date + int(chance.expovariate(1 / (2 * HOUR))) + 60
    forwarded = chance.random() < 0.5
    text = first.text if forwarded else chance.choice(_HEADLINES) + first.text
    post = _post(chance, numbers, language, text, at, but=first.channel_id)
    if forwarded:
        title = next(channel.title for channel in CHANNELS if channel.id == first.channel_id)
        source = Origin(channel_id=first.channel_id, message_id=first.message_id, title=title, date=first.date)
        post = replace(post, origin=source)
    return Event(at=at, channel_id=post.channel_id, post=post)


async def follow(opened: Database, infos: tuple[ChannelInfo, ...] = CHANNELS, *, start: int = END - 30 * DAY) -> None:
    """Follow the channels, with all of the month known to be held."""
    async with opened.transaction() as tx:
        for info in infos:
            await channels.follow(tx, info, joined=True, now=start)
            await channels.set_held_from(tx, info.id, start)
            await channels.checked(tx, info.id, now=END)


async def happen(opened: Database, teller: ingest.Teller, happened: list[Event]) -> None:
    """Let all of it happen."""
    for event in happened:
        batch = ingest.Batch(
            channel_id=event.channel_id,
            posts=() if event.post is None else (event.post,),
            deleted=() if event.deleted is None else (event.deleted,),
            source="live",
        )
        await ingest.store(opened, teller, batch, now=event.at)
    async with opened.transaction() as tx:
        await database.rows(tx, "SELECT NULL")
