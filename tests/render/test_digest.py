"""Digests as they are read."""

from dataclasses import replace

import pytest

from bot.render import digest
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Chains, Changed, DigestData, Gap, Source, TopicCount
from storage.models import ChannelChange, ChannelId, Message
from tests.render import digests, showing

PICTURE = b"png"


WORD = "digest:739941:1:"


def laid_out(
    texts: Catalogue, data: DigestData, *, picture: bytes | None = None, word: str | None = None
) -> tuple[Message, ...]:
    messages = digest.digest(texts, data, zone=digests.KYIV, picture=picture, word=word)
    for message in messages:
        showing.assert_sendable(message)
    return messages


def busy_day() -> DigestData:
    told = digests.topic_count("mobilization", 9).told
    lead = replace(
        digests.headline(3, "mobilization", copies=3, since=digests.START - digests.HOUR),
        post=digests.stored(
            3,
            "mobilization",
            channel=digests.CHANNELS[1],
            edited_at=digests.START + 4 * digests.HOUR,
            deleted_at=digests.END + digests.HOUR,
        ),
        channel=digests.CHANNELS[1],
        posts=6,
    )
    mobilization = TopicCount(
        name="mobilization",
        count=16,
        usual=6.5,
        stories=12,
        told=(lead, digests.headline(2, "mobilization", copies=1), *told),
    )
    topics = (mobilization, digests.topic_count("rotation", 2, usual=0), digests.topic_count("desertion", 0))
    channels = (
        digests.channel_count(0, 1204, edited=2, unreadable=5),
        digests.channel_count(1, 88, edited=1, deleted=1),
        digests.channel_count(2, 40, gap=Gap(kind="late", at=digests.START + 12 * digests.HOUR)),
        digests.channel_count(3, 0),
    )
    data = digests.data(topics=topics, channels=channels)
    gone = Changed(kind="deleted", at=digests.START + 9 * digests.HOUR, posted=lead)
    edited = Changed(kind="edited", at=digests.START + 5 * digests.HOUR, posted=digests.headline(1, "desertion"))
    sources = (
        Source(channel_id=ChannelId(7), title="Пыльный шлях", username="dusty_way", posts=4, by=digests.CHANNELS[:3]),
        Source(channel_id=ChannelId(8), title="Закрытый канал", username=None, posts=1, by=digests.CHANNELS[:1]),
    )
    chains = Chains(channels=4, links=5012, seal="0123456789abcdef" * 4)
    return replace(data, changed=(gone, edited), changes_left=3, sources=sources, chains=chains)


def test_a_busy_day_reads_as_agreed(texts: Catalogue) -> None:
    messages = laid_out(texts, busy_day(), picture=PICTURE)
    assert [message.picture for message in messages] == [PICTURE, None]
    assert showing.pages(messages) == showing.golden("digest_busy")


def test_a_long_digest_has_pages_that_buttons_turn(texts: Catalogue) -> None:
    topics = tuple(digests.topic_count(name, 12) for name in ("mobilization", "rotation", "desertion"))
    data = replace(busy_day(), topics=topics)
    picture, first = laid_out(texts, data, picture=PICTURE, word=WORD)
    assert picture.buttons == ()
    assert [[button.label for button in row] for row in first.buttons] == [["1/2", "›"], ["➕ Watch Пыльный шлях"]]
    second = digest.page(texts, data, 1, zone=digests.KYIV, word=WORD)
    assert [button.data for button in second.buttons[0]] == [f"{WORD}:0", f"{WORD}:1"]
    assert digest.page(texts, data, 77, zone=digests.KYIV, word=WORD) == second
    assert [first.text, second.text] == [message.text for message in laid_out(texts, data, picture=PICTURE)[1:]]


def test_a_quiet_digest_has_its_head_on_its_first_page(texts: Catalogue) -> None:
    data = digests.data(topics=(), channels=(digests.channel_count(0, 340),))
    assert laid_out(texts, data, word=WORD) == (digest.page(texts, data, 0, zone=digests.KYIV, word=WORD),)


def test_what_of_a_long_head_finds_no_room_under_the_picture_follows_below(texts: Catalogue) -> None:
    many = tuple(replace(digests.topic_count("rotation", 3), name=f"my topic {number}") for number in range(40))
    data = replace(busy_day(), topics=many)
    first, below = laid_out(texts, data, picture=PICTURE, word=WORD)
    told = first.text.count("my topic")
    assert 20 < told < 40
    assert below.text.startswith(f"my topic {told} 3")
    assert "\nmy topic 39 3 · ×3, usually 1\n" in below.text
    assert "⚠️ 1 of 4 channels is not complete" in below.text
    assert digest.page(texts, data, 0, zone=digests.KYIV, word=WORD) == below


