"""/forget LINK: erase a post's text for good, after one more question. Its hash and the reason stay."""

from bot import forgetting
from bot.commands import linked
from bot.commands.buttons import post_id
from bot.commands.desk import Answer, Asked, say
from bot.render import catalogue, phrases
from bot.render.text import Span
from storage import channels, posts, revisions
from storage.models import Button, Channel, StoredPost


async def forget(asked: Asked) -> Answer:
    """Answer /forget: ask whether it is really meant, for nothing brings the text back."""
    if not asked.is_owner:
        return say(asked, "forget.owner_only")
    async with asked.desk.database.reading() as connection:
        found = await linked.find(connection, asked.args)
    if found == "how":
        return say(asked, "forget.how")
    if not isinstance(found, linked.Linked):
        return say(asked, f"why.{found}")
    if found.post.forgotten_at is not None:
        return await remains(asked, found.post)
    when = phrases.moment(asked.texts, found.post.post.date, asked.zone, near=asked.now)
    yes = Button(label=catalogue.text(asked.texts, "forget.button"), data=f"erase:{found.post.id}")
    return say(asked, "forget.sure", post=_titled(found.channel, found.post), when=when, buttons=[yes])


async def confirm(asked: Asked) -> Answer:
    """Answer the press that means it."""
    if not asked.is_owner:
        return Answer(notice=catalogue.text(asked.texts, "forget.owner_only"))
    number = post_id(asked.args)
    async with asked.desk.database.reading() as connection:
        held = () if number is None else await posts.by_ids(connection, [number])
        channel = await channels.get(connection, held[0].post.channel_id) if held else None
    if not held or channel is None:
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    desk = asked.desk
    forgetter = forgetting.Forgetter(database=desk.database, catalogues=desk.catalogues, wake=desk.wake)
    changed = await forgetting.forget(forgetter, channel, held[0], now=asked.now)
    (done,) = say(asked, "forget.done", n=changed, post=_titled(channel, held[0])).messages
    return Answer(notice=catalogue.text(asked.texts, "forget.notice"), replace=done)


async def remains(asked: Asked, post: StoredPost) -> Answer:
    """Say of a forgotten post when and why its text was erased, and the hash that stays."""
    async with asked.desk.database.reading() as connection:
        kept = await revisions.of_post(connection, post.post.channel_id, post.post.message_id)
    written = [revision.content_sha256 for revision in kept if revision.kind != "deleted"]
    when = phrases.moment(asked.texts, post.forgotten_at or 0, asked.zone, near=asked.now)
    return say(asked, f"forget.by_{post.forgotten_why}", when=when, hash=Span(written[-1], "code"))


def _titled(channel: Channel, post: StoredPost) -> Span:
    return Span(phrases.title(channel.info), "link", phrases.link(channel.info, post.post.message_id))
