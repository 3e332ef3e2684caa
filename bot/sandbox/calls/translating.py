"""messages.translateText: what Telegram's own translation would say."""

from typing import Any

from telethon.tl import types

from bot.sandbox.calls.caller import Answer, Caller, Handler
from bot.sandbox.state import RefusedError

LONGEST = 4096


def translate_text(caller: Caller, request: Any) -> Answer:
    """Translate texts: as the world was told, else so that one can see what was asked for."""
    caller.user()
    if not request.text:
        raise RefusedError(400, "INPUT_TEXT_EMPTY")
    if not request.to_lang.isalpha():
        raise RefusedError(400, "TO_LANG_INVALID")
    if any(len(piece.text) > LONGEST for piece in request.text):
        raise RefusedError(400, "INPUT_TEXT_TOO_LONG")
    known = caller.state.translations
    said = [known.get((request.to_lang, piece.text), f"[{request.to_lang}] {piece.text}") for piece in request.text]
    return types.messages.TranslateResult(result=[types.TextWithEntities(text=text, entities=[]) for text in said])


CALLS: dict[str, Handler] = {"messages.translateText": translate_text}
