"""Data of reports for tests of how they are laid out."""

from datetime import date, timedelta

from bot.render.digest_data import Period
from bot.render.report_data import Edited, ReportData, Reported
from storage.models import ChannelId, MessageId, Origin, StoryId, TextPart
from tests import records
from tests.render.digests import CHANNELS, DAY, END, HOUR, KYIV, START, TEXTS

TOPICS = ("mobilization", "rotation", "desertion")
LONG = "Воду обещают вернуть к вечеру, но верят в это не все. " * 4
__all__ = ["KYIV", "START"]


def period(*, days: int = 7, topic: str | None = None) -> Period:
    last = date(2026, 11, 21)
    first = last - timedelta(days=days - 1)
    return Period(first=first, last=last, start=END - days * DAY, end=END, topic=topic)


def reported(
    number: int,
    topic: str = "rotation",
    *,
    text: str | None = None,
    channel: int = 0,
    at: int | None = None,
    story: int | None = None,
    edited: Edited | None = None,
    edited_at: int | None = None,
    deleted_at: int | None = None,
    parts: tuple[TextPart, ...] | None = None,
    origin: Origin | None = None,
    media: str | None = None,
    language: str = "ru",
    views: int | None = 1000,
) -> Reported:
    said, word = TEXTS[topic]
    said = said if text is None else text
    start = max(0, said.find(word))
    info = CHANNELS[channel]
    post = records.post(
        number,
        said,
        channel_id=info.id,
        date=START + number * HOUR if at is None else at,
        edited_at=edited_at,
        parts=parts,
        origin=origin,
        media=media,
        views=views,
    )
    return Reported(
        channel=info,
        post=records.stored_post(
            post,
            post_id=number,
            language=language,
            deleted_at=deleted_at,
            matches=(records.match(topic, start, start + len(word)),),
        ),
        story=None if story is None else StoryId(story),
        edited=edited,
    )


def week(*, with_deleted: bool = False, topic: str | None = None) -> ReportData:
    """A report with one of each: a story with a forward, an edit, a deletion, a long text, a link preview."""
    preview = "Коли буде ротація?\nХвиля: рік без відпусток"
    told = (
        reported(
            5,
            "mobilization",
            text=f"{LONG}{TEXTS['mobilization'][0]} {LONG}".strip(),
            edited=Edited(original=f"{LONG}{TEXTS['mobilization'][0]}", times=2, at=START + 9 * HOUR),
        ),
        reported(4, "desertion", channel=3, language="en", views=None, deleted_at=START + 8 * HOUR),
        reported(
            3,
            text=preview,
            channel=2,
            language="uk",
            parts=(TextPart(kind="message", start=0, end=18), TextPart(kind="preview", start=19, end=len(preview))),
            media="photo",
            edited_at=START + 4 * HOUR,
        ),
        reported(
            2,
            channel=1,
            language="uk",
            story=1,
            origin=Origin(
                channel_id=ChannelId(101), message_id=MessageId(1), title="Столичный вестник", date=START + HOUR
            ),
        ),
        reported(1, language="uk", story=1, at=START - DAY),
    )
    return ReportData(
        period=period(topic=topic),
        now=END - HOUR,
        read=1234,
        read_in=4,
        topics=TOPICS,
        reported=told,
        watched=4,
        incomplete=(CHANNELS[3],),
        with_deleted=with_deleted,
    )