def test_a_digest_of_one_channel_says_so_and_asks_for_more_of_it(texts: Catalogue) -> None:
    data = digests.data(
        topics=(digests.topic_count("rotation", 30),),
        channels=(digests.channel_count(1, 99),),
        of=replace(digests.period(), channel=digests.CHANNELS[1]),
    )
    (message,) = laid_out(texts, data)
    assert message.text.startswith("Sat 21 Nov 2026 · Ждём дома\n")
    assert "and 20 more: /digest 2026-11-21 rotation @zhdem_test" in message.text
    nothing = laid_out(texts, replace(data, topics=(), channels=(), read=0, flagged=0))[0].text
    assert nothing == "Sat 21 Nov 2026 · Ждём дома: nothing was read of this channel."


def test_a_short_digest_stands_whole_under_its_picture(texts: Catalogue) -> None:
    data = digests.data(topics=(digests.topic_count("rotation", 1, usual=2),), channels=(digests.channel_count(0, 12),))
    messages = laid_out(texts, data, picture=PICTURE)
    assert showing.pages(messages) == showing.golden("digest_short")


def test_without_a_picture_head_and_posts_share_messages(texts: Catalogue) -> None:
    (message,) = laid_out(texts, busy_day())
    assert message.text.startswith("Sat 21 Nov 2026\n1,332 posts read in 3 channels, 18 flagged\n")
    assert "\n\nMobilization · 12 stories\n" in message.text


def test_a_quiet_day_says_so_in_one_line(texts: Catalogue) -> None:
    data = digests.data(topics=(digests.topic_count("rotation", 0),), channels=(digests.channel_count(0, 340),))
    (message,) = laid_out(texts, data)
    assert message.text.startswith(
        "Sat 21 Nov 2026: quiet. 340 posts read in 1 channel, none flagged.\n✓ The channel is complete.\n\nChannels\n"
    )


def test_every_digest_tells_how_far_each_channel_is_held_and_which_pause_lasts(texts: Catalogue) -> None:
    data = digests.data(topics=(digests.topic_count("rotation", 0),), channels=(digests.channel_count(0, 340),))
    (message,) = laid_out(texts, replace(data, waits_until=digests.NEXT_MORNING + 600))
    assert "⏳ Telegram asks the reading account for a pause until 22 Nov 08:10." in message.text
    assert message.text.endswith(
        "✓ Столичный вестник · 340 posts\nwatched since 4 Nov 13:06, posts held from 7 Nov 00:00 on · 1,240 posts held"
        " · the last of 21 Nov 23:00 · checked 22 Nov 08:00 · complete up to id 1250 · 10 ids confirmed as empty"
        " · 0 ids not yet known"
    )


def test_a_quiet_day_of_one_topic_names_it(texts: Catalogue) -> None:
    data = digests.data(
        topics=(digests.topic_count("rotation", 0),),
        channels=(digests.channel_count(0, 340),),
        of=digests.period(topic="rotation"),
    )
    (message,) = laid_out(texts, data)
    assert "quiet. 340 posts read in 1 channel, none flagged for Rotation." in message.text


def test_a_quiet_day_still_tells_of_deletions_and_of_what_is_missing(texts: Catalogue) -> None:
    channels = (
        digests.channel_count(0, 340, deleted=2, edited=1),
        digests.channel_count(1, 0, gap=Gap(kind="trouble", trouble="the channel became private")),
    )
    (message,) = laid_out(texts, digests.data(topics=(), channels=channels))
    assert showing.pages((message,)) == showing.golden("digest_quiet_with_gap")


def test_a_day_of_which_nothing_is_held_is_not_called_quiet(texts: Catalogue) -> None:
    channels = (
        digests.channel_count(0, 0, gap=Gap(kind="unchecked")),
        digests.channel_count(1, 0, gap=Gap(kind="unread")),
        digests.channel_count(2, 0, gap=Gap(kind="history", at=digests.END)),
        digests.channel_count(3, 0, gap=Gap(kind="trouble", at=digests.START, trouble="banned\nby Telegram")),
    )
    (message,) = laid_out(texts, digests.data(topics=(), channels=channels))
    assert showing.pages((message,)) == showing.golden("digest_nothing_read")
    assert "quiet" not in message.text


def test_channels_that_are_known_to_miss_something_are_told(texts: Catalogue) -> None:
    channels = (
        digests.channel_count(0, 5, gap=Gap(kind="hole", at=digests.START)),
        digests.channel_count(1, 5, gap=Gap(kind="waiting", at=digests.START)),
    )
    (message,) = laid_out(texts, digests.data(topics=(digests.topic_count("rotation", 1),), channels=channels))
    assert "⚠️ 2 of 2 channels are not complete" in message.text
    assert "what was missed is not all read yet, last checked " in message.text
    assert "Telegram asks for a pause, last checked " in message.text


def test_a_day_on_which_channels_said_nothing_is_told_from_one_that_was_missed(texts: Catalogue) -> None:
    data = digests.data(topics=(), channels=(digests.channel_count(0, 0), digests.channel_count(1, 0)))
    (message,) = laid_out(texts, data)
    assert "nothing was read. The 2 channels posted nothing; all were checked to the end." in message.text


def test_without_channels_the_digest_says_how_to_add_one(texts: Catalogue) -> None:
    (message,) = laid_out(texts, digests.data(topics=(), channels=()))
    assert message.text == "Sat 21 Nov 2026: nothing was read, because no channel is followed yet: /add"


