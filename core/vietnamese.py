"""Vietnamese text: clean it, fold it for searching, make slugs of it, put it in order.

Pure functions over strings. Stored text is only ever changed by ``normalise``,
which alters how characters are encoded and never what is written: "hòa" and "hoà",
"Mĩ" and "Mỹ" stay as their author spelt them. Everything looser (searching without
marks, synonyms, addresses, sorting) works on values derived from the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import chain

# Old fonts and encodings print ETH where Vietnamese has D WITH STROKE: the capitals look
# alike but do not compare equal, so neither searching nor sorting would find the word.
_LOOK_ALIKES = {"\u00d0": "\u0110", "\u00f0": "\u0111"}
# Word processors paste a line break inside a paragraph as a vertical tab, a page break as a
# form feed; dropping them would glue two words together.
_LINE_BREAKS = {"\x0b": "\n", "\x0c": "\n"}
_CONTROLS = {chr(code): "" for code in range(0x20) if chr(code) not in "\t\n\r\x0b\x0c"}
_REPAIRS = str.maketrans(_LOOK_ALIKES | _LINE_BREAKS | _CONTROLS)


def normalise(text: str) -> str:
    """Return ``text`` as this site stores it; never raises.

    Composes marks (NFC; the web fonts have no separate horn, breve or circumflex), turns
    ETH into the Đ it stands for, and removes NUL and the other C0 control characters but
    tab, line feed and carriage return (vertical tab and form feed become line feeds).
    The placement of tone marks and all other content stay as written. Idempotent.
    """
    return unicodedata.normalize("NFC", text.translate(_REPAIRS))


def _plain_character(character: str) -> str:
    """One decomposed, case-folded character without marks; a space when it is no letter."""
    if character in ("đ", "ð"):  # ETH stands for đ, also where a compatibility form hid it
        return "d"
    category = unicodedata.category(character)
    # Format characters (soft hyphen, zero-width space, byte order mark) are invisible, so a
    # reader who types the word he sees must find it: dropped, as in Unicode's NFKC_Casefold.
    if category[0] == "M" or category == "Cf":
        return ""
    return character if character.isalnum() else " "


def _plain_characters(text: str) -> str:
    """``text`` in plain letters and digits, one space for each other character."""
    folded = unicodedata.normalize("NFKD", normalise(text)).casefold()
    # Folding the case of a letter can produce a decomposable one, hence the second pass.
    decomposed = unicodedata.normalize("NFKD", folded)
    return unicodedata.normalize("NFC", "".join(map(_plain_character, decomposed)))


def fold(text: str) -> str:
    """Return the form of ``text`` that searching compares; apply it to text and query alike.

    Lower case, without marks, đ as d, words of letters and digits with single spaces
    between them: "Số 2194/QĐ-TTg" becomes "so 2194 qd ttg". Both placements of a tone mark
    fold alike. Idempotent; "" when there is no letter or digit.
    """
    return " ".join(_plain_characters(text).split())


SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("ái quốc", "yêu nước"),
    ("Hồ Chí Minh", "Bác Hồ", "cụ Hồ"),
    ("TĐKT", "thi đua khen thưởng"),
    ("VTLT", "văn thư lưu trữ", "văn thư và lưu trữ"),
    ("kỷ niệm", "kỉ niệm"),
    ("Mỹ", "Mĩ"),
)
"""Groups of expressions a reader may use for one another, as they are written."""

MAX_QUERY_VARIANTS = 8
"""How many other wordings of a query are searched at most: each costs a search."""

_FOLDED_SYNONYMS = tuple(tuple(fold(name) for name in group) for group in SYNONYMS)


def _reworded(query: str) -> list[str]:
    """The folded ``query`` with one expression, everywhere it stands, put another way."""
    return [
        re.sub(rf"\b{name}\b", other, query)
        for group in _FOLDED_SYNONYMS
        for name in group
        if re.search(rf"\b{name}\b", query)
        for other in group
        if other != name
    ]


def expand_query(text: str) -> list[str]:
    """Return the folded query, then at most ``MAX_QUERY_VARIANTS`` other wordings of it.

    Whole words only ("my" in "myanmar" is left alone), combinations of several synonyms
    included, no wording twice. A query without a letter or digit gives ``[""]``.
    """
    wordings = [fold(text)]
    for wording in wordings:  # grows while it is read, so rewordings are reworded in turn
        for reworded in _reworded(wording):
            if len(wordings) > MAX_QUERY_VARIANTS:
                return wordings
            if reworded not in wordings:
                wordings.append(reworded)
    return wordings


def exact_mark_match(query: str, text: str) -> bool:
    """Whether ``query`` stands in ``text`` as whole words with the very marks it has.

    Case and spacing do not matter. Ranks "Lạng Sơn" above "lặng" when the reader took the
    trouble of typing marks. False for an empty query.
    """
    needle, haystack = (" ".join(normalise(part).casefold().split()) for part in (query, text))
    return bool(needle) and bool(re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", haystack))


SLUG_MAX_LENGTH = 80
"""Length of the longest slug, in characters."""


def slugify(text: str, max_length: int = SLUG_MAX_LENGTH) -> str:
    """Return the part of an address that stands for ``text``: "lang-son-75-nam".

    Only a–z, 0–9 and single hyphens, none at either end; cut after the last word that fits
    into ``max_length`` characters (a first word longer than that is cut hard). "" when
    nothing of ``text`` can be written that way.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(slug) <= max_length:
        return slug
    whole_words, hyphen, _ = slug[: max_length + 1].rpartition("-")
    return whole_words if hyphen else slug[:max_length]


