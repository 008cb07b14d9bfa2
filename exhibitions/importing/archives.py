"""The ZIP of scans an editor sends: what is in it, and one file of it unpacked at a time.

The archive is a stranger's: it may have been made to fill the disk, to write where it
should not, or on a computer that wrote names in its own code page. So names only ever
serve for showing and matching; where a file is unpacked to is said by the caller. What
cannot be taken is listed with its reason, and the rest goes on.

The directory is read here and not by ``zipfile``, which decodes names by one code page,
reads a directory of any length, and would read it again for each file unpacked. The
numbers of sections are those of PKWARE's APPNOTE.TXT 6.3.10.
"""

from __future__ import annotations

import functools
import secrets
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from core.media.vetting import MediaRefused, vet_document

#: Files in one archive, without what is left out.
MAX_FILES: Final = 5_000
#: Bytes all files of an archive may say they unpack to.
MAX_UNPACKED: Final = 20 * 1024**3
#: A file that unpacks to more than this many bytes, and more than this many times what
#: it has in the archive, was made to fill the disk: a scan never shrinks that far.
BOMB_SIZE: Final = 50 * 1024**2
BOMB_RATIO: Final = 200
#: Bytes and entries of the directory; macOS writes two entries a file.
MAX_DIRECTORY: Final = 32 * 1024**2
MAX_ENTRIES: Final = 50_000
#: Characters of a path.
MAX_NAME: Final = 1_000

_CHUNK: Final = 1024 * 1024
_SHOWN: Final = 200

