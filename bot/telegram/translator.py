"""Has Telegram translate what channels wrote: as bare text, of which the server learns neither origin nor purpose."""

import logging

from telethon.tl import functions, types

from bot.commands.reader import Translated, Translation, Unavailable, Untranslated, Wait
from bot.telegram.calls import CallFailedError, Calls, FloodedError

REFUSED = "TRANSLAT"
"""How the server's word begins when it translates nothing more today, nothing for us, or fails at this text."""

_log = logging.getLogger(__name__)


async def translate(calls: Calls, text: str, *, to: str) -> Translation:
    """Translate `text` into the language `to` ("en"); raises TelegramError when the session is of no use."""
    bare = types.TextWithEntities(text=text, entities=[])
    try:
        answer = await calls.ask(functions.messages.TranslateTextRequest(to_lang=to, text=[bare]))
    except FloodedError as error:
        return Wait(seconds=error.seconds)
    except CallFailedError as error:
        _log.info("a text was not translated: %s", error.name)
        if error.passing and not error.name.startswith(REFUSED):
            return Unavailable(reason=error.name)
        return Untranslated(reason=error.name)
    said = "\n".join(piece.text for piece in answer.result).strip()
    return Translated(text=said) if said else Untranslated(reason="no words came back")
