"""How long after something another thing happened."""

import pytest

from bot.render import lapse
from bot.render.catalogue import Catalogue


@pytest.mark.parametrize(
    ("seconds", "said", "short"),
    [
        (0, "after 1 second", "+1 s"),
        (59, "after 59 seconds", "+59 s"),
        (60, "after 60 seconds", "+1 min"),
        (119, "after 119 seconds", "+1 min"),
        (120, "after 2 minutes", "+2 min"),
        (7199, "after 119 minutes", "+119 min"),
        (7200, "after 2 hours", "+2 h"),
        (3 * 86_400, "after 3 days", "+3 d"),
        (-90, "after 1 second", "−1 min"),
        (-7200, "after 1 second", "−2 h"),
    ],
)
def test_a_lapse_is_given_in_the_unit_that_reads_best(texts: Catalogue, seconds: int, said: str, short: str) -> None:
    assert lapse.after(texts, seconds) == said
    assert lapse.distance(texts, seconds) == short


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "within 1 second"), (121, "within 3 minutes"), (7201, "within 3 hours"), (172_800, "within 2 days")],
)
def test_what_nobody_saw_happened_within_a_time_rounded_up(texts: Catalogue, seconds: int, said: str) -> None:
    assert lapse.within(texts, seconds) == said
