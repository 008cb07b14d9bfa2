"""Which pictures and recordings an item will have, by its row and the files that arrived."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.vietnamese import fold
from exhibitions.importing.columns import (
    ALT_TEXTS,
    FILES,
    LABELS,
    MEDIA_COLUMNS,
    PAGE,
    TRANSCRIPTIONS,
    TRANSLATIONS,
)
from exhibitions.importing.examining import CellExaminer
from exhibitions.importing.filenames import Matching, side_of
from exhibitions.importing.named_pictures import (
    entries,
    meanings,
    pages_named,
    same_name,
    without_page,
)
from exhibitions.importing.pictures import ArrivedFile, Picture, pictures_of, without_doubles
from exhibitions.importing.plan import (
    NAMED_ROWS,
    Difference,
    PlannedMedium,
    PlannedRow,
    Problem,
)
from exhibitions.importing.reading import ListRow
from exhibitions.importing.snapshot import DECORATIVE, PAGE_BREAK, KnownItem, Snapshot
from exhibitions.importing.values import TOO_LONG_TO_EXPORT, has_more_than_words, paragraphs

LABEL_LENGTH, ALT_LENGTH = 60, 400
FIELD_OF = {TRANSCRIPTIONS: "transcription", TRANSLATIONS: "translation"}
"""Columns of texts of several lines, and the field of a picture that each is."""
SIDES = {"recto": "Mặt trước", "verso": "Mặt sau"}
TOLD_OF_A_TEXT = 60
"""Characters by which a text that is left out is known again."""
_GAP = PlannedMedium()
"""Stands where a picture would be whose file did not come, so that texts keep their places."""


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
        self._rows_in_doubt = {row for rows in matching.ambiguous.values() for row in rows}

    def plan(self, row: ListRow, planned: PlannedRow, told: Mapping[str, str]) -> None:
        """Fill in the media of ``planned``. ``told`` is what the workbook says of its item."""
        known = self._known[row.number]
        names = self._matching.files_of.get(row.number, [])
        arrived = [self._files[name] for name in names]
        planned.files = [file.called for file in arrived]
        shown = self._shown(known)
        media = self._pictures(row, known, arrived, shown, told, planned)
        media = self._texts(row, known, media, told, planned)
        media = [each for each in media if not _is_gap(each)]
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
            return self._of_new_row(row, pictures, planned)
        beside: Mapping[int, Sequence[Picture]] = {}
        if wanted is None:
            media = [PlannedMedium(kept=place) for place in range(len(shown))]
        else:
            media, beside = self._as_named(row, wanted, shown, pictures, planned)
        used = {(each.file, each.frame) for each in media if each.file is not None}
        left = [picture for picture in pictures if picture.key not in used]
        media, fresh = renewed_media(media, shown, self._contents(known), left)
        media, fresh = _with_pages_beside(media, beside, fresh)
        if not wanted:
            media += [_of_file(picture) for picture in fresh]
        else:
            planned.problems += [self._not_named(picture) for picture in fresh]
        self._tell_pictures(known, media, shown, planned)
        return media

    def _of_new_row(
        self, row: ListRow, pictures: Sequence[Picture], planned: PlannedRow
    ) -> list[PlannedMedium]:
        """The pictures of a new item, and a gap where a file that it names did not come."""
        names = entries(self._cells.mended(row, FILES))
        pictures, meant = pages_named(names, pictures)
        not_found = set(self._matching.not_found.get(row.number, ()))
        places = {picture.key: place for place, each in enumerate(meant) for picture in each.coming}
        found = {name for name, each in zip(names, meant, strict=True) if each.coming}
        gaps: deque[int] = deque()
        missing: list[str] = []
        for place, (name, each) in enumerate(zip(names, meant, strict=True)):
            file = without_page(name)
            is_page = file != name and name not in found and row.number not in self._rows_in_doubt
            if each.coming:
                continue
            if file in not_found or is_page:
                missing.append(file if file in not_found else name)
                gaps.append(place)
            elif row.number in self._rows_in_doubt:
                gaps.append(place)
        if FILES in self._index:
            planned.problems += self._not_sent(row, list(dict.fromkeys(missing)))
        media: list[PlannedMedium] = []
        for picture in pictures:
            while gaps and gaps[0] < places.get(picture.key, len(names)):
                media.append(_GAP)
                gaps.popleft()
            media.append(_of_file(picture))
        return media + [_GAP] * len(gaps)

    def _contents(self, known: KnownItem) -> list[tuple[str, int]]:
        """The content and the page of it that each picture of an item shows."""
        return [
            (self._snapshot.content_hash(each), int(each.get("frame") or 1)) for each in known.media
        ]

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
        """The names in the cell of an item that is there, when they are not those it shows."""
        if FILES not in self._index:
            return None
        before = told.get(FILES, "")
        text = self._cells.examined(row, FILES, before if known else None, planned)
        if known is None or text is None or text == TOO_LONG_TO_EXPORT:
            return None
        shown = before.split("\n")
        names = entries(text, frozenset(shown))
        if names == shown or (not names and not (before and self._empty_clears)):
            return None
        return names

    def _no_file(self, row: ListRow, names: Sequence[str]) -> Problem:
        """One problem for all, for one text is typed: that of the whole cell."""
        said = _("There is no file “%(name)s” among those sent, nor at the item.")
        told = [*names[:NAMED_ROWS], *(["…"] if len(names) > NAMED_ROWS else [])]
        value = self._cells.mended(row, FILES)
        return Problem("no_file", said % {"name": "”, “".join(told)}, self._index[FILES], value)

    def _not_sent(self, row: ListRow, names: Sequence[str]) -> list[Problem]:
        """What is said of files of a new item; the whole cell may be typed at the first."""
        said = _("The file “%(name)s” was not sent; the item comes without it.")
        value, index = self._cells.mended(row, FILES), self._index[FILES]
        return [
            Problem("no_file", said % {"name": name}, index, "" if place else value, blocks=False)
            for place, name in enumerate(names)
        ]

    def _as_named(
        self,
        row: ListRow,
        wanted: Sequence[str],
        shown: Sequence[str],
        pictures: Sequence[Picture],
        planned: PlannedRow,
    ) -> tuple[list[PlannedMedium], dict[int, Sequence[Picture]]]:
        """The pictures the cell names; and what came of files that are there, by their places."""
        # The portal's own workbook names each page by itself.
        all_pages = PAGE not in self._index
        meant = meanings(wanted, shown, pictures, all_pages=all_pages)
        media: list[PlannedMedium] = []
        beside: dict[int, Sequence[Picture]] = {}
        missing: list[str] = []
        for name, each in zip(wanted, meant, strict=True):
            media += [PlannedMedium(kept=place) for place in each.there]
            if each.there:
                beside[each.there[-1]] = each.coming
            elif each.coming:
                media += [_of_file(picture) for picture in each.coming]
            else:
                missing.append(name)
        if missing:
            planned.problems.append(self._no_file(row, missing))
        return media, beside

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
            value = self._cells.mended(row, name)
            pieces = _pieces(name, text)
            if len(pieces) > len(media):
                planned.problems.append(_too_many(pieces, media, index, value))
                continue
            pieces += [""] * (len(media) - len(pieces))
            if left_out := [
                piece for each, piece in zip(media, pieces, strict=True) if piece and _is_gap(each)
            ]:
                planned.problems.append(_left_out(left_out, index, value))
                pieces = [
                    "" if _is_gap(each) else piece
                    for each, piece in zip(media, pieces, strict=True)
                ]
                if not any(pieces):
                    continue
            if problem := _too_long(name, pieces, index, value):
                planned.problems.append(problem)
                continue
            media = [
                each if _is_gap(each) else _with_text(each, name, piece)
                for each, piece in zip(media, pieces, strict=True)
            ]
            planned.differences.append(Difference(name, before, text))
            if known and name in FIELD_OF and _has_more_than_words(known, FIELD_OF[name]):
                planned.problems.append(only_words_stay(index))
        return media


def _has_more_than_words(known: KnownItem, field: str) -> bool:
    return any(has_more_than_words(str(medium.get(field) or "")) for medium in known.media)


def _pieces(name: str, text: str) -> list[str]:
    """A text for each picture, without empty ones at the end."""
    if name in FIELD_OF:
        pieces = [each.strip("\n") for each in re.split(rf"(?m)^{PAGE_BREAK}[ \t]*$", text)]
    else:
        pieces = [" ".join(line.split()) for line in text.split("\n")]
    while pieces and not pieces[-1]:
        pieces.pop()
    return pieces


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
    pieces: Sequence[str], media: Sequence[PlannedMedium], index: int, value: str
) -> Problem:
    gaps = sum(map(_is_gap, media))
    if gaps:
        said = _(
            "%(lines)d texts for %(media)d pictures, and files of this row were not sent: "
            "the texts are left out."
        )
    else:
        said = _("%(lines)d texts for %(media)d pictures: one belongs to each picture, in order.")
    told = said % {"lines": len(pieces), "media": len(media) - gaps}
    return Problem("too_many_texts", told, index, value, blocks=not gaps)


def _left_out(pieces: Sequence[str], index: int, value: str) -> Problem:
    said = _("The files these texts belong to were not sent; the texts are left out: %(texts)s")
    told = [f"“{Truncator(piece).chars(TOLD_OF_A_TEXT)}”" for piece in pieces[:NAMED_ROWS]]
    told += ["…"] if len(pieces) > NAMED_ROWS else []
    texts = " ".join(", ".join(told).split())
    return Problem("too_many_texts", said % {"texts": texts}, index, value, blocks=False)


def _too_long(name: str, pieces: Sequence[str], index: int, value: str) -> Problem | None:
    limit = {LABELS: LABEL_LENGTH, ALT_TEXTS: ALT_LENGTH}.get(name)
    long = [
        (line, len(piece))
        for line, piece in enumerate(pieces, start=1)
        if limit is not None and len(piece) > limit
    ]
    if not long:
        return None
    said = _("Line %(line)d: %(length)d characters; at most %(limit)d fit. Shorten it.")
    told = [said % {"line": line, "length": length, "limit": limit} for line, length in long]
    more = ["…"] if len(told) > NAMED_ROWS else []
    return Problem("too_long", " ".join([*told[:NAMED_ROWS], *more]), index, value)


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


def _of_file(picture: Picture) -> PlannedMedium:
    return PlannedMedium(file=picture.file.number, frame=picture.frame)


def _is_gap(medium: PlannedMedium) -> bool:
    return medium.kept is None and medium.file is None


def renewed_media(
    media: Sequence[PlannedMedium],
    shown: Sequence[str],
    contents: Sequence[tuple[str, int]],
    pictures: Sequence[Picture],
) -> tuple[list[PlannedMedium], list[Picture]]:
    """The pictures, renewed where a file of their name has other content; and the files left.

    ``shown`` and ``contents`` are the names of those that are there, and what they show:
    the content and the page of it. Each file goes with one picture at most: first with one
    of its content, then with the only one of its name.
    """
    by_content: defaultdict[tuple[str, int], deque[int]] = defaultdict(deque)
    waiting = {at: each.kept for at, each in enumerate(media) if each.kept is not None}
    for at, kept in waiting.items():
        by_content[contents[kept]].append(at)
    left: list[Picture] = []
    for picture in pictures:
        content = (picture.file.content_hash, picture.frame)
        if content[0] and by_content.get(content):
            del waiting[by_content[content].popleft()]
        else:
            left.append(picture)
    alike: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for at, kept in waiting.items():
        alike[same_name(shown[kept])].append(at)
    rivals = Counter(same_name(picture.called) for picture in left)
    renewed, fresh = list(media), []
    for picture in left:
        name = same_name(picture.called)
        if rivals[name] == 1 and len(places := alike.get(name, [])) == 1:
            at = places[0]
            renewed[at] = replace(media[at], file=picture.file.number, frame=picture.frame)
        else:
            fresh.append(picture)
    return renewed, fresh


def _with_pages_beside(
    media: Sequence[PlannedMedium],
    beside: Mapping[int, Sequence[Picture]],
    fresh: Sequence[Picture],
) -> tuple[list[PlannedMedium], list[Picture]]:
    """The pictures with new pages of a file behind those that are there; and the files left."""
    waiting = {picture.key: picture for picture in fresh}
    whole: list[PlannedMedium] = []
    for medium in media:
        whole.append(medium)
        for picture in beside.get(medium.kept, ()) if medium.kept is not None else ():
            if waiting.pop(picture.key, None):
                whole.append(_of_file(picture))
    return whole, list(waiting.values())
