"""Which file belongs to which row of the list, told by names alone.

Names are written by people and cameras: "LS-0012_01.jpg", "12 (2).tif", "Hình 12.png",
"LS-0012/mặt sau.jpg". They are compared without case, marks and punctuation, as runs of
digits and of other letters. What could belong to several rows is said to, never guessed.

Three things say whose a file is, in this order: the list itself, which names its files;
the reference of a row; its number (STT). The folder a file lies in says the same where
the file's own name says nothing.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from core.vietnamese import fold

Side = Literal["recto", "verso"]

NaturalKey = tuple[tuple[tuple[tuple[int, int, str], ...], ...], str]
"""For each folder and the file the runs of its name, then the name as it is."""

_PICTURES: Final = (
    *("jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "webp", "heic", "heif", "hif", "avif"),
    *("gif", "bmp", "jp2", "psd", "svg", "dng", "cr2", "nef", "arw"),
)
_DOCUMENTS: Final = ("pdf", "doc", "docx", "xls", "xlsx", "odt", "ods", "ppt", "pptx", "txt", "csv")
_OTHERS: Final = ("mp3", "mp4", "m4a", "wav", "mov", "avi", "zip")
#: Ends of names that tell a kind of file and nothing else.
_EXTENSIONS: Final = frozenset((*_PICTURES, *_DOCUMENTS, *_OTHERS))
#: Folders above a file that are looked at, the nearest ones.
_DEPTH: Final = 8
#: Digits of a page's number at most; longer ones are dates and what cameras count.
_PAGE_DIGITS: Final = 4

#: What may stand before the number of a row.
_NUMBER_WORDS: Final = (
    ("so", "thu", "tu"),
    ("hien", "vat"),
    ("stt",),
    ("so",),
    ("hinh",),
    ("anh",),
    ("hv",),
    ("h",),
)
#: What may stand before the number of a page.
_PAGE_WORDS: Final = frozenset(
    ("trang", "tr", "to", "t", "page", "p", "mat", "anh", "hinh", "ban", "scan")
)
#: Words that tell the side wherever they stand.
_SIDES: Final[tuple[tuple[tuple[str, ...], Side], ...]] = (
    (("mat", "truoc"), "recto"),
    (("mattruoc",), "recto"),
    (("recto",), "recto"),
    (("mat", "sau"), "verso"),
    (("matsau",), "verso"),
    (("verso",), "verso"),
)
#: Words that tell it at the end only, after a number: "Phần V" has no verso.
_SHORT_SIDES: Final[dict[str, Side]] = {
    "r": "recto",
    "truoc": "recto",
    "front": "recto",
    "v": "verso",
    "sau": "verso",
    "back": "verso",
}
#: Files that tell no side come before those that do.
_SIDE_ORDER: Final[dict[Side | None, int]] = {None: 0, "recto": 1, "verso": 2}
_RUNS: Final = re.compile(r"\d+|\D+")
#: How a page of a PDF is named when it is taken apart: "LS-0012.pdf, trang 3".
_PDF_PAGE: Final = re.compile(r"(?P<pdf>.+\.pdf), (?P<page>[^,]*\d)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class RowKey:
    """What a row of the list says of itself.

    ``reference`` is the reference of the document, ``number`` its number in the list
    (STT), both as they stand in the list, empty where there is none. ``files`` are the
    names in the list's own column, with or without extension and folders; one that ends
    with "/" is a folder.
    """

    row: int
    reference: str
    number: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matching:
    """Whose the files are. Each file is in one of the three, as often as it was given.

    ``files_of``: row → its files, in the order of the list's own column, then natural
    order, the front before the back. ``without_row``: files of no row, in natural order.
    ``ambiguous``: file → all rows it could belong to; a single row where the list names
    a file of which there are several. ``without_file``: rows without an entry in
    ``files_of``, in the order given. ``not_found``: row → names in the list's own column
    of which no file was given.
    """

    files_of: dict[int, list[str]]
    without_row: list[str]
    without_file: list[int]
    ambiguous: dict[str, list[int]]
    not_found: dict[int, tuple[str, ...]] = field(default_factory=dict)


def match_files(rows: Sequence[RowKey], names: Sequence[str]) -> Matching:
    """Find the row of each file in ``names``, which are paths with "/" between folders.

    The rules, of which the first that says something about a file holds:

    1. The list names it: by its path's end, its name, the same without case and marks,
       or, when only one file comes into question, the name with another extension or
       none. Or the list names a folder it lies in, and no other row does.
    2. Its name is a reference or begins with one, followed by a separator, or by a
       single letter after a digit. The longest reference wins. Separators may differ
       ("15/QĐ-UB" is "15QDUB"), and leading zeros, as long as only one row is meant.
    3. Its name is the number of a row, maybe after "STT", "Hình", "Ảnh" or "H", maybe
       before the number of a page, a letter or a side. A reference that is just such a
       number wins over a number when it is the whole name; else both rows are told.
    4. A folder it lies in, the nearest first, has such a name. This comes before 2 and 3
       for a file whose own name is just a page's number or side.
    """
    return _Matcher(rows, names).matching()


def natural_key(name: str) -> NaturalKey:
    """What to sort names by: "a2" before "a10", without regard to case and marks.

    "a" comes before "a_2", whatever their extensions; folders are compared one by one.
    Names that differ in marks only come in an order that is always the same.
    """
    place = _Place.of(name)
    segments = (*place.folders, place.base)
    return tuple(_runs_in_order(_runs(segment)) for segment in segments), name


def side_of(name: str) -> Side | None:
    """Which side of the paper the name of a file tells, if any: its front or its back."""
    found = _find_side(_runs(_Place.of(name).base))
    return found.side if found else None


# --- Names in runs ---------------------------------------------------------------------------


class _Atom(NamedTuple):
    """A run of digits or of other letters; ``glued`` when nothing parts it from the last."""

    text: str
    glued: bool

    @property
    def is_number(self) -> bool:
        return self.text[0].isdecimal()


_Atoms = tuple[_Atom, ...]


def _atoms(text: str) -> _Atoms:
    return _runs(fold(text))


def _runs(folded: str) -> _Atoms:
    """The runs of a text that is folded already, which takes most of the time."""
    return tuple(
        _Atom(run, index > 0)
        for word in folded.split()
        for index, run in enumerate(_RUNS.findall(word))
    )


def _bare(atoms: Iterable[_Atom]) -> str:
    """The text by letters and digits alone, without leading zeros; numbers stay apart."""
    return _bare_prefixes(tuple(atoms))[-1]


def _bare_prefixes(atoms: _Atoms, longest: int | None = None) -> list[str]:
    """The bare text of none, one, two … of ``atoms``; none longer than ``longest``."""
    prefixes = [""]
    after_number = False
    for atom in atoms:
        text = (atom.text.lstrip("0") or "0") if atom.is_number else atom.text
        gap = " " if after_number and atom.is_number else ""
        after_number = atom.is_number
        prefixes.append(f"{prefixes[-1]}{gap}{text}")
        if longest is not None and len(prefixes[-1]) > longest:
            prefixes.pop()
            break
    return prefixes


def _written(atoms: _Atoms) -> str:
    """The text with its separators and zeros."""
    return "".join(atom.text if atom.glued else f" {atom.text}" for atom in atoms)


def _compact(atoms: _Atoms) -> str:
    """The text without separators, with its zeros."""
    return "".join(atom.text for atom in atoms)


def _ends_at(atoms: _Atoms, place: int) -> bool:
    """Whether a reference or number may end before ``atoms[place]``.

    At a separator or the end, or before a single letter after a digit ("0012a").
    """
    if place == len(atoms) or not atoms[place].glued:
        return True
    letter_ends = place + 1 == len(atoms) or not atoms[place + 1].glued
    return len(atoms[place].text) == 1 and atoms[place - 1].is_number and letter_ends


def _runs_in_order(atoms: _Atoms) -> tuple[tuple[int, int, str], ...]:
    """Numbers before words; numbers by their value, without making one of a long name."""
    runs: list[tuple[int, int, str]] = []
    for text, _glued in atoms:
        digits = text.lstrip("0") if text[0].isdecimal() else None
        runs.append((1, 0, text) if digits is None else (0, len(digits), digits))
    return tuple(runs)


def is_other_side(name: str, other: str) -> bool:
    """Whether two names tell different sides of what is called the same."""
    places = (_Place.of(each) for each in (name, other))
    (one, side), (two, other_side) = (_without_side(_runs(place.base)) for place in places)
    return bool(side and other_side and side != other_side) and one == two


def reading_key(name: str) -> tuple[object, ...]:
    """Sorts names as people count, with their folders, the back of each page after its front."""
    place = _Place.of(name)
    return _reading_key((*map(_runs, place.folders), _runs(place.base)), name)


def _reading_key(segments: Iterable[_Atoms], name: str) -> tuple[object, ...]:
    without_sides = map(_without_side, segments)
    key = tuple((_runs_in_order(atoms), _SIDE_ORDER[side]) for atoms, side in without_sides)
    return (key, name)


class _FoundSide(NamedTuple):
    side: Side
    start: int
    end: int


def _find_side(atoms: _Atoms) -> _FoundSide | None:
    texts = tuple(atom.text for atom in atoms)
    for words, side in _SIDES:
        if words[0] not in texts:
            continue
        for start in range(len(texts)):
            end = start + len(words)
            if texts[start:end] == words:
                return _FoundSide(side, start, end)
    last = len(texts) - 1
    if last >= 0 and texts[last] in _SHORT_SIDES and (last == 0 or atoms[last - 1].is_number):
        return _FoundSide(_SHORT_SIDES[texts[last]], last, last + 1)
    return None


def _without_side(atoms: _Atoms) -> tuple[_Atoms, Side | None]:
    found = _find_side(atoms)
    if found is None:
        return atoms, None
    return atoms[: found.start] + atoms[found.end :], found.side


def _page(atoms: _Atoms) -> int | None:
    """The page these runs tell: "trang 3", "03", "3 mat sau", "c"."""
    rest, _side = _without_side(atoms)
    if rest and rest[0].text in _PAGE_WORDS and len(rest) > 1:
        rest = rest[1:]
    if not rest or len(rest) > 2:
        return None
    first, *letters = rest
    if letters and not _is_letter(letters[0]):
        return None
    if _is_letter(first):
        return None if letters else ord(first.text) - ord("a") + 1
    if not first.is_number or len(first.text) > _PAGE_DIGITS:
        return None
    return int(first.text)


def _is_letter(atom: _Atom) -> bool:
    return len(atom.text) == 1 and atom.text.isascii() and atom.text.isalpha()


def _tells_only_a_page(atoms: _Atoms) -> bool:
    """Whether these runs are just the number of a page, a letter or a side."""
    rest, side = _without_side(atoms)
    return _page(rest) is not None or (side is not None and not rest)


def _words_before_number(atoms: _Atoms) -> int:
    """How many runs stand before the number in "STT 12", "Hình 12", "H12"; or 0."""
    texts = tuple(atom.text for atom in atoms[:4])
    for words in _NUMBER_WORDS:
        count = len(words)
        if texts[:count] == words and len(atoms) > count and atoms[count].is_number:
            return count
    return 0


def _number(text: str) -> _Atoms:
    """The runs of a row's number; none when it does not begin with a digit, as "I" or "A"."""
    atoms = _atoms(text)
    atoms = atoms[_words_before_number(atoms) :]
    return atoms if atoms and atoms[0].is_number else ()


