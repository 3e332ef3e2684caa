"""What channels wrote in the language of a chat, as Telegram translates it; over real MTProto."""

import pytest

from bot.commands.reader import Translated, Unavailable, Untranslated, Wait
from bot.sandbox import faults
from tests.telegram.stage import Stage


async def test_words_are_translated(stage: Stage) -> None:
    stage.world.state.translations["en", "Воды нет."] = "There is no water."
    async with stage.reader() as reader:
        await stage.until_runs(reader)
        assert await reader.translate("Воды нет.", to="en") == Translated(text="There is no water.")


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (faults.Flood(40), Wait(seconds=40)),
        (
            faults.RpcError(400, "TRANSLATE_REQ_QUOTA_EXCEEDED"),
            Untranslated(reason="TRANSLATE_REQ_QUOTA_EXCEEDED"),
        ),
        (faults.RpcError(400, "TRANSLATE_REQ_FAILED"), Untranslated(reason="TRANSLATE_REQ_FAILED")),
        (faults.RpcError(406, "TRANSLATIONS_DISABLED"), Untranslated(reason="TRANSLATIONS_DISABLED")),
        (faults.LoseReply(), Unavailable(reason="TIMEOUT")),
    ],
)
async def test_what_keeps_the_server_from_it_is_the_answer(
    stage: Stage, fault: faults.Fault, answer: Wait | Untranslated | Unavailable
) -> None:
    stage.world.faults.order("messages.translateText", fault)
    async with stage.reader() as reader:
        await stage.until_runs(reader)
        assert await reader.translate("Воды нет.", to="en") == answer


async def test_no_words_in_return_are_no_translation(stage: Stage) -> None:
    stage.world.state.translations["en", "Воды нет."] = " "
    async with stage.reader() as reader:
        await stage.until_runs(reader)
        assert await reader.translate("Воды нет.", to="en") == Untranslated(reason="no words came back")


async def test_a_reader_that_does_not_run_translates_nothing(stage: Stage) -> None:
    async with stage.reader() as reader:
        await stage.until_runs(reader)
    assert isinstance(await reader.translate("Воды нет.", to="en"), Unavailable)
