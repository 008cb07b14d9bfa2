"""Names of Parts as lists write them: "Phần I: Kháng chiến", "II. Đổi mới", "1", a name alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.vietnamese import fold
from exhibitions.models.vocabulary import NumeralStyle

ORDINALS = {
    "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip

_ROMAN = r"(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})"
_PART = re.compile(
    rf"^(?:phần|phan)\s+(?:thứ\s+|thu\s+)?(?P<number>{_ROMAN}\b|\d{{1,2}}\b|[^\W\d]+)"
    r"\s*(?:[.:–—-]\s*)?(?P<title>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NUMERAL = re.compile(rf"^(?P<number>{_ROMAN})(?:\s*[.:)–—-]\s*(?P<title>.*))?$", re.DOTALL)
_DIGITS = re.compile(r"^(?P<number>\d{1,2})(?:\s*[.:)–—-]\s*(?P<title>\D.*))?$", re.DOTALL)
_LETTER = re.compile(r"^[a-zđ]\s*[.)]\s*(?P<title>.+)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class PartName:
    """What a cell says of a Part. At least one of number and title is there."""

    title: str
    number: int | None = None
    style: NumeralStyle | None = None
    """How it is numbered, where the name tells; None where it does not."""

    @property
    def folded(self) -> str:
        """By which two names of one Part are known to be one."""
        return fold(self.title)


def read_part_name(text: str) -> PartName:
    """The number and the title in ``text``, which is not empty.

    A name that only begins like a number ("1945 và hôm nay") is a title.
    """
    text = " ".join(text.split())
    if found := _PART.match(text):
        number = _number(found["number"])
        if number is not None:
            style = NumeralStyle.ARABIC if found["number"].isdecimal() else NumeralStyle.ROMAN
            return PartName(found["title"].strip(), number, style)
    if found := _NUMERAL.match(text):
        return PartName((found["title"] or "").strip(), _roman(found["number"]), NumeralStyle.ROMAN)
    if found := _DIGITS.match(text):
        return PartName((found["title"] or "").strip(), int(found["number"]), NumeralStyle.ARABIC)
    return PartName(text)


def level_of_heading(text: str) -> int:
    """0 for what is headed like a Part ("PHẦN I", "II. …"), 1 for a section within one."""
    text = " ".join(text.split())
    if _PART.match(text) and read_part_name(text).number is not None:
        return 0
    if _NUMERAL.match(text):
        return 0
    return 1 if _DIGITS.match(text) or _LETTER.match(text) or fold(text).startswith("muc ") else 0


def section_title(text: str) -> str:
    """The title of a section without its letter or number: "a) Lạng Sơn" is "Lạng Sơn"."""
    text = " ".join(text.split())
    if found := _LETTER.match(text):
        return found["title"].strip()
    return re.sub(r"^(?:mục|muc)\s+\d{1,2}\s*[.:–—-]?\s*", "", text, flags=re.IGNORECASE) or text


def _number(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    return ORDINALS.get(fold(word)) or (_roman(word.upper()) if _is_roman(word) else None)


def _is_roman(word: str) -> bool:
    return re.fullmatch(_ROMAN, word.upper()) is not None


def _roman(numeral: str) -> int:
    values = {"I": 1, "V": 5, "X": 10}
    digits = [values[letter] for letter in numeral.upper()]
    following = [*digits[1:], 0]
    return sum(
        digit if digit >= after else -digit for digit, after in zip(digits, following, strict=True)
    )
