from storage import trials
from storage.database import Connection


async def test_a_rule_that_was_tried_keeps_its_number(tx: Connection) -> None:
    number = await trials.keep(tx, "вода and труба")
    assert await trials.keep(tx, "вода") != number
    assert await trials.keep(tx, "вода and труба") == number
    assert await trials.get(tx, number) == "вода and труба"


async def test_a_number_that_was_never_given_is_none(tx: Connection) -> None:
    assert await trials.get(tx, 77) is None
