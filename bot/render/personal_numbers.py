"""Tells numbers of persons from others by their shape, their check digits and the words before them.

Dates, amounts, coordinates, numbers of units and of posts are none.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

SHORTEST, LONGEST = 5, 20
"""Digits of a number of a person."""
Named = Literal["phone", "document"]

_COUNT = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f.,]\d{3})+")
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_DATE = re.compile(rf"{_DAY}[./-]{_MONTH}[./-](?:{_YEAR}|\d\d)(?!\d)|{_YEAR}[./-]{_MONTH}[./-]{_DAY}(?!\d)")
_PAUSE = r"(?:[\s:;,.#№()+\-–—«»\"']|"
_DOCUMENT = re.compile(
    r"(?:паспорт\w*|passport|снилс|\bинн\b|\bіпн\b|\bипн\b|рнокпп|ідентифікаційн\w+|идентификационн\w+"
    r"|податков\w+|удостоверени\w+|посвідчени\w+|воен\w+ билет\w*|військов\w+ квит\w+|личн\w+ номер\w*"
    r"|особист\w+ номер\w*|жетон\w*|id[ -]?карт\w+|id[ -]?card|военник\w*|driving licen[cs]e)"
    + _PAUSE
    + r"сери[яию]|серії|серія|номер\w*|код\w*|series|number|no|n|рф|гражданин\w*|громадян\w*|россии|украины|україни"
    r"|платник\w*|податків|личности|особи|водител\w+|водій\w+|ветеран\w*|участник\w*|учасник\w*"
    r"|\b[A-ZА-ЯІЇЄҐ]{1,2}(?![^\W\d_])|\b\d{2,4})*\Z",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:\bтел(?:ефон\w*)?|\bмоб(?:ильн\w+|ільн\w+)?|\bсот(?:ов\w+)?|phone|\btel|whatsapp|в[ао]тсап\w*|viber|вайбер\w*"
    r"|signal|звоните|звонить|дзвон[іи]т[ьи]|для связи|для зв.язку)" + _PAUSE + r"номер\w*|по|на|за)*\Z",
    re.IGNORECASE,
)
_SERIES = re.compile(r"(?<![^\W\d_])([АВЕЗІКМНОРСТУХABEIKMHOPCTYX]{2})[ №N-]{0,3}\Z")
_ANY_SERIES = re.compile(r"(?<![^\W\d_])([А-Я]{2})[ №N-]{0,3}\Z")
_WORDS = frozenset(("НА", "НЕ", "НО", "ТО", "ТА", "ВО", "СО", "КО", "МО", "ВС", "АО", "КМ", "СМ", "ЕС", "ТУ", "ТС"))
"""Series of passports that are words as well: after a gap they count as words."""

_IN_A_WORD = re.compile(r"[A-Za-z](?<!%2B)\Z")
_LONG_DISTANCE = re.compile(r"[78][3489]|80(?:17|25|29|33|44)")
_RUSSIAN = frozenset(
    (
        *((11,), (1, 10), (1, 3, 7), (1, 3, 3, 2, 2), (1, 3, 3, 4), (1, 3, 2, 2, 3), (1, 3, 2, 3, 2), (1, 3, 4, 3)),
        *((1, 4, 6), (1, 4, 2, 2, 2), (1, 4, 3, 3), (1, 5, 5), (1, 5, 1, 2, 2), (4, 7), (4, 3, 2, 2), (4, 3, 4)),
        *((4, 2, 2, 3), (4, 2, 3, 2), (1, 6, 4), (1, 3, 3, 1, 3), (2, 2, 3, 2, 2), (2, 2, 7)),
    )
)
_UKRAINIAN = frozenset(
    ((10,), (3, 7), (3, 3, 2, 2), (3, 2, 2, 3), (3, 2, 3, 2), (3, 3, 4), (3, 4, 3), (3, 2, 5), (3, 3, 1, 3))
)
_OF_TOWNS = frozenset(((4, 2, 2, 2), (4, 3, 3), (4, 6), (5, 5), (5, 1, 2, 2), (5, 2, 3)))
_CARDS = frozenset(((13,), (15,), (16,), (18,), (19,), (4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3)))
_BANKS = re.compile(r"4|5|6|3[457]|220[0-4]|22[3-9]|222[1-9]|2[3-6]|27[01]|2720|9804")
_PERSONAL_ACCOUNTS = ("40817", "40820", "423")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Neighbouring groups that may be one number.

    `before`: what stands before; `plus`: the last of it is a +. `named`: what the words before call it.
    """

    text: str
    digits: str
    lengths: tuple[int, ...]
    before: str
    named: Named | None
    plus: bool
    bracket: bool

    @property
    def counts(self) -> bool:
        """Whether it is written as one writes an amount."""
        return _COUNT.fullmatch(self.text) is not None

    @property
    def dates(self) -> bool:
        """Whether it begins with a date."""
        return _DATE.match(self.text) is not None


def is_personal(found: Candidate, *, glued: bool, guess: bool) -> bool:
    """Say whether a candidate is a number of a person.

    Args:
        found: the candidate.
        glued: whether digits stand right before it, so that its shape alone says nothing.
        guess: whether a check digit alone makes ten digits a tax number.
    """
    if not SHORTEST <= len(found.digits) <= LONGEST or found.dates:
        return False
    if _is_named(found):
        return True
    if glued or (_IN_A_WORD.search(found.before) and not _has_series(found)):
        return False
    return any(is_one(found) for is_one in _KINDS) or (guess and _is_ukrainian_tax_number(found))


