"""What comes in from a chat with the bot: a command or a pressed button, freed of Telegram's types."""

from dataclasses import dataclass

from storage import models


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A message somebody sent to the bot alone, or a command in a group.

    `sender` is who wrote it: in a private chat the same as `chat_id`; `title` is the group's. `request_id` is its
    message id, `sent_at` Telegram's time of it in UTC seconds. `name` is the command in
    lower case, without slash and without the bot's name (`/Digest@homefront_bot 7d` is `digest`); empty for
    plain text, which then stands whole in `args`. `language` is the code of the sender's Telegram ("uk"), empty
    where it did not say.
    """

    chat_id: models.ChatId
    sender: models.ChatId
    request_id: int
    name: str
    args: str
    sent_at: int
    title: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button pressed under one of the bot's messages.

    `sender` is who pressed it, `message_id` that message, `data` what the button carries.
    """

    chat_id: models.ChatId
    sender: models.ChatId
    query_id: int
    message_id: int
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A group became a larger one, and goes on under another id."""

    chat_id: models.ChatId
    after: models.ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """How to answer a press: the short `notice` Telegram shows over the chat, and what the message becomes.

    `notice` None: answer the press without words. `replace` None: the message stays as it is, unless `rows` says
    that it is an alert to be drawn anew. Messages that follow a press are in the outbox already.
    """

    notice: str | None = None
    replace: models.Message | None = None
    rows: str | None = None
