"""How a field of an item is written in a cell, and how a cell is read.

A cell that says what the field would be written as is never read: what is lost on the
way to a cell (bold letters, a second spelling) is therefore not lost by importing it
again. Words in cells are Vietnamese whatever the language of the portal, as lists are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bs4 import BeautifulSoup
from django.db.models import TextChoices
from django.utils.html import escape
from django.utils.translation import gettext as _

from core.partial_dates import PartialDateError, in_vietnamese, parse
from core.vietnamese import fold
from exhibitions.importing.plan import UNKNOWN_SOURCE
from exhibitions.models.vocabulary import AccessLevel, ItemKind, Secrecy

CELL_LIMIT = 32_767
"""Characters a cell of Excel holds."""

TOO_LONG_TO_EXPORT = "(Dài quá một ô của Excel: xem và sửa trong trang biên tập.)"
"""Stands for a text that does not fit; a cell that says this changes nothing."""

YES, NO = "có", "không"
YES_WORDS = frozenset({"co", "x", "yes", "true", "dung", "1", "v"})
NO_WORDS = frozenset({"khong", "no", "false", "sai", "0", "k"})

NAME_LENGTH = 255
"""Characters of the name of an organisation."""
SHORTEST_MISTYPED = 3
"""Letters of the shortest word that may be another one mistyped."""
_NUMERAL = re.compile(r"[ivxl]+|\d+")

PERSON_TITLES = (
    "NSNA", "NSND", "NSƯT", "Nhà báo", "Nhà nhiếp ảnh", "Nghệ sĩ nhiếp ảnh", "Họa sĩ", "Nhạc sĩ",
    "Nhà văn", "Nhà thơ", "Ông", "Bà", "Đồng chí", "Đ/c", "Gia đình ông", "Gia đình bà",
    "Gia đình", "Cụ", "GS", "PGS", "TS",
)  # fmt: skip
"""How the name of a person begins where a list tells the source."""

KIND_WORDS: Mapping[str, ItemKind] = {
    "van ban": ItemKind.DOCUMENT,
    "tai lieu giay": ItemKind.DOCUMENT,
    "tai lieu luu tru": ItemKind.DOCUMENT,
    "anh": ItemKind.IMAGE,
    "buc anh": ItemKind.IMAGE,
    "anh tu lieu": ItemKind.IMAGE,
    "tai lieu anh": ItemKind.IMAGE,
    "trich dan": ItemKind.QUOTATION,
    "loi trich": ItemKind.QUOTATION,
    "thuyet minh": ItemKind.TEXT,
    "bai viet": ItemKind.TEXT,
    "so do": ItemKind.MAP,
    "phim": ItemKind.FILM,
    "video": ItemKind.FILM,
    "am thanh": ItemKind.SOUND,
    "ghi am tu lieu": ItemKind.SOUND,
}
ACCESS_WORDS: Mapping[str, AccessLevel] = {
    "rong rai": AccessLevel.OPEN,
    "co dieu kien": AccessLevel.CONDITIONAL,
    "han che": AccessLevel.CONDITIONAL,
}
SECRECY_WORDS: Mapping[str, Secrecy] = {"khong": Secrecy.NONE, "thuong": Secrecy.NONE}


class CellRefused(ValueError):
    """What a cell says cannot be taken into its field.

    ``code`` names the kind of problem; ``str()`` is the finished sentence; ``repair`` is the
    text the cell should have, where that is certain.
    """

    def __init__(self, code: str, text: str, repair: str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.repair = repair


@dataclass(frozen=True)
class Source:
    """Who an item comes from, as the field "Nguồn" of a list tells it."""

    organisation: int | None = None
    person: str = ""
    person_title: str = ""


@dataclass(frozen=True)
class Names:
    """What a cell may name: organisations, and what the editor decided on unknown names."""

    organisations: Mapping[int, str] = field(default_factory=dict)
    """Name by number."""
    by_folded_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Numbers by folded name or short name."""
    people: frozenset[str] = frozenset()
    """Folded names the editor said are people."""

    def written(self, number: int | None) -> str:
        """The organisation with that number in a cell; with its number where two have one name."""
        name = self.organisations.get(number or 0, "")
        twins = self.by_folded_name.get(fold(name), ())
        return f"{name} [{number}]" if len(twins) > 1 else name

    def organisation(self, text: str) -> int | None:
        """The number of the organisation that ``text`` names, or None for an unknown name.

        Raises CellRefused when several have the name.
        """
        if numbered := re.fullmatch(r"(.+) \[(\d{1,9})\]", text):
            number = int(numbered[2])
            if number in self.organisations:
                return number
        found = self.by_folded_name.get(fold(text), ())
        if len(found) > 1:
            choices = ", ".join(f"“{self.written(number)}”" for number in found)
            raise CellRefused(
                "several_organisations",
                _("Several organisations have this name. Write one of: %(choices)s.")
                % {"choices": choices},
            )
        return found[0] if found else None


