"""Evidence of a post: a zip of what was captured of it, with SHA-256 sums; the same state gives the same bytes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.render import catalogue, phrases
from bot.render.catalogue import Catalogue
from storage.document_models import Document
from storage.models import ChannelInfo, Origin, Revision, StoredPost
from storage.story_models import Appearance, Story

FORMAT = 1
"""The number of this layout; it changes when files or their fields do."""
_BEGAN = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can name, for every file: when it was packed is no part of the evidence."""
_MODE = 0o100644 << 16

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A post of the story, and what was captured of it."""

    appearance: Appearance
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is known of a post. `before`: for each revision's number the link of the chain before it."""

    channel: ChannelInfo
    post: StoredPost
    revisions: tuple[Revision, ...]
    before: Mapping[int, str]
    story: Story | None
    copies: tuple[Copy, ...]


def pack(texts: Catalogue, case: Case) -> Document:
    """Make the zip; the file that explains it is in the language of `texts`."""
    files = {
        "README.txt": catalogue.text(texts, "evidence.readme", link=_link(case)).encode(),
        "post.json": _json(_post(case)),
        "revisions.json": _json([_revision(case, one) for one in case.revisions]),
        "story.json": _json(_story(case)),
        **{_name(one): one.canonical.encode() for one in case.revisions if one.canonical is not None},
    }
    files["manifest.json"] = _json(_manifest(case, files))
    files["SHA256SUMS"] = "".join(f"{_sha256(content)}  {name}\n" for name, content in files.items()).encode()
    place = phrases.username(case.channel)[1:] or str(case.channel.id)
    return Document(name=f"evidence-{place}-{case.post.post.message_id}.zip", content=_zip(files))


def sha256(document: Document) -> str:
    """Give the SHA-256 of a document, in hexadecimal digits."""
    return _sha256(document.content)


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    # Not compressed: what a compressor makes differs from version to version.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=_BEGAN)
            entry.create_system, entry.external_attr = 3, _MODE
            archive.writestr(entry, content)
    return packed.getvalue()


def _manifest(case: Case, files: Mapping[str, bytes]) -> Fields:
    return {
        "format": FORMAT,
        "link": _link(case),
        "channel_id": case.channel.id,
        "message_id": case.post.post.message_id,
        "files": [{"name": name, "bytes": len(content), "sha256": _sha256(content)} for name, content in files.items()],
    }


def _post(case: Case) -> Fields:
    stored, info = case.post, case.channel
    return {
        "link": _link(case),
        "channel": {
            "id": info.id,
            "username": info.username,
            "title": info.title,
            **{flag: getattr(info, flag) for flag in ("verified", "fake", "scam", "restricted")},
        },
        "message_id": stored.post.message_id,
        **_times(posted=stored.post.date, edited=stored.post.edited_at, deletion_noticed=stored.deleted_at),
        **_times(erased=stored.forgotten_at),
        "erased_why": stored.forgotten_why,
        "language": stored.language,
        "topics": sorted({match.topic for match in stored.matches}),
        "forwarded_from": _origin(stored.post.origin),
    }


def _revision(case: Case, one: Revision) -> Fields:
    return {
        "file": None if one.canonical is None else _name(one),
        "erased": one.canonical is None,
        "number_in_channel": one.seq,
        "kind": one.kind,
        "captured_at": one.captured_at,
        **_times(captured=one.captured_at),
        "content_sha256": one.content_sha256,
        "previous_chain_sha256": case.before.get(one.seq, ""),
        "chain_sha256": one.chain_sha256,
    }


def _story(case: Case) -> Fields:
    return {
        "began_with": None if case.story is None else next(map(_where, case.copies), None),
        "posts": [_copy(one) for one in case.copies],
    }


def _where(copy: Copy) -> str:
    return phrases.link(copy.appearance.channel, copy.appearance.message_id)


def _copy(copy: Copy) -> Fields:
    post = copy.appearance
    return {
        "link": _where(copy),
        "channel": {"id": post.channel.id, "username": post.channel.username, "title": post.channel.title},
        "message_id": post.message_id,
        **_times(posted=post.date, edited=post.edited_at, deletion_noticed=post.deleted_at),
        "forwarded_from": _origin(post.origin),
        "captured": [
            {
                "kind": one.kind,
                **_times(captured=one.captured_at),
                "content_sha256": one.content_sha256,
                "chain_sha256": one.chain_sha256,
            }
            for one in copy.revisions
        ],
    }


def _origin(origin: Origin | None) -> Fields | None:
    if origin is None:
        return None
    return {
        "channel_id": origin.channel_id,
        "message_id": origin.message_id,
        "title": origin.title,
        **_times(posted=origin.date),
    }


def _times(**at: int | None) -> Fields:
    return {f"{what}_utc": None if seconds is None else phrases.utc(seconds) for what, seconds in at.items()}


def _link(case: Case) -> str:
    return phrases.link(case.channel, case.post.post.message_id)


def _name(one: Revision) -> str:
    return f"revisions/{one.seq}-{one.kind}.json"


def _json(content: Fields | Sequence[Fields]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
