"""Data of digests for tests of how they are laid out."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.render import chart
from bot.render.digest_data import ChannelCount, DigestData, Gap, Period, TopicCount
from bot.render.headline import Copy, Headline
from storage.health_models import ChannelHealth
from storage.models import ChannelInfo, Match, MessageId, StoredPost
from tests import records

KYIV = ZoneInfo("Europe/Kyiv")
HOUR, DAY = 3600, 86_400
END = 1_795_298_400
"""22 November 2026, 00:00 in Kyiv."""
START = END - DAY
NEXT_MORNING = END + 8 * HOUR
CHANNELS = (
    records.channel_info(101, username="stolichny_test", title="Столичный вестник"),
    records.channel_info(102, username="zhdem_test", title="Ждём дома", fake=True),
    records.channel_info(103, username="khvylia_test", title="Вільна хвиля"),
    records.channel_info(104, username="north_test", title="North Front Notes"),
)
TEXTS = {
    "mobilization": ("На проходной завода раздавали повестки, за час пришли трое.", "повестки"),
    "rotation": ("Матері вийшли на площу і знову питають, коли буде ротація.", "ротація"),
    "desertion": ("Two more men went AWOL before dawn, the company commander says.", "went AWOL"),
}


def period(*, days: int = 1, topic: str | None = None) -> Period:
    last = date(2026, 11, 21)
    return Period(
        first=last - timedelta(days=days - 1),
        last=last,
        start=END - days * DAY,
        end=END,
        topic=topic,
    )


def stored(
    number: int,
    topic: str,
    *,
    channel: ChannelInfo,
    edited_at: int | None = None,
    deleted_at: int | None = None,
    views: int | None = None,
) -> StoredPost:
    text, word = TEXTS[topic]
    start = text.index(word)
    post = records.post(
        number,
        text,
        channel_id=channel.id,
        date=START + number * HOUR,
        edited_at=edited_at,
        views=15_000 - 700 * number if views is None else views,
    )
    found = Match(topic=topic, start=start, end=start + len(word), term=word, rule=word)
    return records.stored_post(post, post_id=number, deleted_at=deleted_at, matches=(found,))


def headline(number: int, topic: str, *, copies: int = 0, since: int | None = None) -> Headline:
    """A story that began with a post of one channel and was taken up by others."""
    places = [CHANNELS[(number + other) % len(CHANNELS)] for other in range(1 + copies)]
    post = stored(number, topic, channel=places[0])
    return Headline(
        channel=places[0],
        post=post,
        sentence=(0, len(post.post.text)),
        copies=tuple(Copy(channel=info, message_id=MessageId(500 + number)) for info in places[1:]),
        posts=1 + copies,
        reach=(post.post.views or 0) * (1 + copies),
        since=since,
    )


def topic_count(name: str, count: int, *, usual: float | None = 1.0, stories: int | None = None) -> TopicCount:
    """A topic whose stories have one post each, of which ten are told."""
    every = count if stories is None else stories
    told = tuple(headline(number, name) for number in range(1, 1 + min(10, every)))
    return TopicCount(name=name, count=count, usual=usual, stories=every, told=told)


def channel_count(
    number: int,
    read: int,
    *,
    unreadable: int = 0,
    edited: int = 0,
    deleted: int = 0,
    gap: Gap | None = None,
) -> ChannelCount:
    return ChannelCount(
        health=health(number), read=read, unreadable=unreadable, edited=edited, deleted=deleted, gap=gap
    )


def health(number: int) -> ChannelHealth:
    return ChannelHealth(
        channel=records.channel(
            CHANNELS[number], complete_id=1250, held_from=START - 14 * DAY, checked_at=NEXT_MORNING
        ),
        posts=1240,
        unreadable=6,
        edited=12,
        deleted=3,
        last_message_id=MessageId(1250),
        last_date=END - HOUR,
        empty=10,
        unknown=0,
    )


def data(
    *,
    topics: tuple[TopicCount, ...],
    channels: tuple[ChannelCount, ...],
    of: Period | None = None,
    now: int = NEXT_MORNING,
    flagged: int | None = None,
) -> DigestData:
    days = tuple(date(2026, 11, 21) - timedelta(days=number) for number in range(28, -1, -1))
    counts = {topic.name: (0,) * 28 + (topic.count,) for topic in topics}
    return DigestData(
        period=of or period(),
        now=now,
        read=sum(channel.read for channel in channels),
        read_in=sum(channel.read > 0 for channel in channels),
        flagged=sum(topic.count for topic in topics) if flagged is None else flagged,
        topics=topics,
        channels=channels,
        daily=chart.Daily(counts=counts, marked=1, unread=0, usual={}),
        days=days,
    )
