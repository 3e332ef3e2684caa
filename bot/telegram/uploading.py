"""Hands pictures and documents to the server before the message that shows them is sent."""

from pathlib import PurePath
from typing import Any

from telethon.tl import types

from bot.telegram import client
from storage.document_models import Document
from storage.models import Message

SLOWEST_UPLOAD = 50_000
"""Bytes a second that the way to the server is granted."""
_MIME_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".jsonl": "application/x-ndjson",
    ".zip": "application/zip",
}


async def media_of(through: client.Client, message: Message) -> Any:
    """Upload the picture or the document of a message; give what the message is sent with, None for a bare text."""
    if message.document is not None:
        return await _document(through, message.document)
    if message.picture is None:
        return None
    return types.InputMediaUploadedPhoto(file=await through.upload_file(message.picture, file_name="picture.png"))


def seconds(message: Message) -> float:
    """Say how long the upload may take besides what any message takes."""
    return 0 if message.document is None else len(message.document.content) / SLOWEST_UPLOAD


async def _document(through: client.Client, document: Document) -> Any:
    return types.InputMediaUploadedDocument(
        file=await through.upload_file(document.content, file_name=document.name),
        mime_type=_MIME_TYPES.get(PurePath(document.name).suffix, "application/octet-stream"),
        attributes=[types.DocumentAttributeFilename(document.name)],
        force_file=True,
    )
