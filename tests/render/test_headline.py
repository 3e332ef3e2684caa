"""Stories in a list."""

from dataclasses import replace

from bot.render import headline, text
from bot.render.catalogue import Catalogue
from bot.render.headline import Headline
from storage.models import TextPart
from tests import records
from tests.render import digests, showing


def shown(texts: Catalogue, told: Headline, *, topic: str | None = "rotation") -> str:
    message = text.message(headline.entry(texts, told, topic=topic, when="14:05", zone=digests.KYIV))
    showing.assert_sendable(message)
    return showing.marked(message)


def test_a_story_of_one_post_is_its_link_a_sentence_and_its_views(texts: Catalogue) -> None:
    assert shown(texts, digests.headline(1, "rotation")) == (
        "• ⟦link https://t.me/zhdem_test/1 14:05 Ждём дома (FAKE)⟧\n"
        "Матері вийшли на площу і знову питають, коли буде ⟦bold ротація⟧.\n👁 14,300"
    )


def test_who_else_tells_it_is_named_and_counted(texts: Catalogue) -> None:
    told = shown(texts, digests.headline(1, "rotation", copies=3))
    assert told.endswith(
        "👁 57,200 views in 4 channels · also: ⟦link https://t.me/khvylia_test/501 Вільна хвиля⟧, "
        "⟦link https://t.me/north_test/501 North Front Notes⟧, 1 more"
    )


def test_words_of_another_topic_are_not_bold(texts: Catalogue) -> None:
    assert "⟦bold" not in shown(texts, digests.headline(1, "rotation"), topic="desertion")
    assert "⟦bold ротація⟧" in shown(texts, digests.headline(1, "rotation"), topic=None)


def test_a_post_that_says_nothing_says_so(texts: Catalogue) -> None:
    silent = replace(
        digests.headline(1, "rotation"),
        post=records.stored_post(records.post(1, "", views=None)),
        sentence=(0, 0),
        reach=0,
    )
    assert shown(texts, silent).endswith("\n(no text)")


def test_a_sentence_of_a_preview_is_named_and_a_long_one_cut(texts: Catalogue) -> None:
    said = "Первое предложение поста. " + "слово " * 60 + "ротация" + " слово" * 60
    at = said.index("ротация")
    post = records.post(1, said, parts=(TextPart(kind="preview", start=0, end=len(said)),))
    stored = records.stored_post(post, matches=(records.match("rotation", at, at + 7),))
    told = replace(digests.headline(1, "rotation"), post=stored, sentence=(26, len(said)))
    line = shown(texts, told).splitlines()[1]
    assert line.startswith("…")
    assert "⟦bold ротация⟧" in line
    assert line.endswith("…")
    assert len(line) < headline.SENTENCE_LIMIT + 20
    short = replace(told, sentence=(0, 25))
    assert shown(texts, short).splitlines()[1] == "⟦italic Link preview:⟧ Первое предложение поста."
