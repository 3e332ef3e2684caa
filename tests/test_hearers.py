"""Who wants to hear of what."""

from bot import hearers
from bot.hearers import Hearers
from storage.models import (
    Channel,
    Chat,
    ChatId,
    Cursor,
    MessageId,
    Mute,
    MuteKind,
    OutboxId,
    OutboxMessage,
    PostId,
    StoryId,
    Subject,
)
from tests import records

CHAT, OTHER = ChatId(1), ChatId(2)
STORY = StoryId(9)
SUBJECT = Subject(post_id=PostId(9), topics=("desertion", "rotation"))


def who(*mutes: tuple[MuteKind, str], chat_id: ChatId = CHAT) -> Hearers:
    channel = Channel(
        info=records.channel_info(),
        state="followed",
        joined=True,
        added_at=0,
        cursor=Cursor(pts=None, complete_id=MessageId(0)),
        held_from=None,
        checked_at=None,
        trouble=None,
    )
    chat = Chat(id=CHAT, role="owner", language="en", timezone="UTC", paired_at=0, unreachable_since=None)
    return Hearers(
        channel=channel,
        chats=[chat],
        mutes=[Mute(chat_id=chat_id, kind=kind, subject=subject, until=None) for kind, subject in mutes],
    )


def alert(subject: Subject | None = SUBJECT) -> OutboxMessage:
    return OutboxMessage(
        id=OutboxId(1),
        chat_id=CHAT,
        kind="alert",
        key="alert:story:9",
        random_id=1,
        message=records.message(),
        subject=subject,
        state="sent",
        created_at=0,
        not_before=0,
        attempts=1,
        sent_message_id=5,
        error=None,
    )


def test_the_topics_that_are_not_muted_are_wanted() -> None:
    muted = who(("topic", "rotation"), ("channel", "77"), ("story", "9"))
    assert hearers.wanted(muted, CHAT, {"rotation", "mobilization", "desertion"}, of=records.CHANNEL) == (
        "desertion",
        "mobilization",
    )


def test_nothing_of_a_muted_channel_is_wanted() -> None:
    assert hearers.wanted(who(("channel", str(records.CHANNEL))), CHAT, {"rotation"}, of=records.CHANNEL) == ()


def test_a_mute_of_another_chat_is_none_of_ours() -> None:
    muted = who(("channel", str(records.CHANNEL)), ("story", "9"), chat_id=OTHER)
    assert hearers.wanted(muted, CHAT, {"rotation"}, of=records.CHANNEL) == ("rotation",)
    assert hearers.follows(muted, alert(), STORY, of=records.CHANNEL)


def test_a_story_is_followed_until_it_or_all_that_it_was_told_for_is_muted() -> None:
    assert hearers.follows(who(("topic", "rotation"), ("story", "8")), alert(), STORY, of=records.CHANNEL)
    both = who(("topic", "rotation"), ("topic", "desertion"))
    assert not hearers.follows(both, alert(), STORY, of=records.CHANNEL)
    assert not hearers.follows(who(("story", "9")), alert(), STORY, of=records.CHANNEL)
    assert not hearers.follows(who(("channel", str(records.CHANNEL))), alert(), STORY, of=records.CHANNEL)
    assert not hearers.follows(who(), alert(subject=None), STORY, of=records.CHANNEL)
