"""Files that are sent for an import: taken in piece by piece, looked at, made ready.

What has arrived of a file is what lies on the disk, so a transfer goes on where it broke
off, whatever broke. A picture is judged by its content as soon as it is whole. Archives,
PDFs and photos of telephones are opened in a task.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.utils.file import hash_filelike

from core.media.conversion import heic_as_jpeg, is_heic, is_pdf, pdf_pages
from core.media.vetting import MAX_BYTES, MediaRefused, vet_document, vet_image
from core.tasks import is_waiting
from core.vietnamese import normalise
from exhibitions.importing.archives import RefusedArchive, contents_of, unpack_member
from exhibitions.importing.folder import file_path
from exhibitions.models import Import, ImportFile, ImportFileState

PIECE: Final = 4 * 1024 * 1024
"""Bytes of a piece, which a slow line sends within a minute."""
READ_AT_ONCE: Final = 256 * 1024
MOST_FILES: Final = 5_000
LARGEST_ARCHIVE: Final = 20 * 1024**3
SPARE: Final = 1024**3
"""Bytes that stay free on the disk."""
NAME_LENGTH: Final = 400

DOCUMENT_EXTENSIONS: Final = frozenset({"mp3", "mp4"})
IMAGE_EXTENSIONS: Final = {"jpeg": "jpg", "png": "png", "webp": "webp", "tiff": "tif"}
ZIP_HEADS: Final = (b"PK\x03\x04", b"PK\x05\x06")
TAKEN_ALONE: Final = frozenset({"docx", "xlsx", "odt", "ods", "xls", "csv"})


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
    parts = PurePosixPath(normalise(name).replace("\\", "/")).parts
    kept = [part.strip() for part in parts if part.strip() not in ("", ".", "..", "/")]
    return "/".join(kept)[-NAME_LENGTH:] or "tep"


def announce(job: Import, files: Iterable[Announced]) -> list[ImportFile]:
    """The row of each file that will be sent; one that was sent before is known again.

    A file of the same name and another size is another file. Raises NotNow.
    """
    named = [(clean_name(file.name), file.size) for file in files]
    coming = dict(named)
    there = {file.name: file for file in job.files.filter(name__in=coming)}
    new = [name for name in coming if name not in there]
    if job.files.count() + len(new) > MOST_FILES:
        raise NotNow(_("An import takes at most %(limit)d files.") % {"limit": MOST_FILES})
    _require_space(sum(coming[name] for name in new))
    for name in new:
        there[name] = ImportFile.objects.create(of_import=job, name=name, size=coming[name])
    for name, size in coming.items():
        if there[name].size != size:
            _begin_anew(there[name], size)
    return [there[name] for name, _size in named]


def _begin_anew(file: ImportFile, size: int) -> None:
    file_path(file).unlink(missing_ok=True)
    file.members.all().delete()
    file.size, file.state, file.reason, file.kind = size, ImportFileState.ARRIVING, "", ""
    file.image = file.document = None
    file.save()


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
    return arrived


def look_at(file: ImportFile) -> None:
    """Judge a file that is whole by its content; open it in the task where that takes time."""
    path = file_path(file)
    path.touch()
    with path.open("rb") as content:
        head = content.read(64)
    if head.startswith(ZIP_HEADS) and not _is_named(file, TAKEN_ALONE):
        _wait_for_the_task(file, "archive")
    elif is_pdf(head):
        _wait_for_the_task(file, "pdf")
    elif is_heic(head):
        _wait_for_the_task(file, "heic")
    else:
        _vet(file)


def _is_named(file: ImportFile, extensions: Iterable[str]) -> bool:
    return PurePosixPath(file.name).suffix.lower().lstrip(".") in extensions


def _wait_for_the_task(file: ImportFile, kind: str) -> None:
    file.kind, file.state = kind, ImportFileState.ARRIVED
    file.save(update_fields=["kind", "state"])
    if not is_waiting(open_files, file.of_import_id):
        open_files.enqueue(file.of_import_id)


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
    for each in (*file.members.all(), file):
        file_path(each).unlink(missing_ok=True)
    file.delete()


# In the task


@task(backend="jobs")
def open_files(import_id: int) -> None:
    """Unpack the archives, take PDFs apart and convert photos that have arrived."""
    with translation.override("vi"):
        while file := _next_to_open(import_id):
            openers = {"archive": _unpack, "pdf": _take_apart, "heic": _convert}
            try:
                openers[file.kind](file)
            except (MediaRefused, RefusedArchive) as refusal:
                file.members.all().delete()
                refuse(file, str(refusal))


def _next_to_open(import_id: int) -> ImportFile | None:
    waiting = ImportFile.objects.filter(of_import=import_id, state=ImportFileState.ARRIVED)
    return waiting.select_related("of_import").first()


def _unpack(archive: ImportFile) -> None:
    """Every file of an archive as one that was sent. What was unpacked before is not again."""
    path = file_path(archive)
    contents = contents_of(path)
    _require_space(sum(member.size for member in contents.members))
    for member in contents.members:
        file = _member(archive, clean_name(member.name), member.size)
        if file.state != ImportFileState.ARRIVING:
            continue
        try:
            unpack_member(path, member, file_path(file), limit=MAX_BYTES)
        except (RefusedArchive, MediaRefused) as refusal:
            refuse(file, str(refusal))
        else:
            look_at(file)
    for refused in contents.refused:
        refuse(_member(archive, clean_name(refused.name), 0), refused.reason)
    archive.state = ImportFileState.UNPACKED
    archive.save(update_fields=["state"])
    path.unlink(missing_ok=True)


def _member(archive: ImportFile, name: str, size: int) -> ImportFile:
    """The row of a file within an archive; two of one name get a number each."""
    job = archive.of_import
    own = archive.members.filter(name=name, size=size).first()
    if own is not None:
        own.of_import = job
        return own
    stem, suffix = str(PurePosixPath(name).with_suffix("")), PurePosixPath(name).suffix
    number, free = 1, name
    while job.files.filter(name=free).exists():
        number += 1
        free = f"{stem} ({number}){suffix}"
    return ImportFile.objects.create(of_import=job, archive=archive, name=free, size=size)


def _take_apart(pdf: ImportFile) -> None:
    """The pages of a PDF as scans."""
    with tempfile.TemporaryDirectory(dir=file_path(pdf).parent) as folder:
        pages = pdf_pages(file_path(pdf), Path(folder))
        for number, page in enumerate(pages, start=1):
            name = _("%(name)s, page %(number)d") % {"name": pdf.name, "number": number}
            with transaction.atomic():
                row, _made = ImportFile.objects.get_or_create(
                    of_import=pdf.of_import,
                    name=name[-NAME_LENGTH:],
                    defaults={"archive": pdf, "size": page.stat().st_size},
                )
            page.replace(file_path(row))
            _vet(row)
    pdf.state = ImportFileState.UNPACKED
    pdf.save(update_fields=["state"])
    file_path(pdf).unlink(missing_ok=True)


def _convert(photo: ImportFile) -> None:
    """A telephone's photo as a JPEG, under its own name."""
    path = file_path(photo)
    converted = path.with_suffix(".jpg")
    try:
        heic_as_jpeg(path, converted)
        converted.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            converted.unlink()
    _vet(photo)


def resume_opening() -> None:
    """A duty of the clockwork: open what arrived when a kill came in between."""
    waiting = ImportFile.objects.filter(state=ImportFileState.ARRIVED)
    for number in set(waiting.values_list("of_import", flat=True)):
        if not is_waiting(open_files, number):
            open_files.enqueue(number)
