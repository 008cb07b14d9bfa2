"""Names of files in a list, and which pictures that came, or that an item shows, they mean."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

from core.vietnamese import fold
from exhibitions.importing.filenames import without_extension
from exhibitions.importing.pictures import Picture

_PAGE: Final = re.compile(r"(?P<name>.+)#(?P<page>\d{1,6})", re.DOTALL)
#: How a page of a PDF is called when it is taken apart: "LS-0012.pdf, trang 3".
_PDF_PAGE: Final = re.compile(r"(?P<pdf>.+\.pdf),[^,]*?(?P<page>\d{1,6})", re.IGNORECASE)
#: Folders above a file that are looked at, the nearest ones.
_DEPTH: Final = 8
_FIRST_PAGE: Final = 1

#: The ways in which two names are the same, the strictest first.
_EXACT, _FOLDED, _WITHOUT_EXTENSION = range(3)
_STRICT: Final = (_EXACT, _FOLDED)
_WAYS: Final = (*_STRICT, _WITHOUT_EXTENSION)


def names_in(text: str) -> tuple[str, ...]:
    """The names of files in a cell: a line each, or divided by semicolons; without "#2".

    Behind a page of a PDF, "x.pdf, trang 1", stands the PDF that may have been sent.
    """
    names: list[str] = []
    pdfs: set[str] = set()
    for name in map(without_page, entries(text)):
        names.append(name)
        found = _PDF_PAGE.fullmatch(name)
        if found and found["pdf"] not in pdfs:
            names.append(found["pdf"])
            pdfs.add(found["pdf"])
    return tuple(names)


def entries(text: str, shown: Collection[str] = ()) -> list[str]:
    """The names in a cell, with "#2" where the second page within a file is meant.

    A line that is one of ``shown`` is one name, whatever stands in it.
    """
    names = (
        name.strip()
        for line in text.split("\n")
        for name in ([line] if line.strip() in shown else line.split(";"))
    )
    return [name for name in names if name]


def without_page(name: str) -> str:
    """A name without "#2"."""
    return re.sub(r"#\d+$", "", name)


class _Name(NamedTuple):
    """A name in a list, or of a picture that is there, taken apart."""

    folders: tuple[str, ...]
    base: str
    page: int | None
    """None where all of a file is meant."""


@lru_cache(maxsize=16_384)
def _taken_apart(name: str) -> _Name:
    found = _PAGE.fullmatch(name)
    path, page = (found["name"], int(found["page"])) if found else (name, None)
    parts = path.replace("\\", "/").split("/")
    # Without the letter of a drive.
    parts = [part for part in parts if part not in ("", ".") and part[1:] != ":"][-_DEPTH - 1 :]
    return _Name(tuple(parts[:-1]), parts[-1] if parts else "", page)


@lru_cache(maxsize=16_384)
def _ways(name: str) -> tuple[str, str, str]:
    """A name by which it is compared: as it is, folded, without extension."""
    return name.casefold(), fold(name), fold(without_extension(name))


def same_name(name: str) -> tuple[str, int]:
    """What is alike of names that are the same but for case, marks, folders and extension."""
    taken_apart = _taken_apart(name)
    return _ways(taken_apart.base)[_WITHOUT_EXTENSION], taken_apart.page or _FIRST_PAGE


def _path(folders: Sequence[str], depth: int, base: str, way: int) -> str:
    """A name behind the nearest ``depth`` of its folders; "" where it is of signs alone."""
    name = _ways(base)[way]
    near = folders[len(folders) - depth :]
    return "/".join((*(_ways(each)[min(way, _FOLDED)] for each in near), name)) if name else ""


# What they mean


class Meaning(NamedTuple):
    """What a name means: places of pictures that are there, or pictures that came.

    Where both are told, the file is there and came once more.
    """

    there: tuple[int, ...] = ()
    coming: tuple[Picture, ...] = ()


def meanings(
    names: Sequence[str],
    shown: Sequence[str],
    coming: Sequence[Picture],
    *,
    all_pages: bool = True,
) -> list[Meaning]:
    """What each of ``names`` means, of pictures that are there by their names, and that came.

    No picture is meant by two names, and whatever is named more strictly is told first: a
    picture that is there by its own name, a page by its own name, a PDF that is named as it
    is called, what is there by its name without extension; then files that came, by their
    path, their own name and without extension; in the end a PDF without extension, and a
    folder for all that lies in it.

    A name means all pages of its file; the first alone when another name is of a page of
    the same file ("a.tif#2", "x.pdf, trang 2"), and of a TIFF that is there unless
    ``all_pages``.
    """
    return _Meanings(names, shown, coming, all_pages=all_pages).found()


def pages_named(
    names: Sequence[str], coming: Sequence[Picture]
) -> tuple[list[Picture], list[Meaning]]:
    """Of a file that is named page by page only these pages; and what the names mean."""
    named = _Meanings(names, (), coming, all_pages=True)
    found = named.found()
    keys = {picture.key for meaning in found for picture in meaning.coming}
    pictures = [
        picture
        for picture in coming
        if picture.key in keys or picture.sent_as.number not in named.paged_files
    ]
    return pictures, found


class _Meanings:
    def __init__(
        self,
        names: Sequence[str],
        shown: Sequence[str],
        coming: Sequence[Picture],
        *,
        all_pages: bool,
    ) -> None:
        self._whole = names
        self._names = [_taken_apart(name) for name in names]
        self._last = {name: place for place, name in enumerate(self._names)}
        self._there = _There(shown)
        self._coming = _Coming(coming)
        self._all_pages = all_pages
        paged = {name._replace(page=None) for name in self._names if name.page is not None}
        self._paged_names = {_ways(name.base)[_WITHOUT_EXTENSION] for name in paged}
        self.paged_files = {number for name in paged for number in self._coming.files_of(name)}
        self.paged_files |= self._coming.pdfs_of_pages(self._names)
        self._deepest = max((len(name.folders) for name in self._names), default=0)

    def found(self) -> list[Meaning]:
        """What each name means, in the order of the names."""
        found: dict[int, Meaning] = {}
        waiting = list(range(len(self._names)))
        for step in self._steps():
            for place in waiting:
                meaning = self._meant(step, place)
                if meaning.there or meaning.coming:
                    found[place] = meaning
            waiting = [place for place in waiting if place not in found]
        return [found.get(place, Meaning()) for place in range(len(self._names))]

    def _steps(self) -> Iterator[tuple[str, int, int]]:
        """How a name is looked up: of what, behind how many folders, in which way."""
        depths = range(self._deepest, -1, -1)
        yield from (("there, whole", 0, way) for way in _STRICT)
        yield from (("there", 0, way) for way in _STRICT)
        yield from (("page", depth, way) for depth in depths for way in _STRICT)
        yield from (("pdf", depth, way) for depth in depths for way in _STRICT)
        yield "there", 0, _WITHOUT_EXTENSION
        yield from (("file", depth, way) for depth in depths for way in _WAYS)
        yield from (("pdf", depth, _WITHOUT_EXTENSION) for depth in depths)
        yield "folder", 0, _FOLDED

    def _meant(self, step: tuple[str, int, int], place: int) -> Meaning:
        kind, depth, way = step
        name = self._names[place]
        if depth > len(name.folders):
            return Meaning()
        if kind == "there, whole":
            return self._pages_there(place, _ways(self._whole[place])[way], way)
        if kind == "there":
            return self._pages_there(place, "", way)
        if kind == "folder":
            return Meaning((), self._of_folder(name))
        coming = self._came(kind, depth, way, place)
        if kind == "pdf" and (coming or depth == 0):
            return Meaning(self._there.pages_of_pdf(name, way), coming)
        return Meaning((), coming)

    def _pages_there(self, place: int, whole: str, way: int) -> Meaning:
        """What is there by that name, and pages of the same file that came beside them."""
        name = self._names[place]
        is_paged = _ways(name.base)[_WITHOUT_EXTENSION] in self._paged_names
        with_pages = self._all_pages and name.page is None and not is_paged
        there = self._there.named(whole, name, way, with_pages=with_pages)
        return Meaning(there, self._coming.pages_beside(name) if there and with_pages else ())

    def _came(self, kind: str, depth: int, way: int, place: int) -> tuple[Picture, ...]:
        name = self._names[place]
        key = (kind, way, _path(name.folders, depth, name.base, way))
        # Of a name that is written twice each means a file of its own.
        is_last = self._last[name] == place
        return self._coming.take(key, name.page, self.paged_files, only_one=not is_last)

    def _of_folder(self, name: _Name) -> tuple[Picture, ...]:
        if name.page is not None:
            return ()
        whole = tuple(_ways(each)[_FOLDED] for each in (*name.folders, name.base))
        # Also of a path that begins on the editor's own disk.
        for start in range(len(whole)):
            key = ("folder", _FOLDED, "/".join(whole[start:]))
            if found := self._coming.take(key, None, self.paged_files):
                return found
        return ()


class _There:
    """The pictures of an item by their names, each taken once."""

    def __init__(self, shown: Sequence[str]) -> None:
        self._places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        self._files: list[tuple[str, int]] = []
        """Of each picture the file it is a page of, and which."""
        self._taken: set[int] = set()
        for place, name in enumerate(shown):
            self._enter(place, name)

    def _enter(self, place: int, whole: str) -> None:
        name = _taken_apart(whole)
        page = name.page or _FIRST_PAGE
        file = name.base
        for way in _STRICT:
            self._places["whole", way, _ways(whole)[way]].append(place)
        for way, key in enumerate(_ways(name.base)):
            self._places["page", way, key, page].append(place)
            self._places["file", way, key].append(place)
        if found := _PDF_PAGE.fullmatch(name.base):
            file, page = found["pdf"], int(found["page"])
            for way, key in enumerate(_ways(file)):
                self._places["page of pdf", way, key, page].append(place)
                self._places["pdf", way, key].append(place)
        self._files.append((_ways(file)[_FOLDED], page))

    def named(self, whole: str, name: _Name, way: int, *, with_pages: bool) -> tuple[int, ...]:
        """The picture that is called so; with the pages of the file that follow it."""
        key = _ways(name.base)[way]
        if whole:
            first = self._first("whole", way, whole)
        elif not key:
            return ()
        elif with_pages:
            first = self._first("file", way, key)
        else:
            first = self._first("page", way, key, name.page or _FIRST_PAGE)
        return self._taken_from(first, with_pages=with_pages)

    def pages_of_pdf(self, name: _Name, way: int) -> tuple[int, ...]:
        """The pages of the PDF that is called so, or the one that is meant."""
        key = _ways(name.base)[way]
        if not key:
            return ()
        if name.page is None:
            return self._taken_from(self._first("pdf", way, key), with_pages=True)
        return self._taken_from(self._first("page of pdf", way, key, name.page), with_pages=False)

    def _first(self, *key: Hashable) -> int | None:
        waiting = self._places.get(key)
        while waiting and waiting[0] in self._taken:
            waiting.popleft()
        return waiting[0] if waiting else None

    def _taken_from(self, first: int | None, *, with_pages: bool) -> tuple[int, ...]:
        if first is None:
            return ()
        places = [first]
        if with_pages:
            places += takewhile(self._continues, range(first + 1, len(self._files)))
        self._taken.update(places)
        return tuple(places)

    def _continues(self, place: int) -> bool:
        """Whether a picture is a later page of the file the one before it is a page of."""
        (file, page), (file_before, page_before) = self._files[place], self._files[place - 1]
        return place not in self._taken and file == file_before and page > page_before


_Key = tuple[str, int, str]
"""What is compared: a file, a page of a PDF, a PDF or a folder; in which way; and its name."""


class _Coming:
    """The pictures that came, by what a list may call them, each taken once."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        self._pictures: defaultdict[tuple[_Key, int | None], deque[Picture]] = defaultdict(deque)
        self._taken: set[tuple[int, int]] = set()
        for picture in pictures:
            self._enter(picture)

    def _enter(self, picture: Picture) -> None:
        kind = "page" if picture.container else "file"
        for key in _keys_of_file(kind, picture.file.name):
            self._pictures[key, None].append(picture)
            self._pictures[key, picture.frame].append(picture)
        if picture.container:
            for key in _keys_of_file("pdf", picture.container.name):
                self._pictures[key, None].append(picture)
                self._pictures[key, picture.page].append(picture)
        for path in _paths_of_folders(_taken_apart(picture.sent_as.name).folders):
            self._pictures[("folder", _FOLDED, path), None].append(picture)

    def take(
        self, key: _Key, page: int | None, paged_files: Collection[int], *, only_one: bool = False
    ) -> tuple[Picture, ...]:
        """The pictures of that key that nothing took: all, or those of one file only.

        Of ``paged_files`` the first page alone, where none is named.
        """
        waiting = self._pictures.get((key, page)) if key[-1] else None
        while waiting and waiting[0].key in self._taken:
            waiting.popleft()
        if not waiting:
            return ()
        pictures: Iterable[Picture] = waiting
        if only_one:
            number = waiting[0].sent_as.number
            pictures = takewhile(lambda each: each.sent_as.number == number, waiting)
        is_whole = page is None and key[0] in ("file", "pdf")
        return self._taken_of(
            each
            for each in pictures
            if not is_whole or each.page == _FIRST_PAGE or each.sent_as.number not in paged_files
        )

    def pages_beside(self, name: _Name) -> tuple[Picture, ...]:
        """The pages of the file of several that is called so."""
        for depth in range(len(name.folders), -1, -1):
            for way in _STRICT:
                key = ("file", way, _path(name.folders, depth, name.base, way))
                if key[-1] and (found := self._pictures.get((key, None))):
                    file = found[0].file
                    if file.frames == 1:
                        return ()
                    return self._taken_of(each for each in found if each.file is file)
        return ()

    def files_of(self, name: _Name) -> set[int]:
        """The numbers of the files, as they were sent, that are called so."""
        for kind, ways in (("pdf", _STRICT), ("file", _WAYS), ("pdf", (_WITHOUT_EXTENSION,))):
            for depth in range(len(name.folders), -1, -1):
                for way in ways:
                    key = (kind, way, _path(name.folders, depth, name.base, way))
                    if key[-1] and (found := self._pictures.get((key, None))):
                        return {picture.sent_as.number for picture in found}
        return set()

    def pdfs_of_pages(self, names: Iterable[_Name]) -> set[int]:
        """The numbers of the PDFs of which pages are called so ("x.pdf, trang 2")."""
        return {
            picture.sent_as.number
            for name in names
            if _PDF_PAGE.fullmatch(name.base)
            for way in _STRICT
            for picture in self._pictures.get((("page", way, _ways(name.base)[way]), None), ())
        }

    def _taken_of(self, pictures: Iterable[Picture]) -> tuple[Picture, ...]:
        found = tuple(each for each in pictures if each.key not in self._taken)
        self._taken.update(each.key for each in found)
        return found


def _keys_of_file(kind: str, path: str) -> Iterator[_Key]:
    """What a list may call a file: by its name alone, and behind one, two … of its folders."""
    folders, base, _page = _taken_apart(path)
    for depth in range(len(folders) + 1):
        for way in _WAYS:
            yield kind, way, _path(folders, depth, base, way)


@lru_cache(maxsize=4_096)
def _paths_of_folders(folders: tuple[str, ...]) -> tuple[str, ...]:
    """All ways to name the folder of a file and those above it."""
    folded = [_ways(each)[_FOLDED] for each in folders]
    paths = (
        "/".join(folded[start:end])
        for end in range(1, len(folded) + 1)
        for start in range(end)
        if any(folded[start:end])
    )
    return tuple(dict.fromkeys(paths))