class Form(Protocol):
    """A field's form in a cell."""

    def write(self, value: Any, names: Names) -> str:
        """The cell that tells ``value``, which is as a version of a page keeps it."""

    def read(self, text: str, names: Names) -> Any:
        """The value ``text`` tells; it is not empty. Raises CellRefused."""


@dataclass(frozen=True)
class Text:
    """Words of at most ``limit`` characters; on one line unless ``lines``."""

    limit: int | None = None
    lines: bool = False

    def write(self, value: Any, names: Names) -> str:
        """The words."""
        return fitting(str(value or ""))

    def read(self, text: str, names: Names) -> str:
        """The words, if they fit."""
        if "\n" in text and not self.lines:
            raise CellRefused(
                "lines",
                _("This must stand on one line."),
                repair=" ".join(text.split()),
            )
        if self.limit and len(text) > self.limit:
            raise CellRefused(
                "too_long",
                _("%(length)d characters; at most %(limit)d fit. Shorten it.")
                % {"length": len(text), "limit": self.limit},
            )
        return text


@dataclass(frozen=True)
class RichText:
    """Paragraphs. A cell holds their words; a changed cell gives paragraphs without emphasis."""

    def write(self, value: Any, names: Names) -> str:
        """The words, a line for each paragraph."""
        return fitting(plain_text(str(value or "")))

    def read(self, text: str, names: Names) -> str:
        """A paragraph for each line."""
        return paragraphs(text)


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    choices: type[TextChoices]
    also: Mapping[str, Any] = field(default_factory=dict)

    def write(self, value: Any, names: Names) -> str:
        """The word people choose."""
        return str(self.choices(value).label) if value in self.choices.values else ""

    def read(self, text: str, names: Names) -> str:
        """The choice by its word, without marks or case, or by another word for it."""
        folded = fold(text)
        for value, label in self.choices.choices:
            if folded in (fold(str(label)), value):
                return str(value)
        if folded in self.also:
            return str(self.also[folded])
        words = ", ".join(str(label) for _value, label in self.choices.choices)
        raise CellRefused(
            "no_choice",
            _("“%(text)s” is none of the choices: %(choices)s.") % {"text": text, "choices": words},
        )

    @property
    def words(self) -> list[str]:
        """The words to choose from, for a drop-down list."""
        return [str(label) for _value, label in self.choices.choices]


@dataclass(frozen=True)
class YesOrNo:
    """có or không."""

    def write(self, value: Any, names: Names) -> str:
        """Empty for no: a column of "không" would be all one sees."""
        return YES if value else ""

    def read(self, text: str, names: Names) -> bool:
        """Yes or no by the words people use."""
        folded = fold(text)
        if folded in YES_WORDS or folded in NO_WORDS:
            return folded in YES_WORDS
        raise CellRefused("no_yes", _("Write “có”, or leave the cell empty."))


@dataclass(frozen=True)
class Number:
    """A count, not negative."""

    limit: int = 100_000

    def write(self, value: Any, names: Names) -> str:
        """The digits."""
        return "" if value is None else str(value)

    def read(self, text: str, names: Names) -> int:
        """The number; "12 trang" is twelve."""
        found = re.fullmatch(r"(\d{1,6})(?:\s*(?:trang|tr\.?|p\.?))?", text.strip(), re.IGNORECASE)
        if found is None or int(found[1]) > self.limit:
            raise CellRefused("no_number", _("Write a whole number, for example 12."))
        return int(found[1])


