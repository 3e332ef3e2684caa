"""What is said below an alert when its post is edited or deleted."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.render import catalogue, changes, lapse, masking, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.models import Button, ChannelInfo, Message, Post, PostId


def edited(
    texts: Catalogue, *, channel: ChannelInfo, post: Post, before: str, edits: int, at: int, flagged: bool, silent: bool
) -> Message:
    """Say what an edit changed.

    Args:
        texts: the catalogue of the chat's language.
        channel: where the post stands.
        post: the post as it now is.
        before: what it said when the alert was stored.
        edits: how many there were since.
        at: when the last was made (UTC seconds).
        flagged: whether anything in it is still looked for.
        silent: whether it comes without a sound.
    """
    key = "followup.edited" if edits == 1 else "followup.edited_again"
    said = catalogue.text(texts, key, n=edits, lapse=lapse.after(texts, at - post.date))
    spans = [*_head(channel, post, said)]
    if changes.is_trivial(before, post.written):
        spans += [Span(catalogue.text(texts, "followup.reverted"))]
    else:
        found = changes.between(masking.masked(before), masking.masked(post.written))
        spans += [*found.spans, Span("\n")]
        if found.left:
            spans += [Span(catalogue.text(texts, "followup.more_changes", n=found.left) + "\n")]
        if not flagged:
            spans += [Span(catalogue.text(texts, "followup.unflagged"), "italic")]
    return text.message(spans, silent=silent)


def deleted(
    texts: Catalogue,
    *,
    channel: ChannelInfo,
    post: Post,
    post_id: PostId,
    at: int,
    seen: bool,
    owner: bool,
    silent: bool,
) -> Message:
    """Say that a post is gone.

    Args:
        texts: the catalogue of the chat's language.
        channel: where the post stood.
        post: the post as it is kept.
        post_id: its row, for the button that shows what is kept.
        at: when it was deleted, or was found to be gone (UTC seconds).
        seen: whether its channel deleted it just then, or at some time before.
        owner: whether the chat may see what is kept.
        silent: whether it comes without a sound.
    """
    ago = at - post.date
    said = lapse.after(texts, ago) if seen else lapse.within(texts, ago)
    button = Button(label=catalogue.text(texts, "followup.show"), data=f"kept:{post_id}")
    return text.message(
        _head(channel, post, catalogue.text(texts, "followup.deleted", lapse=said)),
        buttons=((button,),) if owner else (),
        silent=silent,
    )


def kept(texts: Catalogue, said: Message, *, post: Post, post_id: PostId, timezone: str) -> Message:
    """Give the message `said` that a post is gone with all that is kept of its text, as far as there is room."""
    zone = ZoneInfo(timezone)
    when = f"{phrases.moment(texts, post.date, zone, near=post.date)} {phrases.zone_name(post.date, zone)}"
    head = f"{said.text}\n{when}\n"
    room = text.TEXT_LIMIT - text.utf16(head)
    quoted, entities = text.compose(text.fit([Span(text.tidy(masking.masked(post.text)), quoted="quote")], room))
    start = text.utf16(head)
    moved = tuple(replace(entity, start=entity.start + start) for entity in entities)
    button = Button(label=catalogue.text(texts, "followup.hide"), data=f"kept:{post_id}:0")
    return replace(said, text=(head + quoted).rstrip(), entities=(*said.entities, *moved), buttons=((button,),))


def _head(channel: ChannelInfo, post: Post, said: str) -> list[Span]:
    link = phrases.link(channel, post.message_id)
    return [Span(said, "bold"), Span(phrases.SEPARATOR), Span(phrases.title(channel), "link", link), Span("\n")]
