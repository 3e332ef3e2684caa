"""Makes entries of lists of ranked stories: brings their posts and channels, and chooses what is quoted of them."""

from collections.abc import Iterable, Mapping, Sequence

from bot.pipeline import quoting
from bot.pipeline.ranking import Ranked
from bot.render.headline import Copy, Headline
from storage import channels, posts
from storage.database import Connection
from storage.models import ChannelId, ChannelInfo, PostId, StoredPost

Infos = Mapping[ChannelId, ChannelInfo]


async def infos(connection: Connection) -> dict[ChannelId, ChannelInfo]:
    """Return what Telegram says of every channel that is or was followed."""
    return {channel.info.id: channel.info for channel in await channels.every(connection)}


async def gather(connection: Connection, known: Infos, told: Sequence[Ranked], *, start: int) -> tuple[Headline, ...]:
    """Make entries of stories, in their order.

    Args:
        connection: of the database.
        known: the channels.
        told: the stories.
        start: when the stretch of time begins that they are told of (UTC seconds).
    """
    held = {post.id: post for post in await posts.by_ids(connection, [story.lead.post_id for story in told])}
    # What was erased since it was ranked is left out.
    return tuple(
        _headline(known, story, held[story.lead.post_id], start=start) for story in told if story.lead.post_id in held
    )


async def single(connection: Connection, known: Infos, post_ids: Iterable[PostId]) -> dict[PostId, Headline]:
    """Make entries of posts, each by itself."""
    return {post.id: of_post(known, post) for post in await posts.by_ids(connection, list(post_ids))}


def of_post(known: Infos, post: StoredPost) -> Headline:
    """Make an entry of one post."""
    return Headline(
        channel=known[post.post.channel_id],
        post=post,
        sentence=quoting.sentence(post.post.text, post.matches),
        reach=post.post.views or 0,
    )


def _headline(known: Infos, story: Ranked, lead: StoredPost, *, start: int) -> Headline:
    of_topic = [match for match in lead.matches if match.topic == story.lead.topic]
    return Headline(
        channel=known[story.lead.channel_id],
        post=lead,
        sentence=quoting.sentence(lead.post.text, of_topic),
        copies=tuple(Copy(channel=known[one.channel_id], message_id=one.message_id) for one in story.firsts[1:]),
        posts=story.posts,
        reach=story.reach,
        since=story.began_at if story.began_at < start else None,
    )