@dataclass(frozen=True)
class PartialDate:
    """A date that may be partial or uncertain."""

    def write(self, value: Any, names: Names) -> str:
        """In Vietnamese, as it is typed."""
        try:
            return in_vietnamese(value).removeprefix("ngày ") if value else ""
        except PartialDateError:
            return str(value)

    def read(self, text: str, names: Names) -> str:
        """EDTF. A day and month that can only have been exchanged are offered the other way."""
        try:
            return parse(text).edtf
        except PartialDateError as error:
            raise CellRefused("no_date", str(error), repair=_other_way_round(text)) from error


_IN_WORDS = re.compile(
    r"(khoang |vao )?"
    r"(dau|giua|cuoi|nua dau|nua cuoi|nua sau|quy ([1-4]|i{1,3}|iv)|mua (xuan|he|ha|thu|dong)|xuan)"
    r"[ ,/-]*(nam )?(?P<year>1\d{3}|20\d{2})"
)


def year_in_words(text: str) -> str | None:
    """The year of a time that is told by words as well: "đầu năm 1946", "Quý I/1948".

    None where the words are all read as a date, or tell of a time outside one year.
    """
    found = _IN_WORDS.fullmatch(fold(text))
    if found is None:
        return None
    try:
        parse(text)
    except PartialDateError:
        return found["year"]
    return None