@pytest.mark.parametrize(
    ("count", "usual", "line"),
    [
        (9, 6.0, "Rotation 9 · ×1.5, usually 6"),
        (2, 0.0, "Rotation 2 · usually 0"),
        (1, None, "Rotation 1\n"),
    ],
)
def test_a_count_is_set_against_what_is_usual(texts: Catalogue, count: int, usual: float | None, line: str) -> None:
    data = digests.data(
        topics=(digests.topic_count("rotation", count, usual=usual),), channels=(digests.channel_count(0, 99),)
    )
    assert line in laid_out(texts, data)[0].text


@pytest.mark.parametrize(("days", "line"), [(1, "usually 6 a day"), (7, "usually 6 in 7 days")])
def test_a_day_that_is_not_over_is_not_measured_against_a_whole_one(texts: Catalogue, days: int, line: str) -> None:
    data = digests.data(
        topics=(digests.topic_count("rotation", 2, usual=6),),
        channels=(digests.channel_count(0, 99),),
        of=digests.period(days=days),
        now=digests.END - digests.HOUR,
    )
    (message,) = laid_out(texts, data)
    assert "so far, 23:00 EET" in message.text
    assert f"Rotation 2 · {line}\n" in message.text
    assert "×" not in message.text


def test_several_days_are_named_from_first_to_last_and_posts_by_their_day(texts: Catalogue) -> None:
    data = digests.data(
        topics=(digests.topic_count("rotation", 30),),
        channels=(digests.channel_count(0, 99),),
        of=digests.period(days=7),
    )
    (message,) = laid_out(texts, data)
    assert message.text.startswith("Sun 15 Nov 2026 – Sat 21 Nov 2026\n")
    assert "\n• 21 Nov 01:00 Ждём дома (FAKE)\nМатері" in message.text
    assert "and 20 more: /digest 2026-11-15..2026-11-21 rotation" in message.text


def test_where_one_topic_was_asked_for_the_rest_is_only_counted(texts: Catalogue) -> None:
    data = digests.data(
        topics=(digests.topic_count("rotation", 90),),
        channels=(digests.channel_count(0, 99),),
        of=digests.period(topic="rotation"),
    )
    messages = laid_out(texts, data, picture=PICTURE)
    assert "99 posts read in 1 channel, 90 flagged for Rotation" in messages[0].text
    assert "and 80 more" in messages[-1].text
    assert "/digest" not in messages[-1].text


def test_of_many_complete_channels_the_quietest_are_counted_and_gaps_all_named(texts: Catalogue) -> None:
    complete = tuple(digests.channel_count(0, number + 1) for number in range(50))
    gaps = tuple(digests.channel_count(1, 1, gap=Gap(kind="unread")) for _ in range(7))
    data = digests.data(topics=(digests.topic_count("rotation", 1),), channels=(*complete, *gaps))
    shown = "\n".join(message.text for message in laid_out(texts, data))
    assert "✓ and 30 more complete channels with 465 posts" in shown
    assert shown.count("history not read yet") == 7
    assert "⚠️ 7 of 57 channels are not complete: Ждём дома, Ждём дома, Ждём дома, Ждём дома, Ждём дома, 2 more" in shown


def test_the_chart_is_labelled_in_the_chats_language(texts: Catalogue) -> None:
    labels = digest.labels(texts, busy_day())
    assert labels.topics == {"mobilization": "Mobilization", "rotation": "Rotation", "desertion": "Desertion"}
    assert (labels.days[0], labels.days[-1], len(labels.days)) == ("24 Oct", "21 Nov", 29)


def changed(number: int, field: str, before: str, after: str) -> ChannelChange:
    return ChannelChange(
        channel_id=digests.CHANNELS[number].id, at=digests.START, field=field, before=before, after=after
    )


def test_what_changed_of_a_channel_itself_is_told_of_followed_ones(texts: Catalogue) -> None:
    gone = ChannelChange(channel_id=ChannelId(999), at=digests.START, field="title", before="Old", after="New")
    news = (
        changed(1, "fake", "no", "yes"),
        changed(1, "verified", "yes", "no"),
        changed(0, "title", "Столица", "Столичный вестник"),
        changed(0, "username", "", "stolichny_test"),
        gone,
    )
    data = replace(busy_day(), news=news)
    lines = laid_out(texts, data)[0].text.splitlines()
    assert [line for line in lines if line.startswith("📣")] == [
        "📣 Ждём дома: now ⚠️ labelled FAKE by Telegram",
        "📣 Ждём дома: no longer ✓ verified",
        "📣 Столичный вестник: was called “Столица” before",
        "📣 Столичный вестник: its public name is now @stolichny_test, was –",
    ]


def test_of_many_changes_of_channels_the_first_are_told_and_the_rest_counted(texts: Catalogue) -> None:
    data = replace(busy_day(), news=tuple(changed(1, "fake", "no", "yes") for _ in range(7)))
    lines = [line for line in laid_out(texts, data)[0].text.splitlines() if line.startswith("📣")]
    assert (len(lines), lines[-1]) == (6, "📣 and 2 more changes of channels")
