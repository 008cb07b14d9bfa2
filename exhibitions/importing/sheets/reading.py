"""The way in: a file is told by its content, and read by what reads its kind."""

from __future__ import annotations

import logging
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from exhibitions.importing.sheets.comma_separated import read_comma_separated
from exhibitions.importing.sheets.model import MAX_FILE_BYTES, MEGABYTE, Sheet
from exhibitions.importing.sheets.package import ZIP_SIGNATURES, Package
from exhibitions.importing.sheets.refusals import (
    UnreadableSheet,
    binary_excel,
    damaged,
    not_a_spreadsheet,
    old_excel,
    protected,
)
from exhibitions.importing.sheets.workbook_ods import read_open_document
from exhibitions.importing.sheets.workbook_xlsx import read_office_open

logger = logging.getLogger(__name__)

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(file: BinaryIO, name: str) -> list[Sheet]:
    """Return the sheets of ``file`` in their order, hidden ones included.

    ``name`` is the file's own name; it names the sheet of a CSV file and decides nothing else.
    Macros are never run, formulas never computed. Raises ``UnreadableSheet``, and nothing
    else, for a file that is no spreadsheet, is protected or damaged, or exceeds the limits.
    """
    file.seek(0)
    data = file.read(MAX_FILE_BYTES + 1)
    if not data:
        raise UnreadableSheet(_("The file is empty. Save the list once more and choose it again."))
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableSheet(
            _(
                "The file is larger than %(limit)s MB. Take the pictures out of the list, or "
                "divide it into several files."
            )
            % {"limit": MAX_FILE_BYTES // MEGABYTE}
        )
    try:
        return _read(data, name)
    except UnreadableSheet:
        raise
    except Exception as error:
        # Files can be broken in more ways than their readers have exceptions for.
        logger.warning("A list could not be read", exc_info=error)
        raise damaged() from error


def _read(data: bytes, name: str) -> list[Sheet]:
    if data.startswith(ZIP_SIGNATURES):
        return _read_package(Package(data))
    if data.startswith(_OLE_SIGNATURE):
        raise _refusal_of_ole(data)
    return [read_comma_separated(data, PurePath(name).stem)]


def _read_package(package: Package) -> list[Sheet]:
    if package.is_encrypted or "encrypted-package" in package:
        raise protected()
    if "xl/workbook.bin" in package:
        raise binary_excel()
    if "[content_types].xml" in package:
        return read_office_open(package)
    if "content.xml" in package:
        return read_open_document(package)
    raise not_a_spreadsheet(_("an archive of other files"))


def _refusal_of_ole(data: bytes) -> UnreadableSheet:
    """Why an OLE file is not read: the container of .xls, of .doc, and of protected packages."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return protected()
    if holds("Workbook") or holds("Book"):
        return old_excel()
    return not_a_spreadsheet(_("a document of another kind"))