# What a title may contain in practice: Latin letters of all languages written with them, the
# marks of decomposed text and the invisible characters that are pasted along.
_SLUG_FORMATTER_RANGES = ((0x0000, 0x024F), (0x0300, 0x036F), (0x1E00, 0x1EFF), (0x2000, 0x206F))


def _character_class(codes: list[int]) -> str:
    """A regular expression class of ascending ``codes``, the same in Python and JavaScript."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    spans = (f"\\u{low:04x}" + (f"-\\u{high:04x}" if high > low else "") for low, high in runs)
    return f"[{''.join(spans)}]"


def _slug_formatters() -> list[tuple[str, str]]:
    """Derive ``SLUG_FORMATTERS`` from what ``fold`` makes of each character."""
    codes_by_replacement: defaultdict[str, list[int]] = defaultdict(list)
    for code in chain.from_iterable(range(low, high + 1) for low, high in _SLUG_FORMATTER_RANGES):
        replacement = re.sub(r"[^a-z0-9]+", "-", _plain_characters(chr(code)))
        if replacement not in ("-", chr(code)):
            codes_by_replacement[replacement].append(code)
    letters = [
        (_character_class(codes), replacement)
        for replacement, codes in sorted(codes_by_replacement.items())
    ]
    return [
        *letters,
        (r"[^a-z0-9]+", "-"),
        (r"^-|-$", ""),
        (rf"^(.{{1,{SLUG_MAX_LENGTH}}})(?=-|$).*$", "$1"),
        (rf"^(.{{{SLUG_MAX_LENGTH}}}).+$", "$1"),
    ]


SLUG_FORMATTERS: list[tuple[str, str]] = _slug_formatters()
"""Pairs of pattern and replacement for Wagtail's ``SlugInput(formatters=...)``.

They make the admin's JavaScript write the slug that ``slugify`` would. Wagtail's
CleanController trims the value, applies the formatters in this order, and only then
transliterates (on ``urlify``), lower-cases and strips what it does not know; it cannot lower
the case or compose marks beforehand, so the classes hold both cases of every letter, composed,
and the first one removes loose marks. What leaves the formatters is a finished slug, which the
controller's own steps do not alter. Replacements are JavaScript's ("$1").
"""

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_MARKS = "\u0302\u0306\u031b"  # circumflex, breve, horn: they make another letter
_TONE_MARKS = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng, in that order
_LEVEL_TONE = "1"  # ngang, the tone without a mark
# The codes of a key are decimal digits only, so that every database collation puts keys in
# the same order as Python: 00 ends a level, 01 parts words, then digits, letters, the rest.
_LEVEL_END, _WORD_END = "00", "01"
_CODES = {digit: f"1{digit}" for digit in "0123456789"} | {
    letter: str(20 + place) for place, letter in enumerate(_ALPHABET)
}


def _letter_and_tone(cluster: str) -> tuple[str, str]:
    """The code of a letter with its marks, and the digit of its tone."""
    base = cluster[0]
    letter = base + "".join(mark for mark in cluster[1:] if mark in _LETTER_MARKS)
    composed = unicodedata.normalize("NFC", letter)
    code = _CODES.get(composed) or _CODES.get(base) or f"99{ord(base):07d}"
    tones = [str(2 + _TONE_MARKS.index(mark)) for mark in cluster[1:] if mark in _TONE_MARKS]
    return code, tones[0] if tones else _LEVEL_TONE


def _clusters(text: str) -> list[str]:
    """Letters and digits with the marks that follow them; " " for each gap between words."""
    clusters: list[str] = []
    for character in unicodedata.normalize("NFD", normalise(text).casefold()):
        category = unicodedata.category(character)
        if category[0] == "M":
            if clusters and clusters[-1] != " ":
                clusters[-1] += character
        elif character.isalnum():
            clusters.append(character)
        elif category != "Cf" and clusters and clusters[-1] != " ":
            clusters.append(" ")
    return clusters[:-1] if clusters[-1:] == [" "] else clusters


def collation_key(text: str) -> str:
    """Return a string of digits whose plain order is the order of a Vietnamese index.

    First by the letters (a ă â b c d đ e ê … o ô ơ … u ư …; f, j, w, z at their Latin places;
    spaces before digits before letters), then by the tones: ngang, huyền, hỏi, ngã, sắc, nặng.
    That is the order of CLDR's collation for ``vi``. Case and punctuation do not count. Up to
    three characters a letter (ten for a letter that is not Latin): store it without a limit.
    """
    pairs = [
        (_WORD_END, _LEVEL_TONE) if cluster == " " else _letter_and_tone(cluster)
        for cluster in _clusters(text)
    ]
    letters = "".join(code for code, _ in pairs)
    tones = "".join(tone for _, tone in pairs)
    return f"{letters}{_LEVEL_END}{tones}"


def person_sort_key(name: str) -> str:
    """Return the key by which Vietnamese lists of people are ordered.

    The given name, which is the last word, counts first and with its tones; family and middle
    names decide only between people of the same given name.
    """
    *family_and_middle, given = normalise(name).split() or [""]
    rest = " ".join(family_and_middle)
    return f"{collation_key(given)}{_LEVEL_END}{collation_key(rest)}"
