from typing import Any

import pytest
from telethon.tl import types

from bot.telegram import rich
from tests.telegram.wire import plain

NONE = types.TextEmpty()


def paragraph(text: Any) -> Any:
    return types.PageBlockParagraph(text=plain(text) if isinstance(text, str) else text)


def test_blocks_are_lines_in_reading_order() -> None:
    blocks = [
        types.PageBlockTitle(text=plain("Ротация")),
        paragraph("Их не сменяют второй год."),
        types.PageBlockDivider(),
        types.PageBlockFooter(text=plain("Подпишитесь")),
    ]
    assert rich.flatten(blocks) == "Ротация\nИх не сменяют второй год.\nПодпишитесь"


def test_formats_inside_a_line_leave_its_text() -> None:
    line = types.TextConcat(
        texts=[
            plain("Верните "),
            types.TextBold(text=types.TextItalic(text=plain("наших"))),
            types.TextUrl(text=plain(" мужей"), url="https://example.org", webpage_id=0),
            types.TextCustomEmoji(document_id=1, alt="🕯"),
            types.TextImage(document_id=1, w=1, h=1),
            types.TextMath(source="x+1"),
            NONE,
        ]
    )
    assert rich.flatten([paragraph(line)]) == "Верните наших мужей🕯x+1"


def test_a_change_shows_the_new_text() -> None:
    assert rich.flatten([paragraph(types.TextDiff(text=plain("стало"), old_text=plain("было")))]) == "стало"


def test_lists_have_marks_or_their_numbers() -> None:
    blocks = [
        types.PageBlockList(
            items=[
                types.PageListItemText(text=plain("каска")),
                types.PageListItemBlocks(blocks=[paragraph("аптечка"), paragraph("жгут")]),
            ]
        ),
        types.PageBlockOrderedList(
            items=[
                types.PageListOrderedItemText(text=plain("явка"), num="1"),
                types.PageListOrderedItemBlocks(blocks=[paragraph("отправка")], num="2"),
            ]
        ),
    ]
    assert rich.flatten(blocks) == "• каска\n• аптечка\nжгут\n1. явка\n2. отправка"


def test_a_table_has_a_line_for_each_row() -> None:
    rows = [
        types.PageTableRow(cells=[types.PageTableCell(text=plain("область")), types.PageTableCell(text=plain("план"))]),
        types.PageTableRow(cells=[types.PageTableCell(text=plain("Тверская")), types.PageTableCell()]),
    ]
    table = types.PageBlockTable(title=plain("Призыв"), rows=rows)
    assert rich.flatten([table]) == "Призыв\nобласть | план\nТверская |"


def test_what_is_folded_or_shown_beside_a_picture_is_read_too() -> None:
    caption = types.PageCaption(text=plain("У военкомата"), credit=plain("Фото: И. Имярек"))
    blocks = [
        types.PageBlockCover(cover=types.PageBlockPhoto(photo_id=1, caption=caption)),
        types.PageBlockDetails(title=plain("Подробности"), blocks=[paragraph("Список частей")]),
        types.PageBlockBlockquote(text=plain("Нас бросили"), caption=plain("из письма")),
        types.PageBlockRelatedArticles(
            title=plain("Ещё"),
            articles=[types.PageRelatedArticle(url="u", webpage_id=1, title="О повестках", description="Коротко")],
        ),
    ]
    told = "У военкомата\nПодробности\nСписок частей\nНас бросили\nиз письма\nЕщё\nО повестках\nКоротко"
    assert rich.flatten(blocks) == told


def test_whoever_wrote_or_took_a_picture_is_not_named() -> None:
    blocks = [
        types.PageBlockAuthorDate(author=plain("Иван Имярек"), published_date=None),
        types.PageBlockEmbedPost(
            url="u",
            webpage_id=1,
            author_photo_id=1,
            author="Иван Имярек",
            date=None,
            blocks=[paragraph("текст")],
            caption=types.PageCaption(text=NONE, credit=plain("Иван Имярек")),
        ),
    ]
    assert rich.flatten(blocks) == "текст"


@pytest.mark.parametrize("deep", [30, 500])
def test_blocks_nested_however_deep_end(deep: int) -> None:
    nested = paragraph("дно")
    line = plain("дно")
    for _ in range(deep):
        nested = types.PageBlockDetails(title=NONE, blocks=[nested])
        line = types.TextBold(text=line)
    assert rich.flatten([nested, paragraph(line), paragraph("после")]).endswith("после")
