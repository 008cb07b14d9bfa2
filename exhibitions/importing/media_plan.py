"""Which pictures and recordings an item will have, by its row and the files that arrived."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from core.vietnamese import fold
from exhibitions.importing.columns import (
    ALT_TEXTS,
    FILES,
    LABELS,
    MEDIA_COLUMNS,
    TRANSCRIPTIONS,
    TRANSLATIONS,
)
from exhibitions.importing.examining import CellExaminer
from exhibitions.importing.filenames import Matching, side_of
from exhibitions.importing.plan import Difference, PlannedMedium, PlannedRow, Problem
from exhibitions.importing.reading import ListRow
from exhibitions.importing.snapshot import DECORATIVE, PAGE_BREAK, KnownItem, Snapshot
from exhibitions.importing.values import TOO_LONG_TO_EXPORT, has_more_than_words, paragraphs

LABEL_LENGTH, ALT_LENGTH = 60, 400
FIELD_OF = {TRANSCRIPTIONS: "transcription", TRANSLATIONS: "translation"}
"""Columns of texts of several lines, and the field of a picture that each is."""
SIDES = {"recto": "Mặt trước", "verso": "Mặt sau"}


@dataclass(frozen=True)
class ArrivedFile:
    """A file that arrived and was found good. A PDF has a page in ``pages`` for each of its own."""

    number: int
    name: str
    """With its folders."""
    content_hash: str = ""
    frames: int = 1
    pages: tuple[ArrivedFile, ...] = ()

    @property
    def called(self) -> str:
        """What it is called in a list: its name without folders."""
        return PurePosixPath(self.name).name


@dataclass(frozen=True)
class _Sheet:
    """One picture or recording that a file gives: a page of it, or all of it."""

    file: ArrivedFile
    frame: int = 1

    @property
    def called(self) -> str:
        return self.file.called if self.frame == 1 else f"{self.file.called}#{self.frame}"


def _sheets(file: ArrivedFile) -> list[_Sheet]:
    if file.pages:
        return [_Sheet(page) for page in file.pages]
    return [_Sheet(file, frame) for frame in range(1, file.frames + 1)]


def content_hashes(files: Sequence[ArrivedFile]) -> list[str]:
    """By which what ``files`` show is known again, one for each picture or recording."""
    return [sheet.file.content_hash for file in files for sheet in _sheets(file)]


def names_in(text: str) -> tuple[str, ...]:
    """The names of files in a cell: a line each, or divided by semicolons; without "#2"."""
    return tuple(re.sub(r"#\d+$", "", name) for name in _entries(text))


def _entries(text: str) -> list[str]:
    return [name.strip() for name in re.split(r"[\n;]+", text) if name.strip()]


def only_words_stay(index: int) -> Problem:
    """What is said of a text that a cell replaces: no cell holds emphasis and links."""
    said = _("Bold letters, links and lists of the former text go; the words of the cell stay.")
    return Problem("only_words", said, index, blocks=False)


class MediaPlanner:
    """Plans the media of every row of one list."""

    def __init__(
        self,
        snapshot: Snapshot,
        known: Mapping[int, KnownItem | None],
        matching: Matching,
        files: Sequence[ArrivedFile],
        index: Mapping[str, int],
        cells: CellExaminer,
        *,
        empty_clears: bool,
    ) -> None:
        self._snapshot = snapshot
        self._known = known
        self._matching = matching
        self._files = {file.name: file for file in files}
        self._index = index
        self._cells = cells
        self._empty_clears = empty_clears

    def plan(self, row: ListRow, planned: PlannedRow, told: Mapping[str, str]) -> None:
        """Fill in the media of ``planned``. ``told`` is what the workbook says of its item."""
        known = self._known[row.number]
        names = self._matching.files_of.get(row.number, [])
        arrived = [self._files[name] for name in names]
        planned.files = [file.called for file in arrived]
        shown = self._shown(known)
        media = self._pictures(row, known, arrived, shown, told, planned)
        media = self._texts(row, known, media, told, planned)
        stays = media == [PlannedMedium(kept=place) for place in range(len(shown))]
        if media and known is None:
            media = _labelled(media, arrived)
        planned.media = None if stays else media

    def _shown(self, known: KnownItem | None) -> list[str]:
        """The names of the files an item shows."""
        return [self._snapshot.file_name(each) for each in known.media] if known else []

    # Which pictures

    def _pictures(
        self,
        row: ListRow,
        known: KnownItem | None,
        arrived: Sequence[ArrivedFile],
        shown: Sequence[str],
        told: Mapping[str, str],
        planned: PlannedRow,
    ) -> list[PlannedMedium]:
        """The pictures in their order: as the list names them, else those there are and the new."""
        sheets = self._without_doubles([sheet for file in arrived for sheet in _sheets(file)])
        wanted = self._named(row, known, told, planned)
        if wanted is None:
            media = [PlannedMedium(kept=place) for place in range(len(shown))]
        else:
            media = self._as_named(wanted, shown, sheets, planned)
        media = [self._renewed(each, known, shown, sheets) for each in media]
        fresh = self._fresh(media, known, shown, sheets)
        if not wanted:
            media += [PlannedMedium(file=sheet.file.number, frame=sheet.frame) for sheet in fresh]
        else:
            planned.problems += [self._not_named(sheet) for sheet in fresh]
        self._tell_pictures(known, media, shown, planned)
        return media

    def _without_doubles(self, sheets: Sequence[_Sheet]) -> list[_Sheet]:
        """Each content once: the same scans come in a folder, and in an archive again."""
        found: dict[tuple[str, int], _Sheet] = {}
        for sheet in sheets:
            key = sheet.file.content_hash or f"file:{sheet.file.number}"
            found.setdefault((key, sheet.frame), sheet)
        return list(found.values())

    def _fresh(
        self,
        media: Sequence[PlannedMedium],
        known: KnownItem | None,
        shown: Sequence[str],
        sheets: Sequence[_Sheet],
    ) -> list[_Sheet]:
        """Of ``sheets`` those that are not shown yet, neither by name nor by content."""
        used = {(each.file, each.frame) for each in media if each.file is not None}
        kept = [each.kept for each in media if each.kept is not None]
        names = {fold(shown[place]) for place in kept}
        contents = {
            (self._snapshot.content_hash(known.media[place]), known.media[place].get("frame") or 1)
            for place in kept
            if known is not None
        }
        return [
            sheet
            for sheet in sheets
            if (sheet.file.number, sheet.frame) not in used
            and fold(sheet.called) not in names
            and (sheet.file.content_hash, sheet.frame) not in contents
        ]

    def _not_named(self, sheet: _Sheet) -> Problem:
        said = _("“%(name)s” was sent for this item and is not named in the cell: it is not taken.")
        index = self._index[FILES]
        return Problem("file_not_named", said % {"name": sheet.called}, index, blocks=False)

    def _named(
        self,
        row: ListRow,
        known: KnownItem | None,
        told: Mapping[str, str],
        planned: PlannedRow,
    ) -> list[str] | None:
        """The names in the cell of an item that is there, when they are not those it shows.

        Of a new item it is said which of the files it names did not come.
        """
        if FILES not in self._index:
            return None
        before = told.get(FILES, "")
        text = self._cells.examined(row, FILES, before if known else None, planned)
        if known is None:
            missing = self._matching.not_found.get(row.number, ())
            planned.problems += [self._no_file(name, blocks=False) for name in missing]
            return None
        if text is None or text == TOO_LONG_TO_EXPORT:
            return None
        names = _entries(text)
        if names == before.split("\n") or (not names and not (before and self._empty_clears)):
            return None
        return names

    def _no_file(self, name: str, *, blocks: bool) -> Problem:
        said = _("There is no file “%(name)s” among those sent, nor at the item.")
        if not blocks:
            said = _("The file “%(name)s” was not sent; the item comes without it.")
        return Problem("no_file", said % {"name": name}, self._index[FILES], name, blocks=blocks)

    def _as_named(
        self,
        wanted: Sequence[str],
        shown: Sequence[str],
        sheets: Sequence[_Sheet],
        planned: PlannedRow,
    ) -> list[PlannedMedium]:
        waiting = {place: _comparable(name) for place, name in enumerate(shown)}
        coming = list(sheets)
        media: list[PlannedMedium] = []
        for name in wanted:
            comparable = _comparable(name)
            place = next((place for place, each in waiting.items() if each == comparable), None)
            if place is not None:
                del waiting[place]
                media.append(PlannedMedium(kept=place))
                continue
            found = [sheet for sheet in coming if _is_named(sheet, comparable)]
            coming = [sheet for sheet in coming if sheet not in found]
            media += [PlannedMedium(file=sheet.file.number, frame=sheet.frame) for sheet in found]
            if not found:
                planned.problems.append(self._no_file(name, blocks=True))
        return media

    def _renewed(
        self,
        medium: PlannedMedium,
        known: KnownItem | None,
        shown: Sequence[str],
        sheets: Sequence[_Sheet],
    ) -> PlannedMedium:
        """A picture that is there, with the new file where one of its name has other content."""
        if medium.kept is None or known is None:
            return medium
        name = _comparable(shown[medium.kept])
        sheet = next((each for each in sheets if _comparable(each.called) == name), None)
        there = self._snapshot.content_hash(known.media[medium.kept])
        if sheet is None or sheet.file.content_hash == there:
            return medium
        return replace(medium, file=sheet.file.number, frame=sheet.frame)

    def _tell_pictures(
        self,
        known: KnownItem | None,
        media: Sequence[PlannedMedium],
        shown: Sequence[str],
        planned: PlannedRow,
    ) -> None:
        if known is None:
            return
        after = [
            shown[each.kept] if each.kept is not None else self._called(each) for each in media
        ]
        renewed = any(each.kept is not None and each.file is not None for each in media)
        if after != list(shown) or renewed:
            said = "\n".join(after)
            if renewed:
                said = _("%(names)s (new content)") % {"names": said}
            planned.differences.append(Difference(FILES, "\n".join(shown), said))

    def _called(self, medium: PlannedMedium) -> str:
        for file in self._files.values():
            for sheet in _sheets(file):
                if (sheet.file.number, sheet.frame) == (medium.file, medium.frame):
                    return sheet.called
        return ""

    # What is said of them

    def _texts(
        self,
        row: ListRow,
        known: KnownItem | None,
        media: list[PlannedMedium],
        told: Mapping[str, str],
        planned: PlannedRow,
    ) -> list[PlannedMedium]:
        for name in MEDIA_COLUMNS[1:]:
            index = self._index.get(name)
            if index is None:
                continue
            before = told.get(name, "")
            text = self._cells.examined(row, name, before if known else None, planned)
            if text is None or not (text or (before and self._empty_clears)):
                continue
            pieces = _pieces(name, text)
            if len(pieces) > len(media):
                planned.problems.append(_too_many(pieces, media, index, text))
                continue
            pieces += [""] * (len(media) - len(pieces))
            if problem := _too_long(name, pieces, index):
                planned.problems.append(problem)
                continue
            media = [
                _with_text(each, name, piece) for each, piece in zip(media, pieces, strict=True)
            ]
            if known is not None:
                planned.differences.append(Difference(name, before, text))
                if name in FIELD_OF and _has_more_than_words(known, FIELD_OF[name]):
                    planned.problems.append(only_words_stay(index))
        return media


def _has_more_than_words(known: KnownItem, field: str) -> bool:
    return any(has_more_than_words(str(medium.get(field) or "")) for medium in known.media)


def _pieces(name: str, text: str) -> list[str]:
    if name in FIELD_OF:
        return [each.strip("\n") for each in re.split(rf"(?m)^{PAGE_BREAK}[ \t]*$", text)]
    return [" ".join(line.split()) for line in text.split("\n")]


def _with_text(medium: PlannedMedium, name: str, piece: str) -> PlannedMedium:
    if name == LABELS:
        return replace(medium, label=piece)
    if name == ALT_TEXTS:
        decorative = fold(piece) == fold(DECORATIVE)
        return replace(medium, alt_text="" if decorative else piece, decorative=decorative)
    if name == TRANSCRIPTIONS:
        return replace(medium, transcription=paragraphs(piece))
    return replace(medium, translation=paragraphs(piece))


def _too_many(
    pieces: Sequence[str], media: Sequence[PlannedMedium], index: int, text: str
) -> Problem:
    said = _("%(lines)d texts for %(media)d pictures: one belongs to each picture, in order.")
    return Problem(
        "too_many_texts", said % {"lines": len(pieces), "media": len(media)}, index, text
    )


def _too_long(name: str, pieces: Sequence[str], index: int) -> Problem | None:
    limit = {LABELS: LABEL_LENGTH, ALT_TEXTS: ALT_LENGTH}.get(name)
    longest = max(pieces, key=len, default="")
    if limit is None or len(longest) <= limit:
        return None
    said = _("%(length)d characters; at most %(limit)d fit. Shorten it.")
    return Problem("too_long", said % {"length": len(longest), "limit": limit}, index, longest)


def _labelled(media: list[PlannedMedium], arrived: Sequence[ArrivedFile]) -> list[PlannedMedium]:
    """Sides by the names of their files, and pages by number, where the list says nothing."""
    names = {sheet.file.number: sheet.called for file in arrived for sheet in _sheets(file)}
    labelled = []
    for place, medium in enumerate(media, start=1):
        side = side_of(names.get(medium.file or 0, ""))
        page = _("Page %(number)d") % {"number": place} if len(media) > 1 else ""
        label = SIDES[side] if side else page
        labelled.append(medium if medium.label else replace(medium, label=label))
    return labelled


def _is_named(sheet: _Sheet, comparable: str) -> bool:
    """Whether a list means this picture: by its own name, or that of the file it is a page of."""
    names = {sheet.called, sheet.file.called, sheet.file.name}
    if sheet.file.name.count("/"):
        names.add(str(PurePosixPath(sheet.file.name).parent.name))
    return comparable in {_comparable(name) for name in names}


def _comparable(name: str) -> str:
    """A name without folders, extension, marks or case."""
    called = PurePosixPath(name.replace("\\", "/")).name
    stem, _dot, extension = called.rpartition(".")
    frame = re.search(r"#\d+$", called)
    ending = frame[0] if frame else ""
    bare = stem if stem and len(extension.split("#")[0]) <= 4 else called.removesuffix(ending)
    return fold(bare) + ending