# --- Places of files -------------------------------------------------------------------------


class _Place(NamedTuple):
    """A path taken apart: folders, the name, and the name folded, without extension.

    A page of a PDF lies in the PDF as in a folder. Of folders the nearest few count;
    they are folded.
    """

    folders: tuple[str, ...]
    name: str
    base: str

    @classmethod
    def of(cls, path: str) -> _Place:
        *folders, name = _parts(path) or [path]
        page = _PDF_PAGE.fullmatch(name)
        if page is None:
            return cls(tuple(map(_folder, folders)), name, fold(without_extension(name)))
        return cls(tuple(map(_folder, (*folders, page["pdf"]))), name, fold(page["page"]))


def _parts(path: str) -> list[str]:
    """The nearest folders and the name, without the letter of a drive."""
    parts = path.strip().replace("\\", "/").split("/")
    return [part for part in parts if part not in ("", ".") and part[1:] != ":"][-_DEPTH:]


@functools.lru_cache(maxsize=1_024)
def _folder(name: str) -> str:
    """The name of a folder, or a PDF, folded. Many files have the same."""
    return fold(without_extension(name))


def without_extension(name: str) -> str:
    """The name without the extension of a file, also where that was given twice."""
    while True:
        stem, dot, extension = name.rpartition(".")
        if not dot or not stem or extension.lower() not in _EXTENSIONS:
            return name
        name = stem


