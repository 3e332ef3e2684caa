import pytest

from bot.commands import durations
from tests.commands import chatting


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 second"),
        (1, "1 second"),
        (90, "90 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (121, "3 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (64_800, "18 hours"),
        (3 * 86_400, "3 days"),
    ],
)
def test_a_duration_is_said_in_the_unit_read_most_easily(seconds: int, said: str) -> None:
    assert durations.words(chatting.TEXTS, seconds) == said
