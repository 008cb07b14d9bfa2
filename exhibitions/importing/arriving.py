"""Files that are sent for an import: taken in piece by piece, looked at, made ready.

What has arrived of a file is what lies on the disk, so a transfer goes on where it broke
off, whatever broke. A picture is judged by its content as soon as it is whole. Archives,
PDFs and photos of telephones are opened in a task.
"""

from __future__ import annotations

import fcntl
import logging
import re
import shutil
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.utils.file import hash_filelike

from core.media.conversion import heic_as_jpeg, is_heic, is_pdf, pdf_pages
from core.media.vetting import MAX_BYTES, MediaRefused, vet_document, vet_image
from core.tasks import is_waiting
from core.vietnamese import normalise
from exhibitions.importing.archives import (
    Contents,
    RefusedArchive,
    contents_of,
    unpack_member,
)
from exhibitions.importing.folder import file_path, said_of_a_full_disk
from exhibitions.models import Import, ImportFile, ImportFileState

logger = logging.getLogger(__name__)

PIECE: Final = 4 * 1024 * 1024
"""Bytes of a piece, which a slow line sends within a minute."""
READ_AT_ONCE: Final = 256 * 1024
MOST_FILES: Final = 5_000
LARGEST_ARCHIVE: Final = 20 * 1024**3
SPARE: Final = 1024**3
"""Bytes that stay free on the disk."""
NAME_LENGTH: Final = 400
UNSEEN: Final = ("Cc", "Cf", "Cs")
"""Categories of characters that nobody sees, or no database keeps; left out of names."""

DOCUMENT_EXTENSIONS: Final = frozenset({"mp3", "mp4"})
IMAGE_EXTENSIONS: Final = {"jpeg": "jpg", "png": "png", "webp": "webp", "tiff": "tif"}
ZIP_HEADS: Final = (b"PK\x03\x04", b"PK\x05\x06")
TAKEN_ALONE: Final = frozenset({"docx", "xlsx", "odt", "ods"})


class Readable(Protocol):
    """What a piece comes from: a request, or a file."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at its end."""


class NotNow(Exception):
    """The files cannot be taken in; ``str()`` is a finished sentence."""


class WrongPlace(Exception):
    """A piece does not begin where the file ends; ``arrived`` bytes are there."""

    def __init__(self, arrived: int) -> None:
        super().__init__(arrived)
        self.arrived = arrived


@dataclass(frozen=True)
class Announced:
    """A file that will be sent: its name with folders, and its bytes."""

    name: str
    size: int


def clean_name(name: str) -> str:
    """A name as it is shown and matched: composed letters, "/" between folders, no way out."""
    shown = "".join(each for each in normalise(name) if unicodedata.category(each) not in UNSEEN)
    parts = [part.strip() for part in shown.replace("\\", "/").split("/")]
    kept = "/".join(part for part in parts if part not in ("", ".", ".."))
    return kept[-NAME_LENGTH:].strip("/ ") or "tep"


