"""What a row of the outbox holds, written and read back."""

import sqlite3
from typing import Any

from storage import columns
from storage.document_models import Document
from storage.models import Message, OutboxMessage, Subject


def written(message: Message, subject: Subject | None) -> dict[str, Any]:
    """Give the columns of a message and of what it is about."""
    return {
        "text": message.text,
        "entities": columns.entities(message.entities),
        "buttons": columns.buttons(message.buttons),
        "picture": message.picture,
        "document": None if message.document is None else message.document.content,
        "document_name": None if message.document is None else message.document.name,
        "silent": int(message.silent),
        "post_id": None if subject is None else subject.post_id,
        "topics": None if subject is None else columns.topics(subject.topics),
        "late": int(subject is not None and subject.late),
        "held": None if subject is None else subject.held,
    }


def read(row: sqlite3.Row) -> OutboxMessage:
    """Read a whole row."""
    message = Message(
        text=row["text"],
        entities=columns.read_entities(row["entities"]),
        buttons=columns.read_buttons(row["buttons"]),
        picture=row["picture"],
        silent=bool(row["silent"]),
        document=_document(row),
    )
    return OutboxMessage(
        id=row["id"],
        chat_id=row["chat_id"],
        kind=row["kind"],
        act=row["act"],
        key=row["key"],
        random_id=row["random_id"],
        message=message,
        subject=_subject(row),
        depends_on=row["depends_on"],
        state=row["state"],
        created_at=row["created_at"],
        not_before=row["not_before"],
        attempts=row["attempts"],
        sent_message_id=row["sent_message_id"],
        error=row["error"],
    )


def _document(row: sqlite3.Row) -> Document | None:
    if row["document"] is None:
        return None
    return Document(name=row["document_name"], content=row["document"])


def _subject(row: sqlite3.Row) -> Subject | None:
    if row["post_id"] is None:
        return None
    return Subject(
        post_id=row["post_id"],
        topics=columns.read_topics(row["topics"]),
        late=bool(row["late"]),
        held=row["held"],
    )
