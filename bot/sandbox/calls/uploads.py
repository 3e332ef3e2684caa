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
        file = _assembled(state, named.file)
        return media.photo(identity=file.id, size=len(file.content))
    if isinstance(named, types.InputMediaUploadedDocument):
        file = _assembled(state, named.file)
        return media.document(file.name, mime_type=named.mime_type, identity=file.id, size=len(file.content))
    if isinstance(named, types.InputMediaPhoto):
        return media.photo(identity=_held(state, named.id.id).id, size=len(_held(state, named.id.id).content))
    if isinstance(named, types.InputMediaDocument):
        held = _held(state, named.id.id)
        return media.document(held.name, identity=held.id, size=len(held.content))
    raise RefusedError(400, "MEDIA_INVALID")


def _held(state: State, number: int) -> File:
    found = state.files.get(number)
    if found is None:
        raise RefusedError(400, "MEDIA_EMPTY")
    return found


def _assembled(state: State, named: Any) -> File:
    owned = next((key for key in state.parts if key[1] == named.id), None)
    parts = state.parts.get(owned, {}) if owned else {}
    if owned is None or len(parts) < named.parts:
        raise RefusedError(400, "FILE_PARTS_INVALID")
    content = b"".join(parts[number] for number in range(named.parts))
    file = File(id=state.number(), content=content, name=named.name)
    state.files[file.id] = file
    return file


CALLS: dict[str, Handler] = {
    "upload.saveFilePart": save_part,
    "upload.saveBigFilePart": save_part,
    "upload.getFile": get_file,
}
