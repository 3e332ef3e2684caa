import itertools

from bot.commands import pairing

NOW = 1_790_000_000
CODE = "K7QF2MXD"


def test_a_code_is_drawn_letter_by_letter() -> None:
    letters = itertools.cycle("AB")
    assert pairing.draw(lambda _alphabet: next(letters)) == "ABABABAB"


def test_a_drawn_code_looks_like_one() -> None:
    assert pairing.looks_like_a_code(pairing.draw(lambda alphabet: alphabet[-1]))


def test_letters_that_are_read_for_one_another_are_not_drawn() -> None:
    assert not set("01IO") & set(pairing.ALPHABET)


def test_the_code_is_right_in_small_letters_and_with_spaces() -> None:
    waiting = pairing.start(CODE, now=NOW)
    assert pairing.attempt(waiting, " k7qf 2mxd\n", now=NOW) == (waiting, "right")
    assert pairing.attempt(waiting, "K7QF-2MXD", now=NOW) == (waiting, "right")


def test_a_wrong_code_is_counted() -> None:
    waiting, outcome = pairing.attempt(pairing.start(CODE, now=NOW), "ДВАДЦАТЬ", now=NOW)
    assert outcome == "wrong"
    assert waiting.wrong == 1


def test_after_five_wrong_codes_the_right_one_comes_too_late() -> None:
    waiting = pairing.start(CODE, now=NOW)
    for _ in range(5):
        waiting, outcome = pairing.attempt(waiting, "AAAAAAAA", now=NOW)
        assert outcome == "wrong"
    assert pairing.attempt(waiting, CODE, now=NOW) == (waiting, "closed")
    assert not pairing.is_open(waiting, now=NOW)


def test_the_code_expires_after_fifteen_minutes() -> None:
    waiting = pairing.start(CODE, now=NOW)
    assert pairing.attempt(waiting, CODE, now=NOW + 899)[1] == "right"
    assert pairing.attempt(waiting, CODE, now=NOW + 900)[1] == "closed"


def test_a_greeting_does_not_look_like_a_code() -> None:
    assert pairing.looks_like_a_code("k7qf-2mxd")
    assert not pairing.looks_like_a_code("hello")
    assert not pairing.looks_like_a_code("Добрый день")
    assert not pairing.looks_like_a_code("10OI10OI")
    assert not pairing.looks_like_a_code("")
