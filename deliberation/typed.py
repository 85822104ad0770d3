"""Codes on paper, of digits or of letters: how they are made, and how they are read back as people type them; pure."""

from __future__ import annotations

import secrets
import unicodedata

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that are not taken for one another."""
_LETTER_MEANT = str.maketrans("0O1I|", "QQLLL")
"""None of them is 0, O, 1 or I: who reads one of those saw the letter that looks most like it."""
_DIGIT_MEANT = str.maketrans("OoQIl|", "000111")


def new_letters(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_digits(random: int) -> str:
    """So many random digits, and one more that only shows a slip of the pen."""
    digits = "".join(str(secrets.randbelow(10)) for _ in range(random))
    return digits + str((1 - _run(digits) * 2 % 11) % 10)


def _run(digits: str) -> int:
    """ISO 7064 MOD 11,10: one wrong digit is always noticed, two that changed places nearly always."""
    check = 5
    for digit in digits:
        check = (check * 2 % 11 + int(digit)) % 10 or 10
    return check


def copied_right(digits: str) -> bool:
    """Whether the last digit fits the others; it tells nothing, since anybody can compute it."""
    return (_run(digits[:-1]) * 2 % 11 + int(digits[-1])) % 10 == 1


def digits(text: str) -> str:
    """What somebody typed, as plain digits: wide or other scripts' digits, gaps, dashes and letters nobody sees."""
    plain = unicodedata.normalize("NFKC", text).translate(_DIGIT_MEANT)
    return "".join(str(unicodedata.decimal(one)) for one in plain if one.isdecimal())


def letters(text: str) -> str:
    """The same for a code of letters, small or wide or easily misread."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_LETTER_MEANT)
    return "".join(one for one in plain if one in LETTERS)
