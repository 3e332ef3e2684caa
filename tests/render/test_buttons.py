import pytest

from bot import catalogues
from bot.render import buttons
from bot.render.buttons import State, Target
from storage.models import PostId
from tests import records

TEXTS = catalogues.load("en")
HUGE = PostId(2**53)


def labels(rows: buttons.Rows) -> list[list[str]]:
    return [[button.label for button in row] for row in rows]


@pytest.mark.parametrize(
    ("state", "rows"),
    [
        (State(), [["🌐 Translate", "🔕 Mute", "⭐ Save"], ["👍", "👎", "📋 Cite"]]),
        (State(approves=True, saved=True), [["🌐 Translate", "🔕 Mute", "⭐ Saved"], ["👍 ✓", "👎", "📋 Cite"]]),
        (State(approves=False, muted=True), [["🌐 Translate", "🔕 Muted", "⭐ Save"], ["👍", "👎 ✓", "📋 Cite"]]),
        (State(translated=True), [["🌐 Original", "🔕 Mute", "⭐ Save"], ["👍", "👎", "📋 Cite"]]),
    ],
)
def test_rows_show_what_was_pressed(state: State, rows: list[list[str]]) -> None:
    assert labels(buttons.under(TEXTS, records.stored_post(), state)) == rows


def test_what_is_in_the_language_of_the_chat_needs_no_translation_and_shows_the_way_back() -> None:
    english = records.stored_post(language="en")
    assert labels(buttons.under(TEXTS, english)) == [["🔕 Mute", "⭐ Save", "📋 Cite"], ["👍", "👎"]]
    assert labels(buttons.under(TEXTS, english, State(translated=True)))[0][0] == "🌐 Original"


def test_of_what_is_forgotten_a_citation_is_left_and_its_story_to_mute() -> None:
    gone = records.stored_post(forgotten_at=records.NOW)
    assert labels(buttons.under(TEXTS, gone, State(saved=True, translated=True))) == [["🔕 Mute", "📋 Cite"]]


def test_all_fits_a_phone_and_what_telegram_carries() -> None:
    post = records.stored_post(post_id=HUGE)
    offered = [
        Target(code=f"t{number}", name="очень длинное название темы", muted=number % 2 == 0) for number in range(9)
    ]
    rows = [
        *buttons.under(TEXTS, post),
        *buttons.targets(TEXTS, HUGE, offered),
        *buttons.spans(TEXTS, HUGE, "t8"),
    ]
    assert all(len(row) <= 3 for row in rows)
    assert all(len((button.data or "").encode()) <= buttons.DATA_LIMIT for row in rows for button in row)
    assert all(len(button.label) <= 24 for row in rows for button in row)


def test_what_is_muted_is_offered_to_be_lifted() -> None:
    offered = [Target(code="s", name="This story", muted=True), Target(code="c", name="This channel", muted=False)]
    rows = buttons.targets(TEXTS, PostId(7), offered)
    assert [[(button.label, button.data) for button in row] for row in rows] == [
        [("🔔 This story", "unmute:7:s"), ("🔕 This channel", "menu:7:c")],
        [("‹ Back", "back:7")],
    ]