def announce(job: Import, files: Iterable[Announced]) -> list[ImportFile]:
    """The row of each file that will be sent; one that was sent before is known again.

    A file of the same name and another size is another file, and so is the second of one
    name that is announced at once. Raises NotNow.
    """
    named = _told_apart([(clean_name(file.name), file.size) for file in files])
    coming = dict(named)
    if len(coming) > MOST_FILES:
        raise NotNow(said_of_too_many_files())
    for name, size in named:
        if size > LARGEST_ARCHIVE:
            said = _("“%(name)s” has more than %(limit)d GB. Send it as several archives.")
            raise NotNow(said % {"name": name, "limit": LARGEST_ARCHIVE // 1024**3})
    there = {file.name: file for file in job.files.filter(name__in=coming)}
    new = [name for name in coming if name not in there]
    if job.files.count() + len(new) > MOST_FILES:
        raise NotNow(said_of_too_many_files())
    anew = [name for name, file in there.items() if file.size != coming[name]]
    _require_space(sum(coming[name] for name in (*new, *anew)))
    for name in new:
        # Another window may announce the same files at the same moment.
        there[name], _made = ImportFile.objects.get_or_create(
            of_import=job, name=name, defaults={"size": coming[name]}
        )
    for name in anew:
        _begin_anew(there[name], coming[name])
    return [there[name] for name, _size in named]


def _told_apart(named: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The same with a number at the second of two names that are the same."""
    taken: set[str] = set()
    apart = []
    for name, size in named:
        taken.add(free := _free_name(name, taken.__contains__))
        apart.append((free, size))
    return apart


def _free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """``name``, or the first with a number that is not taken: "a (2).jpg"."""
    path = PurePosixPath(name)
    stem, suffix = str(path.with_suffix("")), path.suffix
    number, free = 1, name
    while is_taken(free):
        number += 1
        ending = f" ({number}){suffix}"
        free = f"{stem[: max(0, NAME_LENGTH - len(ending))]}{ending}"[-NAME_LENGTH:]
    return free


def said_of_too_many_files() -> str:
    """What people are told who send more files than one import takes."""
    return _("An import takes at most %(limit)d files.") % {"limit": MOST_FILES}


def _begin_anew(file: ImportFile, size: int) -> None:
    file_path(file).unlink(missing_ok=True)
    _forget_members(file)
    file.size, file.state, file.reason, file.kind = size, ImportFileState.ARRIVING, "", ""
    file.image = file.document = None
    file.save()


def _forget_members(file: ImportFile) -> None:
    """Remove what was found in ``file``: a PDF in an archive has pages in its turn."""
    for member in file.members.select_related("of_import"):
        _forget_members(member)
        file_path(member).unlink(missing_ok=True)
        member.delete()


def _require_space(bytes_coming: int) -> None:
    root = Path(settings.IMPORTS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free < bytes_coming + SPARE:
        raise NotNow(
            _(
                "There is not enough room on the portal's disk for these files. "
                "Tell the administrator."
            )
        )


def arrived_bytes(file: ImportFile) -> int:
    """How much of ``file`` has come."""
    if file.state != ImportFileState.ARRIVING:
        return file.size
    try:
        return file_path(file).stat().st_size
    except FileNotFoundError:
        return 0


def receive(file: ImportFile, offset: int, piece: Readable) -> int:
    """Take in a piece that begins at ``offset``; how many bytes are there then.

    Raises WrongPlace, and OSError when the disk is full; what came before stays.
    """
    if file.state != ImportFileState.ARRIVING:
        return file.size
    with file_path(file).open("ab") as target:
        # Two windows may send one file: the second finds that its piece is there already.
        fcntl.flock(target, fcntl.LOCK_EX)
        if not _still_arrives(file):
            return file.size
        arrived = target.seek(0, 2)
        if arrived != offset:
            raise WrongPlace(arrived)
        left = file.size - arrived
        while left > 0 and (data := piece.read(min(READ_AT_ONCE, left))):
            target.write(data)
            left -= len(data)
        target.flush()
        arrived = target.tell()
    if arrived >= file.size:
        look_at(file)
        if file.state == ImportFileState.ARRIVED and not is_waiting(open_files, file.of_import_id):
            open_files.enqueue(file.of_import_id)
    return arrived


def _still_arrives(file: ImportFile) -> bool:
    """Whether more of ``file`` is wanted, which another window may have ended or taken out."""
    state = ImportFile.objects.filter(pk=file.pk).values_list("state", flat=True).first()
    if state in (None, ImportFileState.REFUSED, ImportFileState.UNPACKED):
        file_path(file).unlink(missing_ok=True)  # nothing of such a file is kept
    if state is None:
        raise WrongPlace(0)
    if state != ImportFileState.ARRIVING:
        file.refresh_from_db()
    return state == ImportFileState.ARRIVING


def look_at(file: ImportFile) -> None:
    """Judge a file that is whole by its content; what takes time to open waits for the task."""
    with file_path(file).open("rb") as content:
        head = content.read(64)
    if head.startswith(ZIP_HEADS) and not _is_named(file, TAKEN_ALONE):
        _let_it_wait(file, "archive")
    elif is_pdf(head):
        _let_it_wait(file, "pdf")
    elif is_heic(head):
        _let_it_wait(file, "heic")
    else:
        _vet(file)


def _let_it_wait(file: ImportFile, kind: str) -> None:
    file.kind, file.state = kind, ImportFileState.ARRIVED
    file.save(update_fields=["kind", "state"])


def _is_named(file: ImportFile, extensions: Iterable[str]) -> bool:
    return PurePosixPath(file.name).suffix.lower().lstrip(".") in extensions


def _vet(file: ImportFile) -> None:
    path = file_path(file)
    try:
        with path.open("rb") as content:
            if _is_named(file, DOCUMENT_EXTENSIONS):
                facts = vet_document(content, file.name)
                file.kind, file.extension = "document", facts.extension
            else:
                picture = vet_image(content)
                file.kind, file.frames = "image", picture.frames
                file.extension = IMAGE_EXTENSIONS[picture.format]
            content.seek(0)
            file.content_hash = hash_filelike(content)
    except MediaRefused as refusal:
        refuse(file, str(refusal))
        return
    file.state, file.reason = ImportFileState.READY, ""
    file.save()


def refuse(file: ImportFile, reason: str) -> None:
    """Keep the reason, and not the content."""
    file_path(file).unlink(missing_ok=True)
    file.state, file.reason = ImportFileState.REFUSED, reason
    file.save()


def remove(file: ImportFile) -> None:
    """Take a file out of its import, with what was in it."""
    _forget_members(file)
    file_path(file).unlink(missing_ok=True)
    file.delete()


# In the task


@task(backend="jobs")
def open_files(import_id: int) -> None:
    """Unpack the archives, take PDFs apart and convert photos that have arrived.

    What there is no room for waits, and is tried again by the clockwork.
    """
    openers = {"archive": _unpack, "pdf": _take_apart, "heic": _convert}
    waiting: list[int] = []
    with translation.override("vi"):
        while file := _next_to_open(import_id, waiting):
            try:
                openers[file.kind](file)
            except (MediaRefused, RefusedArchive) as refusal:
                _forget_members(file)
                refuse(file, str(refusal))
            except NotNow as reason:
                waiting.append(_say_why_it_waits(file, str(reason)))
            except OSError:
                logger.exception("The file %d of an import could not be opened.", file.pk)
                if file_path(file).exists():
                    waiting.append(_say_why_it_waits(file, said_of_a_full_disk()))
                else:
                    _forget_members(file)
                    refuse(file, _("The file is not there any more. Send it once more."))


def _next_to_open(import_id: int, waiting: Iterable[int]) -> ImportFile | None:
    arrived = ImportFile.objects.filter(of_import=import_id, state=ImportFileState.ARRIVED)
    return arrived.exclude(pk__in=waiting).select_related("of_import").first()


def _say_why_it_waits(file: ImportFile, reason: str) -> int:
    file.reason = reason
    file.save(update_fields=["reason"])
    return file.pk


def _unpack(archive: ImportFile) -> None:
    """Every file of an archive as one that was sent. What was unpacked before is not again."""
    path = file_path(archive)
    contents = contents_of(path)
    _require_room(archive, contents)
    rows = _MembersFoundAgain(archive)
    for member in contents.members:
        file = rows.of(clean_name(member.name), member.size)
        if file.state != ImportFileState.ARRIVING:
            continue
        try:
            unpack_member(path, member, file_path(file), limit=MAX_BYTES)
        except (RefusedArchive, MediaRefused) as refusal:
            refuse(file, str(refusal))
        else:
            look_at(file)
    for refused in contents.refused:
        refuse(rows.of(clean_name(refused.name), 0), refused.reason)
    _end_of(archive)


def _end_of(container: ImportFile) -> None:
    """All that was in it is a file of its own now."""
    container.state, container.reason = ImportFileState.UNPACKED, ""
    container.save(update_fields=["state", "reason"])
    file_path(container).unlink(missing_ok=True)


def _require_room(archive: ImportFile, contents: Contents) -> None:
    """For all files of an archive, in the import and on the disk. Raises what keeps them out."""
    others = archive.of_import.files.exclude(state=ImportFileState.UNPACKED)
    others = others.exclude(pk=archive.pk).exclude(archive=archive)
    if others.count() + len(contents.members) + len(contents.refused) > MOST_FILES:
        raise RefusedArchive(said_of_too_many_files())
    there = archive.members.exclude(state=ImportFileState.ARRIVING)
    sizes = sum(there.values_list("size", flat=True))
    _require_space(sum(member.size for member in contents.members) - sizes)


class _MembersFoundAgain:
    """The rows of what is in one archive; after a kill each finds its own again.

    Rows are made in the order of the archive, so of several with one name and size the
    first that is left is the one.
    """

    def __init__(self, archive: ImportFile) -> None:
        self._archive = archive
        self._job = archive.of_import
        self._made: dict[tuple[str, int], list[ImportFile]] = defaultdict(list)
        for row in archive.members.order_by("pk"):
            self._made[_without_number(row.name), row.size].append(row)

    def of(self, name: str, size: int) -> ImportFile:
        """The row of the next file of that name and size; two of one name get a number each."""
        if made := self._made[_without_number(name), size]:
            row = made.pop(0)
            row.of_import = self._job
            return row
        free = _free_name(name, lambda each: self._job.files.filter(name=each).exists())
        return ImportFile.objects.create(
            of_import=self._job, archive=self._archive, name=free, size=size
        )


def _without_number(name: str) -> str:
    path = PurePosixPath(name)
    return re.sub(r" \(\d+\)$", "", str(path.with_suffix(""))) + path.suffix


def _take_apart(pdf: ImportFile) -> None:
    """The pages of a PDF as scans. Those that an interrupted attempt made are made anew."""
    _forget_members(pdf)
    with tempfile.TemporaryDirectory(dir=file_path(pdf).parent) as folder:
        rows = _MembersFoundAgain(pdf)
        for number, page in enumerate(pdf_pages(file_path(pdf), Path(folder)), start=1):
            name = _("%(name)s, page %(number)d") % {"name": pdf.name, "number": number}
            row = rows.of(name[-NAME_LENGTH:].strip("/ "), page.stat().st_size)
            page.replace(file_path(row))
            _vet(row)
    _end_of(pdf)


def _convert(photo: ImportFile) -> None:
    """A telephone's photo as a JPEG, under its own name."""
    path = file_path(photo)
    with path.open("rb") as content:
        is_converted = not is_heic(content.read(64))
    if not is_converted:
        converted = path.with_suffix(".jpg")
        try:
            heic_as_jpeg(path, converted)
            converted.replace(path)
        finally:
            converted.unlink(missing_ok=True)
    _vet(photo)


def resume_opening() -> None:
    """A duty of the clockwork: open what arrived when a kill came in between."""
    waiting = ImportFile.objects.filter(state=ImportFileState.ARRIVED)
    for number in set(waiting.values_list("of_import", flat=True)):
        if not is_waiting(open_files, number):
            open_files.enqueue(number)
