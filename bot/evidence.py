"""Gathers what is held of a post as evidence."""

from bot.render.evidence import Case, Copy
from storage import chains, revisions, stories
from storage.database import Connection
from storage.models import ChannelInfo, StoredPost


async def gather(connection: Connection, info: ChannelInfo, post: StoredPost) -> Case:
    """Return all that is known of a post: what was captured, its place in the chain, its story with all posts."""
    captured = await revisions.of_post(connection, info.id, post.post.message_id)
    links = await chains.links(connection, info.id, [one.seq - 1 for one in captured])
    story = await stories.of_post(connection, post.id)
    copies = () if story is None else await stories.appearances(connection, story.id)
    return Case(
        channel=info,
        post=post,
        revisions=captured,
        before={one.seq: links[one.seq - 1] for one in captured if one.seq - 1 in links},
        story=story,
        copies=tuple(
            [
                Copy(appearance=one, revisions=await revisions.of_post(connection, one.channel.id, one.message_id))
                for one in copies
            ]
        ),
    )
