"""upload.*: files in parts, up and down, and the media that are made of them."""

from typing import Any

from telethon.tl import types

from bot.sandbox import media
from bot.sandbox.calls.caller import Answer, Caller, Handler
from bot.sandbox.state import File, RefusedError, State


def save_part(caller: Caller, request: Any) -> Answer:
    """Keep one part of a file."""
    parts = caller.state.parts.setdefault((caller.account.id, request.file_id), {})
    parts[request.file_part] = request.bytes
    return True


def get_file(caller: Caller, request: Any) -> Answer:
    """Give back a stretch of a file."""
    found = caller.state.files.get(request.location.id)
    if found is None:
        raise RefusedError(400, "FILE_ID_INVALID")
    stretch = found.content[request.offset : request.offset + request.limit]
    kind = types.storage.FilePng() if found.content.startswith(b"\x89PNG") else types.storage.FileUnknown()
    return types.upload.File(type=kind, mtime=0, bytes=stretch)


def media_of(state: State, named: Any) -> Any:
    """Make the media that an InputMedia asks for."""
    if isinstance(named, types.InputMediaUploadedPhoto):
        return _photo(_assembled(state, named.file))
    if isinstance(named, types.InputMediaUploadedDocument):
        names = [each.file_name for each in named.attributes if isinstance(each, types.DocumentAttributeFilename)]
        name = names[0] if names else named.file.name
        return _document(_assembled(state, named.file, name=name, mime_type=named.mime_type))
    if isinstance(named, types.InputMediaPhoto):
        return _photo(_held(state, named.id.id))
    if isinstance(named, types.InputMediaDocument):
        return _document(_held(state, named.id.id))
    raise RefusedError(400, "MEDIA_INVALID")


def _photo(file: File) -> Any:
    return media.photo(identity=file.id, size=len(file.content))


def _document(file: File) -> Any:
    return media.document(file.name, mime_type=file.mime_type, identity=file.id, size=len(file.content))


def _held(state: State, number: int) -> File:
    found = state.files.get(number)
    if found is None:
        raise RefusedError(400, "MEDIA_EMPTY")
    return found


def _assembled(state: State, named: Any, **about: str) -> File:
    owned = next((key for key in state.parts if key[1] == named.id), None)
    parts = state.parts.get(owned, {}) if owned else {}
    if owned is None or len(parts) < named.parts:
        raise RefusedError(400, "FILE_PARTS_INVALID")
    content = b"".join(parts[number] for number in range(named.parts))
    file = File(id=state.number(), content=content, **{"name": named.name, **about})
    state.files[file.id] = file
    return file


CALLS: dict[str, Handler] = {
    "upload.saveFilePart": save_part,
    "upload.saveBigFilePart": save_part,
    "upload.getFile": get_file,
}