def _plain(text: str) -> str:
    """The name as computers compare it: whatever the case."""
    return unicodedata.normalize("NFC", text).casefold()


# --- References and numbers ------------------------------------------------------------------


class _Claim(NamedTuple):
    """The rows a name could belong to; ``is_whole`` when it is the reference exactly."""

    rows: frozenset[int]
    is_whole: bool = False


class _Key(NamedTuple):
    row: int
    written: str
    compact: str


class _Index:
    """Rows by their references or numbers.

    Whatever is equal in a stricter sense is equal by its bare text, so that is looked up.
    """

    def __init__(self) -> None:
        self._keys: defaultdict[str, list[_Key]] = defaultdict(list)
        self._longest = 0

    def add(self, row: int, atoms: _Atoms) -> None:
        if atoms:
            bare = _bare(atoms)
            self._keys[bare].append(_Key(row, _written(atoms), _compact(atoms)))
            self._longest = max(self._longest, len(bare))

    def candidates(self, atoms: _Atoms) -> list[tuple[int, frozenset[int], bool]]:
        """Beginnings of ``atoms`` that are keys, the longest first.

        For each its number of runs, the rows, and whether it needs no zeros added.
        """
        found: list[tuple[int, frozenset[int], bool]] = []
        for count, bare in enumerate(_bare_prefixes(atoms, self._longest)):
            keys = self._keys.get(bare) if count and _ends_at(atoms, count) else None
            if keys:
                begin = atoms[:count]
                written, compact = _written(begin), _compact(begin)
                same = {key.row for key in keys if key.written == written}
                alike = same or {key.row for key in keys if key.compact == compact}
                rows = frozenset(alike or {key.row for key in keys})
                found.append((count, rows, bool(alike)))
        return found[::-1]


