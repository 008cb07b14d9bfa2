"""Which pictures and recordings an item will have, by its row and the files that arrived."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

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
from exhibitions.importing.pictures import (
    ArrivedFile,
    Picture,
    entries,
    named_by,
    pictures_of,
    place_of,
    same_name,
    without_doubles,
)
from exhibitions.importing.plan import Difference, PlannedMedium, PlannedRow, Problem
from exhibitions.importing.reading import ListRow
from exhibitions.importing.snapshot import DECORATIVE, PAGE_BREAK, KnownItem, Snapshot
from exhibitions.importing.values import TOO_LONG_TO_EXPORT, has_more_than_words, paragraphs

LABEL_LENGTH, ALT_LENGTH = 60, 400
FIELD_OF = {TRANSCRIPTIONS: "transcription", TRANSLATIONS: "translation"}
"""Columns of texts of several lines, and the field of a picture that each is."""
SIDES = {"recto": "Mặt trước", "verso": "Mặt sau"}


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
        pictures, doubles = without_doubles(
            [picture for file in arrived for picture in pictures_of(file)]
        )
        planned.problems += [_came_twice(picture, self._index.get(FILES)) for picture in doubles]
        wanted = self._named(row, known, told, planned)
        if known is None:
            pictures = self._frames_named(row, pictures)
        if wanted is None:
            media = [PlannedMedium(kept=place) for place in range(len(shown))]
        else:
            media = self._as_named(wanted, shown, pictures, planned)
        used = {(each.file, each.frame) for each in media if each.file is not None}
        left = [picture for picture in pictures if (picture.file.number, picture.frame) not in used]
        media, fresh = self._renewed(media, known, shown, left)
        if not wanted:
            media += [
                PlannedMedium(file=picture.file.number, frame=picture.frame) for picture in fresh
            ]
        else:
            planned.problems += [self._not_named(picture) for picture in fresh]
        self._tell_pictures(known, media, shown, planned)
        return media

    def _frames_named(self, row: ListRow, pictures: Sequence[Picture]) -> list[Picture]:
        """Of a file that a new row names page by page ("a.tif#2") only these pages."""
        frames: dict[str, set[int]] = defaultdict(set)
        for entry in entries(self._cells.mended(row, FILES)):
            name, _sign, frame = entry.rpartition("#")
            if name and frame.isdecimal():
                frames[fold(name)].add(int(frame))
        return [
            picture
            for picture in pictures
            if picture.frame in frames.get(fold(picture.file.called), {picture.frame})
        ]

    def _renewed(
        self,
        media: Sequence[PlannedMedium],
        known: KnownItem | None,
        shown: Sequence[str],
        pictures: Sequence[Picture],
    ) -> tuple[list[PlannedMedium], list[Picture]]:
        """The pictures, renewed where a file of their name has other content; and the files left.

        Each file goes with one picture at most: first with one of its content, then with
        the only one of its name.
        """
        renewed = list(media)
        if known is None:
            return renewed, list(pictures)
        waiting = {place: each for place, each in enumerate(media) if each.kept is not None}
        left: list[Picture] = []
        for picture in pictures:
            same = next(
                (at for at, each in waiting.items() if self._shows(known, each, picture)), None
            )
            if same is None:
                left.append(picture)
            else:
                del waiting[same]
        fresh: list[Picture] = []
        for picture in left:
            alike = [at for at, each in waiting.items() if _is_of_name(each, shown, picture)]
            rivals = [other for other in left if same_name(other.called, picture.called)]
            if len(alike) == len(rivals) == 1:
                kept = waiting.pop(alike[0])
                renewed[alike[0]] = replace(kept, file=picture.file.number, frame=picture.frame)
            else:
                fresh.append(picture)
        return renewed, fresh

    def _shows(self, known: KnownItem, medium: PlannedMedium, picture: Picture) -> bool:
        """Whether a picture that is there has the content of ``picture``."""
        there = known.media[medium.kept or 0]
        is_page = int(there.get("frame") or 1) == picture.frame
        content = self._snapshot.content_hash(there)
        return is_page and bool(content) and content == picture.file.content_hash

    def _not_named(self, picture: Picture) -> Problem:
        said = _("“%(name)s” was sent for this item and is not named in the cell: it is not taken.")
        index = self._index[FILES]
        return Problem("file_not_named", said % {"name": picture.called}, index, blocks=False)

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
        names = entries(text)
        if names == before.split("\n") or (not names and not (before and self._empty_clears)):
            return None
        return names

    def _no_file(self, name: str, *, blocks: bool) -> Problem:
        if blocks:
            said = _("There is no file “%(name)s” among those sent, nor at the item.")
        else:
            said = _("The file “%(name)s” was not sent; the item comes without it.")
        return Problem("no_file", said % {"name": name}, self._index[FILES], name, blocks=blocks)

    def _as_named(
        self,
        wanted: Sequence[str],
        shown: Sequence[str],
        pictures: Sequence[Picture],
        planned: PlannedRow,
    ) -> list[PlannedMedium]:
        waiting = dict(enumerate(shown))
        coming = list(pictures)
        media: list[PlannedMedium] = []
        for name in wanted:
            place = place_of(name, waiting)
            if place is not None:
                del waiting[place]
                media.append(PlannedMedium(kept=place))
                continue
            found = named_by(name, coming)
            coming = [picture for picture in coming if picture not in found]
            media += [
                PlannedMedium(file=picture.file.number, frame=picture.frame) for picture in found
            ]
            if not found:
                planned.problems.append(self._no_file(name, blocks=True))
        return media

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
        return self._names_of_pictures.get((medium.file or 0, medium.frame), "")

    @cached_property
    def _names_of_pictures(self) -> Mapping[tuple[int, int], str]:
        return {
            (picture.file.number, picture.frame): picture.called
            for file in self._files.values()
            for picture in pictures_of(file)
        }

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
            planned.differences.append(Difference(name, before, text))
            if known and name in FIELD_OF and _has_more_than_words(known, FIELD_OF[name]):
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
    names = {
        picture.file.number: picture.called for file in arrived for picture in pictures_of(file)
    }
    labelled = []
    for place, medium in enumerate(media, start=1):
        side = side_of(names.get(medium.file or 0, ""))
        page = _("Page %(number)d") % {"number": place} if len(media) > 1 else ""
        label = SIDES[side] if side else page
        labelled.append(medium if medium.label else replace(medium, label=label))
    return labelled


def _came_twice(picture: Picture, index: int | None) -> Problem:
    said = _("“%(name)s” came twice with the same content; it is taken once.")
    return Problem("came_twice", said % {"name": picture.called}, index, blocks=False)


def _is_of_name(medium: PlannedMedium, shown: Sequence[str], picture: Picture) -> bool:
    return same_name(shown[medium.kept or 0], picture.called)
