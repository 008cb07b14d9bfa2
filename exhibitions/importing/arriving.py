"""Files that are sent for an import: taken in piece by piece, looked at, made ready.

What has arrived of a file is what lies on the disk, so a transfer goes on where it broke
off, whatever broke. A picture is judged by its content as soon as it is whole. Archives,
PDFs and photos of telephones are opened in a task.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path, PurePosixPath
from typing import Any, Final, Protocol

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.utils.file import hash_filelike

from core.media.conversion import heic_as_jpeg, is_heic, is_pdf, pdf_pages
from core.media.vetting import MAX_BYTES, MediaRefused, vet_document, vet_image
from core.tasks import is_waiting
from core.vietnamese import normalise
from exhibitions.importing.archives import (
    Member,
    RefusedArchive,
    RefusedMember,
    contents_of,
    unpack_member,
)
from exhibitions.importing.folder import file_path, said_of_a_full_disk
from exhibitions.models import Import, ImportFile, ImportFileState, ImportState

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
NEVER_ARCHIVES: Final = frozenset(
    {"jpg", "jpeg", "png", "webp", "tif", "tiff", "heic", "heif", "pdf", *DOCUMENT_EXTENSIONS}
)
"""Names of files that are taken whole and so have a limit; any other may be an archive."""
BYTES_OF_A_PAGE: Final = 2 * 1024 * 1024
"""What a page of a PDF is reckoned to need on the disk; of A4 at 200 dpi it is less."""
MOST_ATTEMPTS: Final = 3
"""Openings of one file with which the process may die, before it is not opened any more."""


class Readable(Protocol):
    """What a piece comes from: a request, or a file."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at its end."""


class NotNow(Exception):
    """The files cannot be taken in; ``str()`` is a finished sentence."""


