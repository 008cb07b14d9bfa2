"""What is wrong with a file, said so that its sender knows what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class UnreadableSheet(ValueError):
    """A file is no list that can be read; the translated message says what to do."""


def damaged() -> UnreadableSheet:
    """What cannot be read for a reason its sender need not know."""
    return UnreadableSheet(
        _(
            "The file is damaged or incomplete. Open it in Excel, save it as an Excel Workbook "
            "(.xlsx) and choose the new file."
        )
    )


def protected() -> UnreadableSheet:
    """A workbook that only its password opens."""
    return UnreadableSheet(
        _(
            "The workbook is protected by a password. In Excel, take the password away under "
            "File > Info > Protect Workbook > Encrypt with Password, save the workbook and "
            "choose it again."
        )
    )


def old_excel() -> UnreadableSheet:
    """A workbook as Excel saved it until 2003."""
    return UnreadableSheet(
        _(
            "The list is in Excel's old format (.xls), in which dates cannot be read reliably. "
            "Open it in Excel, save it as an Excel Workbook (.xlsx) and choose the new file."
        )
    )


def binary_excel() -> UnreadableSheet:
    """A workbook whose package holds no XML."""
    return UnreadableSheet(
        _(
            "The workbook is in Excel's binary format (.xlsb). Save it as an Excel Workbook "
            "(.xlsx) and choose the new file."
        )
    )


def unpacks_too_large() -> UnreadableSheet:
    """A package that holds, or declares, more than is unpacked."""
    return UnreadableSheet(
        _(
            "The workbook is too large when unpacked. Copy the rows of the list into a new "
            "workbook, save it and choose that one."
        )
    )


def not_a_spreadsheet(kind: Promise | str) -> UnreadableSheet:
    """A file of another ``kind``, such as "a PDF document"."""
    return UnreadableSheet(
        _(
            "The file is no spreadsheet, whatever its name says, but %(kind)s. Choose the list "
            "itself, saved as an Excel Workbook (.xlsx)."
        )
        % {"kind": kind}
    )


_IMAGE = gettext_lazy("an image")
_SIGNATURES: tuple[tuple[Promise, tuple[bytes, ...]], ...] = (
    (gettext_lazy("a PDF document"), (b"%PDF",)),
    (_IMAGE, (b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*")),
    (gettext_lazy("a text document"), (b"{\\rtf",)),
    (gettext_lazy("an archive of other files"), (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")),
)
_SHORT_SIGNATURES = (b"BM", b"RIFF", b"GIF8")  # with which a line of text may begin as well


def kind_by_signature(data: bytes) -> Promise | None:
    """The kind of file that begins as ``data`` does, or None for what may be text."""
    if data.startswith(_SHORT_SIGNATURES) and b"\x00" in data[:64]:
        return _IMAGE
    return next((kind for kind, begins in _SIGNATURES if data.startswith(begins)), None)
