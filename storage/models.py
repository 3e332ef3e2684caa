"""The frozen records that travel through Homefront, and their ids.

Times are UTC seconds, by Telegram's clock where Telegram gave them. Offsets of `Entity` count UTF-16 units, as Telegram
does; offsets of `TextPart` and `Match` count characters of `Post.text`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NewType

from storage.document_models import Document

ChannelId = NewType("ChannelId", int)
"""Telegram's bare positive id of a channel: its identity, whatever its username or title."""
MessageId = NewType("MessageId", int)
"""Unique within one channel only."""
PostId = NewType("PostId", int)
"""Our own row number of a post."""
ChatId = NewType("ChatId", int)
"""A chat the bot writes to: in a private chat, the user's id; in a group a negative number, as Telegram marks it."""
OutboxId = NewType("OutboxId", int)
StoryId = NewType("StoryId", int)
"""The row number of the post that a story began with."""

PartKind = Literal["message", "rich", "poll", "preview"]
EntityKind = Literal["bold", "italic", "underline", "strike", "code", "quote", "folded", "link"]
RevisionKind = Literal["posted", "edited", "deleted"]
ChannelState = Literal["followed", "removed", "lost"]
Role = Literal["owner", "reader"]
OutboxKind = Literal["alert", "summary", "digest", "reply", "notice", "followup", "update"]
"""What a message is; "reply" answers a command, "followup" stands under an alert, "update" is an alert's newer text."""
OutboxState = Literal["waiting", "claimed", "sent", "folded", "refused", "replaced", "cancelled"]
Act = Literal["send", "reply", "edit"]
"""What is done with a message: sent by itself, sent under another one, or made the new text of another one."""
MuteKind = Literal["channel", "topic", "story"]
Mode = Literal["instant", "hourly", "digest"]
Held = Literal["quiet", "hourly"]
"""Why an alert was held back: the chat's quiet hours, or its wish to be told once an hour."""
ForgottenWhy = Literal["owner", "age"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """What Telegram says of a public broadcast channel. The flags are shown, never used to hide or rank.

    `restriction`: why Telegram restricts it, empty where it does not say.
    """

    id: ChannelId
    access_hash: int
    username: str | None
    title: str
    verified: bool = False
    fake: bool = False
    scam: bool = False
    restricted: bool = False
    subscribers: int | None = None
    restriction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a channel is known without a hole: its pts (None: unknown) and the id up to which all posts are held."""

    pts: int | None
    complete_id: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that is or was followed, and how far it is held.

    `joined` False: Telegram pushes nothing, it is read on a timer. `quiet`: it shall not be joined. `held_from`: posts
    since that time are held (None: history not yet read to its end). `checked_at`: when the server last confirmed
    that nothing is missing.
    """

    info: ChannelInfo
    state: ChannelState
    joined: bool
    added_at: int
    cursor: Cursor
    held_from: int | None
    checked_at: int | None
    trouble: str | None
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChange:
    """A change of a channel's username, title or a flag; `field` is the name of the field of ChannelInfo."""

    channel_id: ChannelId
    at: int
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A stretch of text with a format; `start` and `length` in UTF-16 units."""

    kind: EntityKind
    start: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A stretch of `Post.text` and where it came from; `start` and `end` in characters."""

    kind: PartKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a forward came from; of one from a person nothing is kept that names him: all is None but `date`."""

    channel_id: ChannelId | None
    message_id: MessageId | None
    title: str | None
    date: int | None
    username: str | None = None  # of the channel, where the answer that brought the post told it


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message of a channel as Telegram gave it. `text` is all that can be read in it, its `parts` in order."""

    channel_id: ChannelId
    message_id: MessageId
    date: int
    text: str
    edited_at: int | None = None
    parts: tuple[TextPart, ...] = ()
    entities: tuple[Entity, ...] = ()
    media: str | None = None
    views: int | None = None
    forwards: int | None = None
    grouped_id: int | None = None
    origin: Origin | None = None

    @property
    def written(self) -> str:
        """The text without the link preview, which the channel did not write."""
        return written(self.text, self.parts)


def written(text: str, parts: Iterable[TextPart]) -> str:
    """Give a text without the link preview among its `parts`."""
    previews = [part.start for part in parts if part.kind == "preview"]
    return text[: min(previews)].rstrip() if previews else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A term of a topic found in a post's text; `start`, `end` in characters, `rule` as written in the topic file."""

    topic: str
    start: int
    end: int
    term: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """A post as held, with what was decided of it. `forgotten_at`: when its text was erased for good (UTC seconds)."""

    id: PostId
    post: Post
    language: str
    captured_at: int
    deleted_at: int | None
    matches: tuple[Match, ...]
    forgotten_at: int | None = None
    forgotten_why: ForgottenWhy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a post as captured. `canonical` is None once forgotten; the hashes stay.

    `content_sha256` is of `canonical` in UTF-8; `chain_sha256` of the channel's chain_sha256 before (empty for the
    first), `captured_at` and `content_sha256`, joined by newlines. All in lower-case hexadecimal.
    """

    channel_id: ChannelId
    seq: int
    message_id: MessageId
    kind: RevisionKind
    captured_at: int
    canonical: str | None
    content_sha256: str
    chain_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: either `data` (at most 64 bytes, comes back when pressed) or `url`."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What we send: frozen text with entities, rows of buttons, a PNG picture or a file with the text as caption."""

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: bytes | None = None
    silent: bool = False
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The post an alert is about, and its topics. `late`: told in a summary, never alone; `held`: why it waits."""

    post_id: PostId
    topics: tuple[str, ...]
    late: bool = False
    held: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """A message on its way. `key` is unique in a chat: the same thing is never queued twice.

    `random_id` is the signed 64-bit number by which the server recognises a repeat; it never changes. `attempts`: how
    often it may have reached the server. `depends_on`: the message that a reply stands under or an edit changes.
    """

    id: OutboxId
    chat_id: ChatId
    kind: OutboxKind
    key: str
    random_id: int
    message: Message
    subject: Subject | None
    state: OutboxState
    created_at: int
    not_before: int
    attempts: int
    sent_message_id: int | None
    error: str | None
    act: Act = "send"
    depends_on: OutboxId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Somebody who was let in, or a group. `unreachable_since`: Telegram refuses our messages; they wait for a word.

    `label`: what the owner calls him, or the title of the group. Telegram's name of a person is never kept. What was
    set: `timezone` (`own_timezone` False: it follows the settings), the `topics` that are told (empty: all), those that
    come silently, the `mode`: at once, once an hour, in the daily digest alone. Minutes of the local day: between
    `quiet_from` and `quiet_to` (both None: never) nothing is told; `digest_at` (None: as the settings say) the digest
    comes, each day or `weekly` on Mondays. `digested_until`: the end of the last day that one of these told of.
    """

    id: ChatId
    role: Role
    language: str
    timezone: str
    paired_at: int
    unreachable_since: int | None = None
    label: str | None = None
    own_timezone: bool = False
    topics: tuple[str, ...] = ()
    silent_topics: tuple[str, ...] = ()
    mode: Mode = "instant"
    quiet_from: int | None = None
    quiet_to: int | None = None
    digest_at: int | None = None
    weekly: bool = False
    digested_until: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether several people read and write there."""
        return self.id < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What a chat wants no alerts of until `until` (None: for ever). `subject`: channel id, topic name or story."""

    chat_id: ChatId
    kind: MuteKind
    subject: str
    until: int | None
