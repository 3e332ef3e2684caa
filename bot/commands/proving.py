"""/evidence LINK: what was captured of a post, as a file to keep and to hand on."""

from bot import evidence
from bot.commands import linked
from bot.commands.desk import Answer, Asked, privately, say
from bot.render import catalogue, phrases, text
from bot.render import evidence as layout
from bot.render.text import Span


async def prove(asked: Asked) -> Answer:
    """Answer /evidence, the owner alone: what is in the file was captured whole, and nothing in it is masked."""
    if not asked.is_owner:
        return say(asked, "evidence.owner_only")
    async with asked.desk.database.reading() as connection:
        found = await linked.find(connection, asked.args)
        if found == "how":
            return say(asked, "evidence.how")
        if not isinstance(found, linked.Linked):
            return say(asked, f"why.{found}")
        case = await evidence.gather(connection, found.channel.info, found.post)
    document = layout.pack(asked.texts, case)
    name = phrases.title(case.channel)
    caption = catalogue.spans(
        asked.texts,
        "evidence.caption",
        post=Span(name, "link", phrases.link(case.channel, case.post.post.message_id)),
        states=catalogue.text(asked.texts, "evidence.states", n=len(case.revisions)),
        copies=catalogue.text(asked.texts, "evidence.copies", n=max(0, len(case.copies) - 1)),
        hash=Span(layout.sha256(document), "code"),
    )
    return privately(Answer(messages=(text.message(caption, document=document),)))