class _Rules:
    """What references and numbers say about a name."""

    def __init__(self) -> None:
        self.references = _Index()
        self.numbers = _Index()

    def rows_of(self, atoms: _Atoms) -> frozenset[int]:
        """The rows a name could belong to; none where it says nothing."""
        reference = self._by_reference(atoms)
        number = self._by_number(atoms)
        if not reference.rows or not number or reference.is_whole:
            return reference.rows or number
        return reference.rows | number

    def _by_reference(self, atoms: _Atoms) -> _Claim:
        candidates = self.references.candidates(atoms)
        if not candidates:
            return _Claim(frozenset())
        count, rows, is_strict = candidates[0]
        if not is_strict:
            # Zeros are only forgiven where no other row could be meant.
            stricter = (others for _count, others, strict in candidates[1:] if strict)
            rows |= next(stricter, frozenset())
        return _Claim(rows, is_strict and count == len(atoms))

    def _by_number(self, atoms: _Atoms) -> frozenset[int]:
        rest = atoms[_words_before_number(atoms) :]
        if not rest or not rest[0].is_number:
            return frozenset()
        for count, rows, _is_strict in self.numbers.candidates(rest):
            if count == len(rest) or _tells_only_a_page(rest[count:]):
                return rows
        return frozenset()


# --- The matching ----------------------------------------------------------------------------

_RowsOfFolder = Callable[[tuple[str, ...]], frozenset[int]]
#: Which of the ways to name a file leaves its extension out.
_WITHOUT_EXTENSION: Final = 2
#: The position of files the list's column does not name: after those it names.
_LAST: Final = 1_000_000


class _Claimed(NamedTuple):
    """Rows a file could belong to, by which position of the list's column.

    Where it is not sure, a single row does not make it that row's file.
    """

    rows: frozenset[int]
    position: int = _LAST
    is_sure: bool = True


