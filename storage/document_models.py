"""The record of a file that a message brings; all others are in `storage.models`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file as it is sent: its name with its ending, which says what it is, and its bytes."""

    name: str
    content: bytes
