"""Packages, which both kinds of workbook are: ZIP archives of XML, unpacked within limits.

The XML is read as a stream. Laid out as one rectangle, a sheet with two cells far apart would
take so much memory that the whole process is ended, which no ``except`` can catch.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.handler import ContentHandler

from defusedxml.sax import make_parser

from exhibitions.importing.sheets.model import MAX_UNPACKED_BYTES
from exhibitions.importing.sheets.refusals import unpacks_too_large

ZIP_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")

_CHUNK_BYTES = 256 * 1024
_LONGEST_TAG_BYTES = 64 * 1024
_ENDED = rb"(?:/>|(?<!/)></%b>)"
_EMPTY_CELL = re.compile(
    rb'<c (?:[^<>]{0,100} )?r="[A-Z]{1,3}[0-9]{1,7}"[^<>]{0,100}' + _ENDED % b"c"
)
_EMPTY_ROW = re.compile(rb'<row (?:[^<>]{0,200} )?r="[0-9]{1,7}"[^<>]{0,200}' + _ENDED % b"row")


class Package:
    """A ZIP archive that gives out only so many bytes."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        members = self.archive.infolist()
        if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise unpacks_too_large()
        self.members = {_part_name(member.filename): member for member in members}
        self.bytes_left = MAX_UNPACKED_BYTES

    def __contains__(self, name: str) -> bool:
        return _part_name(name) in self.members

    @property
    def is_encrypted(self) -> bool:
        """Whether a password protects any of its parts."""
        return any(member.flag_bits & 1 for member in self.members.values())

    def chunks(self, name: str, limit: int = MAX_UNPACKED_BYTES) -> Iterator[bytes]:
        """The content of a part, which is checked while it is read: declared sizes may lie."""
        with self.archive.open(self.members[_part_name(name)]) as part:
            while chunk := part.read(_CHUNK_BYTES):
                self.bytes_left -= len(chunk)
                limit -= len(chunk)
                if self.bytes_left < 0 or limit < 0:
                    raise unpacks_too_large()
                yield chunk

    def parse(self, name: str, handler: ContentHandler, limit: int = MAX_UNPACKED_BYTES) -> None:
        """Feed the XML of a part to ``handler``."""
        parse(self.chunks(name, limit), handler)


def _part_name(name: str) -> str:
    """Names of parts compare without case; some programs write them as Windows' paths."""
    return name.replace("\\", "/").lstrip("/").casefold()


def parse(chunks: Iterable[bytes], handler: ContentHandler) -> None:
    """Feed XML to ``handler``; no such file has a document type, where entities would be."""
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    for chunk in chunks:
        parser.feed(chunk)
    parser.close()


def without_empty_cells(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The XML of Excel's sheet without cells and rows that have a format only.

    They can be millions, and Python looks at each element it is given. Those without an
    address stay, for their place is what numbers the ones after them.
    """
    rest = b""
    is_plain = True
    for chunk in chunks:
        chunk = rest + chunk
        # In comments and CDATA sections, what looks like a tag is text.
        is_plain = is_plain and b"<!" not in chunk
        # A tag that the chunk cuts is completed by the next one.
        end = chunk.rfind(b"<") if is_plain else len(chunk)
        if end < 0 or len(chunk) - end > _LONGEST_TAG_BYTES:
            end = len(chunk)
            is_plain = False
        rest = chunk[end:]
        chunk = chunk[:end]
        yield _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", chunk)) if is_plain else chunk
    yield rest