class _Matcher:
    """One list and its files. Everything is looked up; nothing is compared pair by pair."""

    def __init__(self, rows: Sequence[RowKey], names: Sequence[str]) -> None:
        self._rows = rows
        self._names = Counter(names)
        self._places = {name: _Place.of(name) for name in self._names}
        self._base_atoms = {name: _runs(place.base) for name, place in self._places.items()}
        self._rules = _Rules()
        for row in rows:
            self._rules.references.add(row.row, _atoms(row.reference))
            self._rules.numbers.add(row.row, _number(row.number))
        self._rows_of_folders: dict[tuple[str, ...], frozenset[int]] = {}
        self._list = _ListColumn(self._places, self._rows_of_folder)
        self._not_found: defaultdict[int, list[str]] = defaultdict(list)
        for row in rows:
            for position, entry in enumerate(row.files):
                if self._list.add(row.row, position, entry):
                    continue
                self._not_found[row.row].append(entry)
                if entry == without_extension(entry):
                    # It may be what its files have in common: "LS-0012" for LS-0012_01.jpg.
                    self._rules.references.add(row.row, _atoms(entry))
        # The folders' rows, as far as the list's column needed them, may have changed.
        self._rows_of_folders.clear()

    def matching(self) -> Matching:
        """The result."""
        files_of: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        without_row: list[str] = []
        ambiguous: dict[str, list[int]] = {}
        for name in self._names:
            claimed = self._list.claim(name) or _Claimed(self._rows_by_rules(name))
            if len(claimed.rows) == 1 and claimed.is_sure:
                files_of[min(claimed.rows)].append((claimed.position, name))
            elif claimed.rows:
                ambiguous[name] = sorted(claimed.rows)
            else:
                without_row.append(name)
        return Matching(
            files_of={row: self._in_order(files_of[row]) for row in sorted(files_of)},
            without_row=self._repeated(sorted(without_row, key=natural_key)),
            without_file=[row.row for row in self._rows if row.row not in files_of],
            ambiguous={name: ambiguous[name] for name in sorted(ambiguous, key=natural_key)},
            not_found={
                row: missing
                for row, entries in sorted(self._not_found.items())
                if (missing := _missing(entries, any_came=row in files_of))
            },
        )

    def _rows_by_rules(self, name: str) -> frozenset[int]:
        atoms, folders = self._base_atoms[name], self._places[name].folders
        of_folder = self._rows_of_folder(folders)
        if of_folder and _tells_only_a_page(atoms):
            return of_folder
        rows = self._rules.rows_of(atoms)
        if len(rows) > 1 and len(rows & of_folder) == 1:
            return rows & of_folder
        return rows or of_folder

    def _rows_of_folder(self, folders: tuple[str, ...]) -> frozenset[int]:
        """The rows the nearest folder that says something could belong to."""
        found = self._rows_of_folders.get(folders)
        if found is None:
            found = frozenset()
            if folders:
                found = self._rules.rows_of(_runs(folders[-1]))
                found = found or self._rows_of_folder(folders[:-1])
            self._rows_of_folders[folders] = found
        return found

    def _in_order(self, files: list[tuple[int, str]]) -> list[str]:
        ordered = sorted(files, key=lambda file: (file[0], self._reading_key(file[1])))
        return self._repeated(name for _position, name in ordered)

    def _reading_key(self, name: str) -> tuple[object, ...]:
        folders = self._places[name].folders
        return _reading_key((*map(_runs, folders), self._base_atoms[name]), name)

    def _repeated(self, names: Iterable[str]) -> list[str]:
        """The names, each as often as it was given."""
        return [name for name in names for _time in range(self._names[name])]


def _missing(entries: Iterable[str], *, any_came: bool) -> tuple[str, ...]:
    """Of the entries that name no file those that are not what the row's files begin with."""
    return tuple(entry for entry in entries if not (any_came and entry == without_extension(entry)))