def _other_way_round(text: str) -> str | None:
    """ "7/14/1948" as "14/7/1948": there is no fourteenth month, so it is certain."""
    found = re.fullmatch(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\s*", text)
    if found is None or not (int(found[1]) <= 12 < int(found[3])):
        return None
    turned = f"{int(found[3])}/{int(found[1])}/{found[4]}"
    try:
        parse(turned)
    except PartialDateError:
        return None
    return turned


@dataclass(frozen=True)
class OrganisationName:
    """An organisation by its name."""

    def write(self, value: Any, names: Names) -> str:
        """Its name."""
        return names.written(value)

    def read(self, text: str, names: Names) -> int:
        """Its number. Raises CellRefused for a name that no organisation has."""
        number = names.organisation(text)
        if number is None:
            raise unknown_organisation(text)
        return number


@dataclass(frozen=True)
class SourceName:
    """The one column "Nguồn" of an editor's list: an organisation, or a person."""

    def write(self, value: Any, names: Names) -> str:
        """As the credit line tells it."""
        source: Source = value
        if source.organisation:
            return names.written(source.organisation)
        return f"{source.person_title} {source.person}".strip()

    def read(self, text: str, names: Names) -> Source:
        """An organisation that is known, or a person told by a title or by the editor."""
        number = names.organisation(text)
        if number is not None:
            return Source(organisation=number)
        title, person = _title_and_name(text)
        if title and person:
            return Source(person=FORMS["source_person"].read(person, names), person_title=title)
        if fold(text) in names.people or text == "(mẫu)":
            return Source(person=FORMS["source_person"].read(text, names))
        raise unknown_organisation(text)


def unknown_organisation(text: str) -> CellRefused:
    """The refusal of a name that is in no record of an organisation."""
    return CellRefused(
        UNKNOWN_SOURCE,
        _(
            "“%(name)s” is not among the organisations. Say whether it is another one, a "
            "new one, or a person."
        )
        % {"name": text},
    )


def nearest_organisation(text: str, names: Names) -> str:
    """The one organisation whose name or short name may be ``text`` mistyped; "" where none is.

    Marks and case may differ, and a letter in one word; or "tỉnh" is left out. A letter that
    stands for another one is no slip of the hand that could be told from another place: Ninh
    and Minh, Bình and Định.
    """
    folded = fold(text)
    numbers = {
        number
        for name, found in names.by_folded_name.items()
        if _lacks_its_level(folded, name) or _is_mistyped(folded.split(), name.split())
        for number in found
    }
    return names.organisations[numbers.pop()] if len(numbers) == 1 else ""


_LEVELS = re.compile(r"\b(tinh|thanh pho) (?!uy\b)")


def _lacks_its_level(one: str, other: str) -> bool:
    """Whether one is the other without its level: "Sở Nội vụ Lạng Sơn", "Sở Nội vụ tỉnh …"."""
    return _LEVELS.sub("", one) == other or _LEVELS.sub("", other) == one


def _is_mistyped(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the two differ in one word, by a slip of the hand."""
    if len(words) != len(others):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_slip(*differing[0])


def _is_slip(word: str, other: str) -> bool:
    """Whether a letter is missing, too many, or has changed places with the next. No numerals."""
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) < SHORTEST_MISTYPED or any(map(_NUMERAL.fullmatch, (word, other))):
        return False
    places = range(len(longer))
    if len(shorter) == len(longer):
        return any(
            word[:at] + word[at + 1] + word[at] + word[at + 2 :] == other for at in places[:-1]
        )
    return any(longer[:at] + longer[at + 1 :] == shorter for at in places)


def _title_and_name(text: str) -> tuple[str, str]:
    """ "NSNA Nguyễn Văn A" in two; ("", text) without a title that is known."""
    for title in sorted(PERSON_TITLES, key=len, reverse=True):
        begin = re.match(rf"{re.escape(title)}[.:]?\s+(?=\S)", text, re.IGNORECASE)
        if begin:
            return title, text[begin.end() :]
    return "", text


TITLE_LENGTH = 255


def shortened(text: str) -> str:
    """``text`` as a title: on one line, cut between words where it is too long."""
    text = " ".join(text.split())
    if len(text) <= TITLE_LENGTH:
        return text
    return text[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def fitting(text: str) -> str:
    """``text``, or the sentence that stands for what no cell can hold."""
    return text if len(text) <= CELL_LIMIT else TOO_LONG_TO_EXPORT


def plain_text(rich: str) -> str:
    """The words of rich text: a line for each paragraph."""
    if "<" not in rich:
        return html.unescape(rich)
    soup = BeautifulSoup(rich, "html.parser")
    for line_break in soup.find_all("br"):
        line_break.replace_with("\n")
    blocks = soup.find_all(["p", "h2", "h3", "h4", "li", "blockquote"])
    if not blocks:
        return soup.get_text()
    return "\n".join(block.get_text() for block in blocks)


def has_more_than_words(rich: str) -> bool:
    """Whether rich text has emphasis, links, lists or headings, which no cell holds."""
    if "<" not in rich:
        return False
    return any(tag.name not in ("p", "br") for tag in BeautifulSoup(rich, "html.parser").find_all())


def paragraphs(text: str) -> str:
    """``text`` as rich text: a paragraph for each line that says something."""
    lines = (line.strip() for line in text.split("\n"))
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


FORMS: Mapping[str, Form] = {
    "title": Text(255),
    "reference": Text(60),
    "kind": Choice(ItemKind, KIND_WORDS),
    "caption": Text(lines=True),
    "description": RichText(),
    "quotation": Text(lines=True),
    "type_name": Text(80),
    "document_number": Text(40),
    "document_symbol": Text(60),
    "issuing_body": Text(255),
    "abstract": Text(lines=True),
    "date": PartialDate(),
    "date_display": Text(160),
    "place": Text(160),
    "source_organisation": OrganisationName(),
    "source_person": Text(120),
    "source_person_title": Text(40),
    "repository": Text(160),
    "fonds": Text(255),
    "inventory": Text(40),
    "box": Text(40),
    "file": Text(40),
    "sheet": Text(40),
    "language": Text(80),
    "extent": Number(),
    "keywords": Text(255),
    "first_published": YesOrNo(),
    "access_level": Choice(AccessLevel, ACCESS_WORDS),
    "original_secrecy": Choice(Secrecy, SECRECY_WORDS),
    "declassification": Text(160),
    "rights": Text(lines=True),
}
"""The fields of an item that stand in a column each, in the order of the workbook."""

EMPTY: Mapping[str, Any] = {
    "kind": ItemKind.DOCUMENT.value,
    "access_level": AccessLevel.OPEN.value,
    "original_secrecy": Secrecy.NONE.value,
    "source_organisation": None,
    "extent": None,
    "first_published": False,
}
"""What an empty cell means where that is not an empty text."""


def empty_value(name: str) -> Any:
    """What an empty cell means for the field ``name``."""
    return EMPTY.get(name, "")