class TakenOut(Exception):
    """A file was taken out of its import, or is sent anew, while it was looked at."""


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
    """The row of each file that will be sent, in their order.

    One that was sent before, with the same name and size, is known again. One of another
    size takes its place, one that was refused may be sent once more, and the second of a
    name that is announced at once gets a number. A picture or document larger than any that
    is accepted has its row refused at once. Raises NotNow when none can be taken in: the
    import has begun, they are too many, or there is no room for them.
    """
    named = _told_apart([(clean_name(file.name), file.size) for file in files])
    coming = dict(named)
    if len(coming) > MOST_FILES:
        raise NotNow(said_of_too_many_files())
    for name, size in named:
        if size > LARGEST_ARCHIVE:
            said = _("“%(name)s” has more than %(limit)d GB. Send it as several archives.")
            raise NotNow(said % {"name": name, "limit": LARGEST_ARCHIVE // 1024**3})
    with transaction.atomic():
        _hold_while_preparing(job)
        there = _rows_of(job, coming)
    return [there[name] for name, _size in named]


def _hold_while_preparing(job: Import) -> None:
    """Let the import not begin, and no other window announce, until the transaction ends."""
    held = Import.objects.select_for_update().filter(pk=job.pk, state=ImportState.PREPARING)
    if held.first() is None:
        raise NotNow(_("This import has begun already."))


def _rows_of(job: Import, coming: dict[str, int]) -> dict[str, ImportFile]:
    there = {file.name: file for file in job.files.filter(name__in=coming)}
    new = [name for name in coming if name not in there]
    if job.files.count() + len(new) > MOST_FILES:
        raise NotNow(said_of_too_many_files())
    anew = [name for name, file in there.items() if _is_sent_anew(file, coming[name])]
    reasons = {name: _reason_against_size(name, coming[name]) for name in (*new, *anew)}
    _require_space(sum(coming[name] for name, reason in reasons.items() if not reason))
    for name in new:
        there[name] = ImportFile.objects.create(of_import=job, name=name, size=coming[name])
    for name in anew:
        _begin_anew(there[name], coming[name])
    for name, reason in reasons.items():
        if reason:
            refuse(there[name], reason)
    return there


def _is_sent_anew(file: ImportFile, size: int) -> bool:
    return file.size != size or file.state == ImportFileState.REFUSED


def _reason_against_size(name: str, size: int) -> str:
    """Why a file that has not come yet will not be accepted, or ""."""
    if size <= MAX_BYTES or _extension(name) not in NEVER_ARCHIVES:
        return ""
    megabyte = 1024**2
    return str(MediaRefused("too-big", size=-(-size // megabyte), limit=MAX_BYTES // megabyte))


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


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
    """Let ``file`` be sent from its beginning, on its own even if it came in an archive."""
    file_path(file).unlink(missing_ok=True)
    _forget_members(file)
    file.size, file.state, file.reason, file.kind = size, ImportFileState.ARRIVING, "", ""
    file.attempts = file.goes_on_at = 0
    file.image = file.document = file.archive = None
    file.save()


def _forget_members(file: ImportFile) -> None:
    """Remove what was found in ``file``: a PDF in an archive has pages in its turn."""
    for path in _delete_members(file):
        path.unlink(missing_ok=True)


@transaction.atomic
def _delete_members(file: ImportFile) -> list[Path]:
    """Delete the rows of what was found in ``file``; where the contents of these lie."""
    # Whoever opens it makes no row meanwhile, and finds out before the next. If it is opened
    # once more, then from its beginning.
    ImportFile.objects.filter(pk=file.pk).update(goes_on_at=0)
    found: list[ImportFile] = []
    within = [file.pk]
    while within:
        members = ImportFile.objects.select_for_update(of=("self",)).filter(archive__in=within)
        found += (deeper := list(members.select_related("of_import")))
        within = [each.pk for each in deeper]
    ImportFile.objects.filter(pk__in=[each.pk for each in found]).delete()
    return [file_path(each) for each in found]


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

    Raises WrongPlace, also for a file that was taken out meanwhile, and OSError when the
    disk is full; what came before stays.
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
        _look_at_the_whole(file)
    return arrived


def _look_at_the_whole(file: ImportFile) -> None:
    """Judge ``file``, which another window may do as well, or open it in a task."""
    try:
        look_at(file)
    except TakenOut:
        _still_arrives(file)
    if file.state == ImportFileState.ARRIVED and not is_waiting(open_files, file.of_import_id):
        open_files.enqueue(file.of_import_id)


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
    """Judge a file that is whole by its content; what takes time to open waits for the task.

    Raises TakenOut. What nobody foresaw is logged, and the file refused: it would happen
    each time it is looked at.
    """
    try:
        _judge(file)
    except FileNotFoundError as error:
        if _as_it_was(file).exists():
            raise
        raise TakenOut from error
    except (TakenOut, OSError, DatabaseError):
        raise
    except Exception:
        logger.exception("The file %d of an import could not be looked at.", file.pk)
        refuse(file, said_of_the_unforeseen())


def _judge(file: ImportFile) -> None:
    with file_path(file).open("rb") as content:
        head = content.read(64)
    if head.startswith(ZIP_HEADS) and _extension(file.name) not in TAKEN_ALONE:
        _become(file, ImportFileState.ARRIVED, kind="archive")
    elif is_pdf(head):
        _become(file, ImportFileState.ARRIVED, kind="pdf")
    elif is_heic(head):
        _become(file, ImportFileState.ARRIVED, kind="heic")
    else:
        _vet(file)


def _vet(file: ImportFile) -> None:
    told: dict[str, Any]
    try:
        with file_path(file).open("rb") as content:
            if _extension(file.name) in DOCUMENT_EXTENSIONS:
                facts = vet_document(content, file.name)
                told = {"kind": "document", "extension": facts.extension}
            else:
                picture = vet_image(content)
                told = {"kind": "image", "extension": IMAGE_EXTENSIONS[picture.format]}
                told["frames"] = picture.frames
            content.seek(0)
            told["content_hash"] = hash_filelike(content)
    except MediaRefused as refusal:
        refuse(file, str(refusal))
        return
    _become(file, ImportFileState.READY, reason="", **told)


def refuse(file: ImportFile, reason: str) -> None:
    """Keep the reason, and not the content. Raises TakenOut."""
    _become(file, ImportFileState.REFUSED, reason=reason)
    file_path(file).unlink(missing_ok=True)


def _become(file: ImportFile, state: ImportFileState, **told: Any) -> None:
    """Write what has become of ``file``; a row that has gone is not made once more.

    Raises TakenOut when it is not what it was when ``file`` was read.
    """
    if not _as_it_was(file).update(state=state, **told):
        raise TakenOut
    for name, value in {"state": state, **told}.items():
        setattr(file, name, value)


def _as_it_was(file: ImportFile) -> QuerySet[ImportFile]:
    """The row of ``file``, if it is in its import in the state and of the size it was read in."""
    return ImportFile.objects.filter(pk=file.pk, state=file.state, size=file.size)


def said_of_the_unforeseen() -> str:
    """What people are told of a file at which something happened that nobody foresaw."""
    return _(
        "Something unforeseen happened when the file was opened. Save it anew in the program "
        "it was made with and send that; tell the administrator if that does not help."
    )


def remove(file: ImportFile) -> None:
    """Take a file out of its import, with what was in it.

    Also one that never came to its end, or that is being opened at this moment: then what
    opens it finds out, and leaves nothing either.
    """
    with transaction.atomic():
        paths = [*_delete_members(file), file_path(file)]
        file.delete()
    for path in paths:
        path.unlink(missing_ok=True)


# In the task


@task(backend="jobs")
def open_files(import_id: int) -> None:
    """Unpack the archives, take PDFs apart and convert photos that have arrived.

    What there is no room for waits, and is tried again by the clockwork. A file at which
    something happens that nobody foresaw, or with which the process dies time and again, is
    refused: it would happen for ever.
    """
    waiting: list[int] = []
    with translation.override("vi"):
        while file := _next_to_open(import_id, waiting):
            try:
                is_done = _open(file)
            except TakenOut:
                _leave_nothing_of(file)
            else:
                if not is_done:
                    waiting.append(file.pk)


def _open(file: ImportFile) -> bool:
    """Open ``file``, or refuse it; False when it has to wait. Raises TakenOut."""
    openers = {"archive": _unpack, "pdf": _take_apart, "heic": _convert}
    try:
        openers[file.kind](file)
    except (MediaRefused, RefusedArchive) as refusal:
        return _refuse_whole(file, str(refusal))
    except NotNow as reason:
        return _let_it_wait(file, str(reason))
    except OSError:
        logger.exception("The file %d of an import could not be opened.", file.pk)
        if file_path(file).exists():
            return _let_it_wait(file, said_of_a_full_disk())
        return _refuse_whole(file, said_of_a_lost_file())
    except (TakenOut, OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("The file %d of an import could not be opened.", file.pk)
        return _refuse_whole(file, said_of_the_unforeseen())
    return True


def said_of_a_lost_file() -> str:
    """What people are told of a file whose content has gone from the disk."""
    return _("The file is not there any more. Send it once more.")


def _refuse_whole(file: ImportFile, reason: str) -> bool:
    _forget_members(file)
    refuse(file, reason)
    return True


def _let_it_wait(file: ImportFile, reason: str) -> bool:
    _become(file, ImportFileState.ARRIVED, reason=reason)
    return False


def _leave_nothing_of(file: ImportFile) -> None:
    """Remove what was made of a file after it was taken out, or begun anew."""
    _forget_members(file)
    if not ImportFile.objects.filter(pk=file.pk).exists():
        file_path(file).unlink(missing_ok=True)


def _next_to_open(import_id: int, waiting: Iterable[int]) -> ImportFile | None:
    arrived = ImportFile.objects.filter(of_import=import_id, state=ImportFileState.ARRIVED)
    return arrived.exclude(pk__in=waiting).select_related("of_import").first()


@contextmanager
def _attempt(file: ImportFile) -> Iterator[None]:
    """Have it known, while ``file`` is opened, that it is: the process may die with it.

    Of what kills a process nothing is told but this, so it is written before. Whatever else
    ends the opening takes it back: a success, a refusal, a full disk, and the end of a worker
    that was asked to stop. Raises RefusedArchive when the process has died of ``file`` as
    often as it may.
    """
    before = file.attempts
    if before >= MOST_ATTEMPTS:
        raise RefusedArchive(said_of_broken_attempts())
    _count_attempts(file, before, before + 1)
    # ``atexit`` is not heard in a process that was forked, as the supervisor forks the worker.
    stopped_in_order = Finalize(None, _count_attempts, (file, before + 1, before), exitpriority=0)
    try:
        yield
    except Exception:
        _count_attempts(file, before + 1, before)
        raise
    else:
        _count_attempts(file, before + 1, 0)
    finally:
        stopped_in_order.cancel()


def _count_attempts(file: ImportFile, before: int, after: int) -> None:
    """Write it at once, unless ``file`` was begun anew and its attempts with it."""
    with transaction.atomic(durable=True):
        ImportFile.objects.filter(pk=file.pk, attempts=before).update(attempts=after)


def said_of_broken_attempts() -> str:
    """What people are told of a file at which the portal broke down as often as it may."""
    return _(
        "The portal broke down several times when it opened this file. Open it on your "
        "computer, save it anew and send that; tell the administrator if that does not help."
    )


def _unpack(archive: ImportFile) -> None:
    """Every file of an archive as one that was sent. What was unpacked before is not again."""
    with _attempt(archive):
        contents = contents_of(file_path(archive))
    found = _Found(archive)
    everything: list[Member | RefusedMember] = [*contents.members, *contents.refused]
    left = sorted(
        (each for each in everything if found.is_left(each.index)), key=lambda each: each.index
    )
    _require_room(archive, left)
    for each in left:
        size = each.size if isinstance(each, Member) else 0
        file = found.row_of(each.index, clean_name(each.name), size)
        try:
            if isinstance(each, Member):
                _unpack_one(archive, each, file)
            else:
                refuse(file, each.reason)
        except TakenOut:
            # Somebody did not want this one; whether the archive is wanted, the next finds out.
            _leave_nothing_of(file)
    _end_of(archive)


def _unpack_one(archive: ImportFile, member: Member, file: ImportFile) -> None:
    try:
        with _attempt(file):
            unpack_member(file_path(archive), member, file_path(file), limit=MAX_BYTES)
            look_at(file)
    except (RefusedArchive, MediaRefused) as refusal:
        refuse(file, str(refusal))


def _end_of(container: ImportFile) -> None:
    """All that was in it is a file of its own now."""
    _become(container, ImportFileState.UNPACKED, reason="")
    file_path(container).unlink(missing_ok=True)


def _require_room(archive: ImportFile, left: Sequence[Member | RefusedMember]) -> None:
    """For what is left of an archive, in the import and on the disk. Raises what keeps it out."""
    if len(left) > _places_left(archive):
        raise RefusedArchive(said_of_too_many_files())
    _require_space(sum(each.size for each in left if isinstance(each, Member)))


def _places_left(container: ImportFile) -> int:
    """How many files the import takes of those that are left in ``container``."""
    others = container.of_import.files.exclude(state=ImportFileState.UNPACKED)
    broken_off = {"archive": container, "state": ImportFileState.ARRIVING}
    return MOST_FILES - others.exclude(pk=container.pk).exclude(**broken_off).count()


class _Found:
    """The rows of what is found in one archive or PDF, place after place.

    Each is made together with the note of how far the opening has come. So after a kill
    it goes on there, with the row it may have left half made, and what somebody took out
    meanwhile is not found once more.
    """

    def __init__(self, container: ImportFile) -> None:
        self._container = container
        self._broken_off = container.members.filter(state=ImportFileState.ARRIVING).first()
        self._goes_on_at = container.goes_on_at - (self._broken_off is not None)

    def is_left(self, place: int) -> bool:
        """Whether what stands at ``place`` has not come yet."""
        return place >= self._goes_on_at

    def row_of(self, place: int, name: str, size: int) -> ImportFile:
        """The row of what stands at ``place``; the second of one name gets a number.

        Raises TakenOut when the archive is not there any more.
        """
        job = self._container.of_import
        if self._broken_off is not None and place == self._goes_on_at:
            self._broken_off.of_import = job
            return self._broken_off
        with transaction.atomic():
            # Nobody takes the archive out until the row is there.
            if not _as_it_was(self._container).update(goes_on_at=place + 1):
                raise TakenOut
            free = _free_name(name, lambda each: job.files.filter(name=each).exists())
            return ImportFile.objects.create(
                of_import=job, archive=self._container, name=free, size=size
            )


def _take_apart(pdf: ImportFile) -> None:
    """The pages of a PDF as scans. What came before an interruption is drawn, and left."""
    path, places, found = file_path(pdf), _places_left(pdf), _Found(pdf)

    def require_room(pages: int) -> None:
        if sum(map(found.is_left, range(1, pages + 1))) > places:
            raise RefusedArchive(said_of_too_many_files())
        _require_space(pages * BYTES_OF_A_PAGE)

    with (
        _attempt(pdf),
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".opening-") as folder,
    ):
        pages = pdf_pages(path, Path(folder), before_drawing=require_room)
        for number, page in enumerate(pages, start=1):
            if not found.is_left(number):
                continue
            name = _("%(name)s, page %(number)d") % {"name": pdf.name, "number": number}
            row = found.row_of(number, name[-NAME_LENGTH:].strip("/ "), page.stat().st_size)
            try:
                page.replace(file_path(row))
                look_at(row)
            except TakenOut:
                # As in an archive: whether the PDF is wanted, the next finds out.
                _leave_nothing_of(row)
    _end_of(pdf)


def _convert(photo: ImportFile) -> None:
    """A telephone's photo as a JPEG, under its own name."""
    path = file_path(photo)
    with _attempt(photo):
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
