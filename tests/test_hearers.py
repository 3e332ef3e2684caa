"""Who wants to hear of what."""

from dataclasses import replace

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


def follows(hearers_: Hearers, told: OutboxMessage, *, chat: Chat | None = None) -> bool:
    return hearers.follows(hearers_, chat or hearers_.chats[0], told, STORY, of=records.CHANNEL)


def test_a_mute_of_another_chat_is_none_of_ours() -> None:
    assert follows(who(("channel", str(records.CHANNEL)), ("story", "9"), chat_id=OTHER), alert())


def test_a_story_is_followed_until_it_or_all_that_it_was_told_for_is_muted() -> None:
    assert follows(who(("topic", "rotation"), ("story", "8")), alert())
    assert not follows(who(("topic", "rotation"), ("topic", "desertion")), alert())
    assert not follows(who(("story", "9")), alert())
    assert not follows(who(("channel", str(records.CHANNEL))), alert())
    assert not follows(who(), alert(subject=None))


def test_a_story_is_followed_only_as_long_as_the_chat_wants_alerts_of_its_topics() -> None:
    (chat,) = who().chats
    assert follows(who(), alert(), chat=replace(chat, topics=("rotation",)))
    assert not follows(who(), alert(), chat=replace(chat, topics=("mobilization",)))
    assert not follows(who(), alert(), chat=replace(chat, mode="digest"))