_LEFT_OUT_NAMES: Final = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini"))
_LEFT_OUT_FOLDERS: Final = frozenset(("__macosx", "$recycle.bin", "system volume information"))
_ARCHIVE_SUFFIXES: Final = frozenset(
    (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zipx", ".cab", ".iso")
)
#: How other archives begin.
_RAR: Final = b"Rar!\x1a\x07"
_SEVEN_ZIP: Final = b"7z\xbc\xaf\x27\x1c"
_OTHER_ARCHIVES: Final = (_RAR, _SEVEN_ZIP, b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"MSCF")
#: In the head of spreadsheets and the like of LibreOffice.
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis.opendocument."
#: What a document's package is refused for when it is none.
_NO_DOCUMENT: Final = ("misnamed", "unsupported-document")


class RefusedArchive(ValueError):
    """The archive, or the file asked for, is not taken; ``str()`` is a finished sentence."""


@dataclass(frozen=True)
class Member:
    """A file that can be unpacked.

    ``name`` is its path in the archive, NFC, with "/" between folders, for showing and
    matching; never where it is written to. ``size`` is the bytes it says it has, and
    ``index`` its place in the directory, which tells files of the same name apart.
    """

    name: str
    basename: str
    size: int
    index: int


@dataclass(frozen=True)
class RefusedMember:
    """A file that is not taken; ``reason`` is a finished, translated sentence.

    ``index`` is its place in the directory, as that of a :class:`Member`.
    """

    name: str
    reason: str
    index: int


@dataclass(frozen=True)
class Contents:
    """What is in an archive, in its own order.

    ``left_out`` counts what nobody sent on purpose: folders, and the files in which
    Windows, macOS and Office keep notes of their own.
    """

    members: tuple[Member, ...]
    refused: tuple[RefusedMember, ...]
    left_out: int


def contents_of(archive: Path) -> Contents:
    """What is in the ZIP ``archive``; nothing is unpacked.

    :raises RefusedArchive: it is no ZIP, cut, damaged, in several parts, or too large.
    """
    directory = _directory_of(archive)
    members: list[Member] = []
    refused: list[RefusedMember] = []
    left_out = 0
    for index, entry in enumerate(directory.entries):
        name = _shown(entry.name)
        unsafe = _reason_against_name(entry.name)
        if _is_folder(entry) or (not unsafe and _is_left_out(name)):
            left_out += 1
        elif reason := unsafe or _reason_against(entry, index in directory.overlapping):
            refused.append(RefusedMember(name, reason, index))
        else:
            members.append(Member(name, PurePosixPath(name).name, entry.size, index))
    if len(members) + len(refused) > MAX_FILES:
        raise _too_many_files()
    if sum(member.size for member in members) > MAX_UNPACKED:
        raise RefusedArchive(
            _(
                "The archive would unpack to more than %(limit)s GB. "
                "Split it into several archives and import them one after the other."
            )
            % {"limit": MAX_UNPACKED // 1024**3}
        )
    return Contents(tuple(members), tuple(refused), left_out)


def unpack_member(archive: Path, member: Member, target: Path, *, limit: int) -> None:
    """Unpack one file of ``archive`` to ``target``, whole or not at all.

    ``target`` is the caller's choice alone, in a folder that exists; a file of that name
    is replaced.

    :param limit: bytes the file may have at most.
    :raises RefusedArchive: the file is larger, damaged, or an archive itself, or the
        archive is not the one ``member`` was found in. Other files may still be good.
    """
    directory = _directory_of(archive)
    in_directory = 0 <= member.index < len(directory.entries)
    entry = directory.entries[member.index] if in_directory else None
    if entry is None or (_shown(entry.name), entry.size) != (member.name, member.size):
        raise RefusedArchive(_("The archive has been changed meanwhile. Import it once more."))
    is_overlapping = member.index in directory.overlapping
    if reason := _reason_against_name(entry.name) or _reason_against(entry, is_overlapping):
        raise RefusedArchive(reason)
    if entry.size > limit:
        megabyte = 1024**2
        raise RefusedArchive(
            _(
                "The file has %(size)s MB; at most %(limit)s MB are accepted. "
                "Make a smaller file and import that."
            )
            % {"size": -(-entry.size // megabyte), "limit": limit // megabyte}
        )
    unfinished = target.with_name(f".unpacking-{secrets.token_hex(8)}")
    try:
        with archive.open("rb") as source, unfinished.open("xb") as file:
            _write(_unpacked(source, entry), entry, file)
        _refuse_archive_inside(unfinished, member.basename)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


# --- The directory ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Entry:
    """One entry of the directory. ``start`` and ``data`` are places in the file.

    ``start`` is that of the file's own header, ``data`` that of its bytes, or None where
    that header is not to be found.
    """

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    attributes: int
    start: int
    data: int | None


@dataclass(frozen=True)
class _Directory:
    """The entries, and the places among them of those that share bytes with others."""

    entries: tuple[_Entry, ...]
    overlapping: frozenset[int]


@dataclass(frozen=True)
class _Whereabouts:
    """Where the directory stands: place, length, and what is to be added to its places."""

    place: int
    length: int
    shift: int


_END: Final = struct.Struct("<4s4H2LH")  # 4.3.16
_END_64_LOCATOR: Final = struct.Struct("<4sLQL")  # 4.3.15
_END_64: Final = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_ENTRY: Final = struct.Struct("<4s4B4H3L5H2L")  # 4.3.12
_HEADER: Final = struct.Struct("<4s5H3L2H")  # 4.3.7
_LONGEST_COMMENT: Final = 0xFFFF
#: Where a number stands that does not fit: it is in the extra field then (4.5.3).
_ELSEWHERE: Final = 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
#: Bits of the flags (4.4.4).
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_PATCH: Final = 0x0020
_UTF_8: Final = 0x0800
#: Extra fields (4.5.3, 4.6.9).
_ZIP_64: Final = 0x0001
_UNICODE_PATH: Final = 0x7075


def _directory_of(archive: Path) -> _Directory:
    """The directory of ``archive``, read again only when the file is another one."""
    facts = archive.stat()
    return _read_directory(archive, facts.st_ino, facts.st_size, facts.st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _read_directory(archive: Path, inode: int, size: int, changed: int) -> _Directory:
    """The directory as it is. ``inode`` and ``changed`` only tell files apart."""
    with archive.open("rb") as file:
        whereabouts = _find_directory(file, size)
        file.seek(whereabouts.place)
        raw = list(_raw_entries(file.read(whereabouts.length)))
        names = _decoded([each.name_field for each in raw])
        entries = tuple(
            _entry(file, each, name, whereabouts) for each, name in zip(raw, names, strict=True)
        )
    return _Directory(entries, _overlapping(entries))


def _find_directory(file: BinaryIO, size: int) -> _Whereabouts:
    """Read the end of the archive, which tells where its directory is."""
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - _END.size) + 4)
    if found < 0 or found + _END.size > len(tail):
        raise _no_end(file)
    _sign, disk, first_disk, _here, _count, length, place, _rest = _END.unpack_from(tail, found)
    end = start + found
    if _is_in_parts(disk, first_disk):
        raise _in_parts()
    locator = end - _END_64_LOCATOR.size
    if locator >= 0:
        file.seek(locator)
        sign, _disk, end_64, disks = _END_64_LOCATOR.unpack(file.read(_END_64_LOCATOR.size))
        if sign == b"PK\x06\x07":
            if disks > 1:
                raise _in_parts()
            end, length, place = _find_directory_64(file, end_64, locator)
    # What stands before the archive, as in one that unpacks itself, moves all places.
    shift = end - length - place
    # macOS cuts the places of a large archive to 32 bits, and the sizes of its files.
    if shift < 0 or (shift and shift % (_ELSEWHERE + 1) == 0):
        raise _damaged()
    if length > MAX_DIRECTORY:
        raise _too_many_files()
    return _Whereabouts(place + shift, length, shift)


def _find_directory_64(file: BinaryIO, place: int, locator: int) -> tuple[int, int, int]:
    """Where the end of a large archive stands, and length and place of its directory."""
    # It stands right before its locator, also where something was put before it all.
    for start in (locator - _END_64.size, place):
        if start < 0 or start + _END_64.size > locator:
            continue
        file.seek(start)
        fields = _END_64.unpack(file.read(_END_64.size))
        if fields[0] == b"PK\x06\x06":
            if _is_in_parts(fields[4], fields[5]):
                raise _in_parts()
            return start, fields[8], fields[9]
    raise _damaged()


def _is_in_parts(disk: int, first_disk: int) -> bool:
    return disk not in (0, 0xFFFF) or first_disk not in (0, 0xFFFF)


@dataclass(frozen=True)
class _NameField:
    """A name as it is written: its bytes, whether they say they are UTF-8, extra fields."""

    raw: bytes
    is_utf_8: bool
    extra: bytes


@dataclass(frozen=True)
class _RawEntry:
    """An entry as it is written; places not yet shifted."""

    name_field: _NameField
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    attributes: int
    place: int


def _raw_entries(listing: bytes) -> Iterator[_RawEntry]:
    position = count = 0
    while position < len(listing):
        count += 1
        if count > MAX_ENTRIES:
            raise _too_many_files()
        if len(listing) - position < _ENTRY.size:
            raise _damaged()
        fields = _ENTRY.unpack_from(listing, position)
        if fields[0] != b"PK\x01\x02":
            raise _damaged()
        flags, method, _time, _date, checksum, packed, size = fields[5:12]
        name_length, extra_length, comment_length, _disk, _internal = fields[12:17]
        attributes, place = fields[17:19]
        name_at = position + _ENTRY.size
        extra_at = name_at + name_length
        raw, extra = listing[name_at:extra_at], listing[extra_at : extra_at + extra_length]
        position = extra_at + extra_length + comment_length
        if position > len(listing):
            raise _damaged()
        size, packed, place = _large_numbers(extra, size, packed, place)
        name_field = _NameField(raw, bool(flags & _UTF_8), extra)
        yield _RawEntry(name_field, flags, method, checksum, packed, size, attributes, place)


def _large_numbers(extra: bytes, *numbers: int) -> tuple[int, ...]:
    """``numbers`` with those that stand elsewhere taken from the extra field, in order."""
    if _ELSEWHERE not in numbers:
        return numbers
    field = _extra_field(extra, _ZIP_64)
    found: list[int] = []
    for number in numbers:
        if number == _ELSEWHERE:
            if len(field) < 8:
                raise _damaged()
            number, field = int.from_bytes(field[:8], "little"), field[8:]
        found.append(number)
    return tuple(found)


def _extra_field(extra: bytes, wanted: int) -> bytes:
    """The content of one extra field (4.5.1); empty where there is none."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        if kind == wanted:
            return extra[position + 4 : position + 4 + length]
        position += 4 + length
    return b""


def _entry(file: BinaryIO, raw: _RawEntry, name: str, whereabouts: _Whereabouts) -> _Entry:
    """The entry with the place of its data, which only the file's own header tells."""
    start = raw.place + whereabouts.shift
    data: int | None = None
    if start + _HEADER.size <= whereabouts.place:
        file.seek(start)
        fields = _HEADER.unpack(file.read(_HEADER.size))
        data = start + _HEADER.size + fields[9] + fields[10]
        if fields[0] != b"PK\x03\x04" or data + raw.packed > whereabouts.place:
            data = None
    return _Entry(
        name,
        raw.flags,
        raw.method,
        raw.checksum,
        raw.packed,
        raw.size,
        raw.attributes,
        start,
        data,
    )


def _overlapping(entries: tuple[_Entry, ...]) -> frozenset[int]:
    """Places in the directory of files that share bytes, as only bombs have them."""
    spans = sorted(
        (entry.start, entry.data + entry.packed, index)
        for index, entry in enumerate(entries)
        if entry.data is not None
    )
    found: set[int] = set()
    reach, reaching = 0, -1
    for start, end, index in spans:
        if start < reach:
            found |= {index, reaching}
        if end > reach:
            reach, reaching = end, index
    return frozenset(found)


# --- Names -----------------------------------------------------------------------------------

#: Code pages of names that do not say they are UTF-8, the likelier first: Vietnamese
#: Windows, Windows in English (as all of DOS), western Windows.
_CODE_PAGES: Final = ("cp1258", "cp437", "cp1252")
#: How little a character other than ASCII is to be expected in a name.
_UNUSUAL, _MISPLACED, _NONSENSE = 1, 3, 20
_IMPOSSIBLE: Final = 10_000
_TYPOGRAPHY: Final = frozenset("‘’“”–—…«»°·\u00a0")
_BASE_LETTERS: Final = "aăâeêioôơuưy"
_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_VIETNAMESE: Final = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for base in _BASE_LETTERS
    for letter in (base, base.upper())
    for tone in ("", *_TONES)
) | frozenset("đĐ")


def _decoded(fields: Sequence[_NameField]) -> list[str]:
    """The names, composed (NFC).

    In this order: a Unicode path in the extra field that belongs to the name as it is
    written (Info-ZIP, WinRAR); UTF-8 where the flag says so (7-Zip, Windows where its
    code page lacks a letter); UTF-8 where the bytes are, flag or not (macOS, Linux);
    else the code page by whose letters the name looks most like Vietnamese or English.
    Where one name alone cannot decide it, all names of the archive do: one computer
    wrote them.
    """
    certain = [_certainly(field) for field in fields]
    doubtful = [field.raw for field, name in zip(fields, certain, strict=True) if name is None]
    costs = {raw: [_improbability(raw, page) for page in _CODE_PAGES] for raw in set(doubtful)}
    totals = [sum(costs[raw][page] for raw in doubtful) for page in range(len(_CODE_PAGES))]

    def guessed(raw: bytes) -> str:
        page = min(range(len(_CODE_PAGES)), key=lambda page: (costs[raw][page], totals[page]))
        return raw.decode(_CODE_PAGES[page])

    return [
        unicodedata.normalize("NFC", guessed(field.raw) if name is None else name)
        for field, name in zip(fields, certain, strict=True)
    ]


def _certainly(field: _NameField) -> str | None:
    """The name where it is in Unicode, else None."""
    extra = _extra_field(field.extra, _UNICODE_PATH)
    if extra[:1] == b"\1" and extra[1:5] == zlib.crc32(field.raw).to_bytes(4, "little"):
        try:
            return extra[5:].decode()
        except UnicodeDecodeError:
            pass
    try:
        return field.raw.decode()
    except UnicodeDecodeError:
        # Also where the flag says it is: some programs set it for any name.
        return None


def _improbability(raw: bytes, page: str) -> int:
    """How unlike a name in Vietnamese or English ``raw`` would be by the code page."""
    try:
        name = unicodedata.normalize("NFC", raw.decode(page))
    except UnicodeDecodeError:
        return _IMPOSSIBLE
    return sum(
        _improbability_of(name[index - 1 : index], character, name[index + 1 : index + 2])
        for index, character in enumerate(name)
        if not character.isascii()
    )


def _improbability_of(before: str, character: str, after: str) -> int:
    """That of one character; a mark without its letter is nonsense like a frame's line."""
    if character in _TYPOGRAPHY:
        return _MISPLACED if before.isalpha() and after.isalpha() else _UNUSUAL
    if character not in _VIETNAMESE:
        if not (character.isalpha() and unicodedata.name(character, "").startswith("LATIN")):
            return _NONSENSE
        return _UNUSUAL if before.isalpha() or after.isalpha() else _MISPLACED
    # Read by another page, the marks of Vietnamese Windows are capitals within words.
    is_capital_inside = before.islower() and character.isupper()
    return _UNUSUAL if is_capital_inside or (character.islower() and after.isupper()) else 0


def _shown(name: str) -> str:
    """The path for people: without control characters, empty folders and "."; cut if long."""
    visible = "".join(each for each in name if unicodedata.category(each) not in ("Cc", "Cf"))
    path = "/".join(part for part in visible.split("/") if part not in ("", "."))
    return path if len(path) <= MAX_NAME else f"{path[:_SHOWN]}…"


# --- What is not taken -----------------------------------------------------------------------


def _is_folder(entry: _Entry) -> bool:
    is_marked = bool(entry.attributes & 0x10) or stat.S_ISDIR(entry.attributes >> 16)
    return entry.size == 0 and (is_marked or entry.name.endswith(("/", "\\")))


def _is_left_out(name: str) -> bool:
    *folders, basename = name.lower().split("/")
    return (
        basename in _LEFT_OUT_NAMES
        or basename.startswith("~$")
        or any(part.startswith(".") for part in (*folders, basename))
        or any(folder in _LEFT_OUT_FOLDERS for folder in folders)
    )


def _reason_against(entry: _Entry, overlaps: bool) -> str:
    """Why a file with a good name is not taken, as a finished sentence; empty when it is."""
    mode = stat.S_IFMT(entry.attributes >> 16)
    if mode not in (0, stat.S_IFREG):
        return _("This is a link or another special file. Put the file itself into the archive.")
    if entry.flags & _ENCRYPTED:
        return _("The file is locked with a password. Make the archive without a password.")
    if entry.method not in (_STORED, _DEFLATED) or entry.flags & _PATCH:
        return _(
            "The file is packed in a way that cannot be read. "
            "Make the archive with the usual ZIP method (“Deflate”)."
        )
    if PurePosixPath(entry.name).suffix.lower() in _ARCHIVE_SUFFIXES:
        return _archive_inside()
    if entry.data is None:
        return _damaged_file()
    if overlaps or _is_bomb(entry.size, entry.packed):
        return _bomb()
    return ""


def _reason_against_name(name: str) -> str:
    """Why a file of this name is not taken, as a finished sentence; empty when it is."""
    if len(name) > MAX_NAME:
        return _("The name with its folders is too long. Shorten it and make the archive again.")
    has_drive = len(name) > 1 and name[1] == ":" and name[0].isascii() and name[0].isalpha()
    if name.startswith("/") or ".." in name.split("/") or has_drive:
        return _(
            "The name leads out of the archive. "
            "Make the archive again from the folder with the usual program of your computer."
        )
    if "\\" in name or "\0" in name:
        return _(
            "The name has characters that no computer allows in the name of a file. "
            "Make the archive again with the usual program of your computer."
        )
    if not _shown(name):
        return _("The file has no name.")
    return ""


def _is_bomb(size: int, packed: int) -> bool:
    return size > BOMB_SIZE and size > BOMB_RATIO * packed


def _refuse_archive_inside(path: Path, basename: str) -> None:
    """An archive under whatever name is refused; a package of Word or Excel is none."""
    with path.open("rb") as file:
        head = file.read(100)
        if head.startswith(_OTHER_ARCHIVES):
            raise RefusedArchive(_archive_inside())
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and _OPEN_DOCUMENT not in head:
            try:
                vet_document(file, basename)
            except MediaRefused as refused:
                # A document that is damaged or has macros is told so when it is taken in.
                if refused.code in _NO_DOCUMENT:
                    raise RefusedArchive(_archive_inside()) from refused


# --- Unpacking -------------------------------------------------------------------------------


def _unpacked(source: BinaryIO, entry: _Entry) -> Iterator[tuple[bytes, int]]:
    """The file piece by piece, each with the bytes of the archive read until then."""
    if entry.data is None:
        raise RefusedArchive(_damaged_file())
    source.seek(entry.data)
    left = entry.packed
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == _DEFLATED else None
    while left:
        packed = source.read(min(_CHUNK, left))
        if not packed:
            raise RefusedArchive(_damaged_file())
        left -= len(packed)
        if inflater is None:
            yield packed, entry.packed - left
            continue
        while packed:
            piece = inflater.decompress(packed, _CHUNK)
            packed = inflater.unconsumed_tail
            yield piece, entry.packed - left - len(packed)
        if inflater.eof:
            return
    if inflater is not None:
        # A last few kilobytes, for which no more has to be read.
        yield inflater.flush(), entry.packed


def _write(pieces: Iterator[tuple[bytes, int]], entry: _Entry, file: BinaryIO) -> None:
    """Write the file, and refuse it at the first byte that is more than it said it has."""
    written = checksum = 0
    try:
        for piece, read in pieces:
            written += len(piece)
            if written > entry.size:
                raise RefusedArchive(_damaged_file())
            if _is_bomb(written, read):
                raise RefusedArchive(_bomb())
            checksum = zlib.crc32(piece, checksum)
            file.write(piece)
    except zlib.error as error:
        raise RefusedArchive(_damaged_file()) from error
    if (written, checksum) != (entry.size, entry.checksum):
        raise RefusedArchive(_damaged_file())


# --- Sentences -------------------------------------------------------------------------------


def _archive_inside() -> str:
    return _("This is an archive in the archive. Unpack it, and make one archive of all files.")


def _bomb() -> str:
    return _("The file would unpack to more than is reasonable and is not accepted.")


def _damaged_file() -> str:
    return _("The file is damaged in the archive. Make the archive again and import it once more.")


def _damaged() -> RefusedArchive:
    return RefusedArchive(
        _(
            "The archive is damaged. Make it again, at best as several archives of less "
            "than 4 GB, and import it once more."
        )
    )


def _in_parts() -> RefusedArchive:
    return RefusedArchive(
        _(
            "This is one part of an archive in several parts. "
            "Make several archives that can each be opened alone."
        )
    )


def _too_many_files() -> RefusedArchive:
    return RefusedArchive(
        _(
            "The archive has more than %(limit)s files. "
            "Split it into several archives and import them one after the other."
        )
        % {"limit": MAX_FILES}
    )


def _no_end(file: BinaryIO) -> RefusedArchive:
    """The right sentence for a file without the end of a ZIP, by how it begins."""
    file.seek(0)
    head = file.read(8)
    if head.startswith(_OTHER_ARCHIVES):
        return RefusedArchive(
            _("This is an archive, but no ZIP. Unpack it, make a ZIP of the files and import that.")
        )
    if head.startswith(b"PK\x03\x04"):
        return RefusedArchive(
            _("The archive ends too early. Copy or upload it once more, until its end.")
        )
    if head.startswith(b"PK\x07\x08"):
        return _in_parts()
    return RefusedArchive(
        _("This file is not a ZIP archive. Make a ZIP of the files and import that.")
    )