class _ListColumn:
    """What the list's own column says of files."""

    def __init__(self, places: Mapping[str, _Place], rows_of_folder: _RowsOfFolder) -> None:
        self._places = places
        self._rows_of_folder = rows_of_folder
        # Three ways a file can be named: as it is, without marks, without extension; in
        # each way alone and behind one, two … of its folders.
        self._ways: tuple[defaultdict[str, list[str]], ...] = tuple(
            defaultdict(list) for _way in range(_WITHOUT_EXTENSION + 1)
        )
        self._beside_row: defaultdict[tuple[int, int, str], list[str]] = defaultdict(list)
        self._folders: set[str] = set()
        for name, place in places.items():
            self._enter(name, place)
        self._sure: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._doubtful: defaultdict[str, set[int]] = defaultdict(set)
        self._of_folders: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def _enter(self, name: str, place: _Place) -> None:
        rows = self._rows_of_folder(place.folders)
        for way, key in enumerate((_plain(place.name), fold(place.name), place.base)):
            for count in range(len(place.folders) + 1):
                self._ways[way][_joined(place.folders, count, key)].append(name)
            if len(rows) == 1:
                self._beside_row[min(rows), way, key].append(name)
        self._folders.update(_ends_of_paths(place.folders))

    def add(self, row: int, position: int, entry: str) -> bool:
        """Note that ``row`` names ``entry`` at this position; whether there is such a file."""
        parts = _parts(entry)
        if not parts:
            return True
        folders = tuple(map(_folder, parts[:-1]))
        if entry.rstrip().endswith(("/", "\\")) or parts[-1].lower().endswith(".pdf"):
            whole = (*folders, _folder(parts[-1]))
            # Also of a path that begins on the editor's own disk.
            if any(self._add_folder(row, position, whole[start:]) for start in range(len(whole))):
                return True
        files, is_sure = self._files_meant(row, folders, parts[-1])
        for name in files:
            if is_sure:
                self._sure[name].setdefault(row, position)
            else:
                self._doubtful[name].add(row)
        return bool(files) or self._add_folder(row, position, (*folders, fold(parts[-1])))

    def _add_folder(self, row: int, position: int, folders: tuple[str, ...]) -> bool:
        path = "/".join(folders)
        if path not in self._folders:
            return False
        self._of_folders[path].setdefault(row, position)
        return True

    def _files_meant(self, row: int, folders: tuple[str, ...], base: str) -> tuple[list[str], bool]:
        """The files an entry could mean, and whether it can only be this one.

        As many of its folders as can be found count, for they tell files of one name apart.
        """
        for count in range(len(folders), -1, -1):
            for way, key in enumerate(_keys(base)):
                found = self._ways[way].get(_joined(folders, count, key), []) if key else []
                if len(found) > 1 and count == 0:
                    found = self._beside_row.get((row, way, key), found)
                if folders and count == 0 and not self._may_be_of(row, found):
                    continue
                if len(found) == 1:
                    return found, True
                if found:
                    # With another extension or none only a single file is meant.
                    return (found, False) if way < _WITHOUT_EXTENSION else ([], False)
        return [], False

    def _may_be_of(self, row: int, found: list[str]) -> bool:
        """Whether a file that lies elsewhere than the list says lies in no other row's folder."""
        if len(found) != 1:
            return False
        rows = self._rows_of_folder(self._places[found[0]].folders)
        return not rows or row in rows

    def claim(self, name: str) -> _Claimed | None:
        """Whose a file is by the column; None where it says nothing."""
        rows = self._sure.get(name)
        if rows:
            return _Claimed(frozenset(rows), min(rows.values()))
        if name in self._doubtful:
            return _Claimed(frozenset(self._doubtful[name]), is_sure=False)
        for path in _ends_of_paths(self._places[name].folders):
            rows = self._of_folders.get(path, {})
            # What several rows name is where all files are.
            if len(rows) == 1:
                return _Claimed(frozenset(rows), min(rows.values()))
        return None


def _keys(name: str) -> tuple[str, str, str]:
    """What stands for a file by each of the three ways to name it."""
    return _plain(name), fold(name), fold(without_extension(name))


def _joined(folders: tuple[str, ...], count: int, key: str) -> str:
    """``key`` behind the nearest ``count`` folders."""
    return "/".join((*folders[len(folders) - count :], key))


@functools.lru_cache(maxsize=4_096)
def _ends_of_paths(folders: tuple[str, ...]) -> tuple[str, ...]:
    """All ways to name the folder and those above it; the nearest and longest first."""
    return tuple(
        "/".join(folders[start:end])
        for end in range(len(folders), 0, -1)
        for start in range(end)
        if any(folders[start:end])
    )
