"""Translate under an alert: Telegram's own translation stands in place of the words, until they are wanted back."""

import hashlib

from bot.commands import durations, under_alerts
from bot.commands.desk import Answer, Asked
from bot.commands.reader import Translated, Unavailable, Untranslated, Wait
from bot.render import translated
from storage import translations
from storage.translations import Translation


async def translate(asked: Asked) -> Answer:
    """Answer a press on Translate."""
    async with asked.desk.database.reading() as connection:
        found = await under_alerts.pressed_under(connection, asked, asked.args)
        if isinstance(found, Answer):
            return found
        words, language = translated.words(found.post.post.text), asked.chat.language
        source = hashlib.sha256(words.encode()).hexdigest()
        held = await translations.find(connection, found.post.id, language=language, source=source)
    if held is None:
        said = await _ask(asked, words)
        if isinstance(said, Answer):
            return said
        held = Translation(post_id=found.post.id, language=language, source=source, text=said)
    async with asked.desk.database.transaction() as tx:
        # Asked again: while Telegram translated, the post may have been forgotten.
        found = await under_alerts.pressed_under(tx, asked, asked.args)
        if isinstance(found, Answer):
            return found
        if found.post.forgotten_at is None:
            await translations.show(tx, asked.chat.id, held)
    return under_alerts.redrawn(asked)


async def original(asked: Asked) -> Answer:
    """Answer a press on Original: the words of the post stand there again."""
    async with asked.desk.database.transaction() as tx:
        found = await under_alerts.pressed_under(tx, asked, asked.args)
        if isinstance(found, Answer):
            return found
        await translations.hide(tx, asked.chat.id, found.post.id)
    return under_alerts.redrawn(asked)


async def _ask(asked: Asked, words: str) -> str | Answer:
    if not words:
        return under_alerts.notice(asked, "translate.nothing")
    match await asked.desk.reader.translate(words, to=asked.chat.language):
        case Translated(text=said):
            return said
        case Wait(seconds=seconds):
            return under_alerts.notice(asked, "translate.wait", time=durations.words(asked.texts, seconds))
        case Unavailable():
            return under_alerts.notice(asked, "translate.unavailable")
        case Untranslated():
            return under_alerts.notice(asked, "translate.refused")