def named(before: str) -> Named | None:
    """Say what the words that end `before` call the number that follows."""
    if _PHONE.search(before):
        return "phone"
    return "document" if _DOCUMENT.search(before) else None


def _is_named(found: Candidate) -> bool:
    """Say whether the words before it call it a phone or a document, and it can be one."""
    if found.named is None or found.counts:
        return False
    shortest, longest = (SHORTEST, 15) if found.named == "phone" else (6, 14)
    return shortest <= len(found.digits) <= longest


def _is_phone(found: Candidate) -> bool:
    digits, lengths = found.digits, found.lengths
    if found.plus or digits.startswith("00"):
        return _is_international(found, digits.removeprefix("00"))
    if digits.startswith(("380", "375")):
        return len(digits) == 12 and not found.counts  # noqa: PLR2004 -- with the code of Ukraine or Belarus
    if len(digits) == 11:  # noqa: PLR2004 -- with the 8 or 7 of Russia, or the 80 of Belarus
        return _LONG_DISTANCE.match(digits) is not None and lengths in _RUSSIAN and not found.counts
    if len(digits) != 10 or found.counts:  # noqa: PLR2004 -- with the 0 of Ukraine, or without the 8 of Russia
        return False
    if digits[0] == "0":
        return digits[1] in "3456789" and (lengths in _UKRAINIAN or (found.bracket and lengths in _OF_TOWNS))
    return digits[0] == "9" and lengths in {(3, 3, 2, 2), (3, 3, 4)} and not found.text.replace(" ", "").isdecimal()


def _is_international(found: Candidate, digits: str) -> bool:
    lengths = {"7": (11,), "1": (11,), "380": (12,), "375": (12,)}
    known = next((lengths[code] for code in lengths if digits.startswith(code)), range(10, 15))
    amount = found.counts and ("000000" in digits or len(digits) <= 10)  # noqa: PLR2004 -- +2 500 000 000
    return len(digits) in known and not amount


def _is_card(found: Candidate) -> bool:
    if found.lengths not in _CARDS or _BANKS.match(found.digits) is None:
        return False
    years = all(group.startswith(("19", "20")) for group in re.findall(r"\d+", found.text))
    return luhn(found.digits) or (found.lengths == (4, 4, 4, 4) and not years)


def _is_account(found: Candidate) -> bool:
    return found.lengths == (20,) and found.digits.startswith(_PERSONAL_ACCOUNTS)


def _is_pension_number(found: Candidate) -> bool:
    return found.lengths == (3, 3, 3, 2) and ("-" in found.text or _pension_sum_holds(found.digits))


def _is_russian_tax_number(found: Candidate) -> bool:
    if found.lengths != (12,):
        return False
    digits = [int(digit) for digit in found.digits]
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    return all(
        sum(weight * digit for weight, digit in zip(weights[-place:], digits, strict=False)) % 11 % 10 == digits[place]
        for place in (10, 11)
    )


def _is_ukrainian_tax_number(found: Candidate) -> bool:
    """Say whether it holds a plausible date of birth and its check digit is right."""
    if found.lengths != (10,) or found.plus:
        return False
    digits = [int(digit) for digit in found.digits]
    weighed = sum(weight * digit for weight, digit in zip((-1, 5, 7, 9, 4, 6, 10, 5, 7), digits, strict=False))
    born = date(1899, 12, 31) + timedelta(days=int(found.digits[:5]))
    return weighed % 11 % 10 == digits[9] and date(1930, 1, 1) <= born <= date(2012, 1, 1)


def _is_passport(found: Candidate) -> bool:
    if found.lengths in {(4, 6), (2, 2, 6)} and not found.digits.startswith(("19", "20")):
        # Region and year of printing, then the number.
        return found.digits[2] in "019" and found.digits[:2] != "00" and set(found.text) <= set("0123456789 \u00a0№-")
    return _has_series(found)


def _has_series(found: Candidate) -> bool:
    if found.lengths not in {(6,), (7,)}:
        return False
    series = (_SERIES if found.lengths == (6,) else _ANY_SERIES).search(found.before)
    return series is not None and (series[1] not in _WORDS or found.before.endswith(series[1]))


def _is_register_number(found: Candidate) -> bool:
    """Say whether it is the number of the Ukrainian register: date of birth, five digits."""
    if found.lengths != (8, 5):
        return False
    year, month, day = int(found.digits[:4]), int(found.digits[4:6]), int(found.digits[6:8])
    return 1900 < year < 2100 and 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004


_KINDS: tuple[Callable[[Candidate], bool], ...] = (
    _is_phone,
    _is_card,
    _is_account,
    _is_pension_number,
    _is_russian_tax_number,
    _is_passport,
    _is_register_number,
)


def luhn(digits: str) -> bool:
    """Say whether the check digit of a bank card's number is right."""
    return sum(_luhn_parts(digits)) % 10 == 0


def _luhn_parts(digits: str) -> Iterator[int]:
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        yield doubled if doubled < 10 else doubled - 9  # noqa: PLR2004 -- the sum of its two digits


def _pension_sum_holds(digits: str) -> bool:
    weighed = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    return weighed % 101 % 100 == int(digits[9:])
