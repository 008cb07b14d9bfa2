"""The list of items as files for the office's papers: a Word document and a workbook.

Laid out as an appendix to a submission (NĐ 30/2020/NĐ-CP, Phụ lục I): A4 across, Times
New Roman, the country's name and motto, a table whose head is repeated on every page.
What stands on it is Vietnamese whatever the language of the portal: it is the office's.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date

from docx import Document as new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from core.media.storage import rendition_folder
from core.models import RenditionSet
from core.spreadsheets import plain
from exhibitions.display_list import ListedItem, ListedPart

FONT = "Times New Roman"
TITLE = "DANH MỤC TÀI LIỆU TRƯNG BÀY"
COLUMNS = (
    "STT",
    "Hình ảnh",
    "Trích yếu nội dung",
    "Thời gian",
    "Nguồn",
    "Số, ký hiệu",
    "Mức độ tiếp cận",
)
WIDTHS_CM = (1.2, 3.2, 9.0, 3.0, 4.6, 2.9, 2.8)
PICTURE_CM = 2.6
"""The longer side of a thumbnail."""
PICTURE_WIDTH = 320
"""Pixels of its longer side."""

PLACE_AT_THE_END = re.compile(r" (tỉnh|thành phố|xã|phường|đặc khu) .+$", re.IGNORECASE)

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_docx(
    parts: Sequence[ListedPart], *, exhibition: str, parent_body: str, agency: str, on: date
) -> bytes:
    """The list as a Word document, for the submission it is appended to."""
    document = new_document()
    _set_page(document)
    _set_head(document, parent_body, agency, on)
    _line(document, TITLE, bold=True, size=14)
    _line(document, f"Triển lãm “{exhibition}”", bold=True, size=13)
    _line(
        document,
        "(Kèm theo Tờ trình số         /TTr-         ngày      tháng      năm         )",
        italic=True,
        size=13,
    )
    table = document.add_table(rows=1, cols=len(COLUMNS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS_CM, strict=True):
        column.width = Cm(width)
    for cell, name in zip(table.rows[0].cells, COLUMNS, strict=True):
        _write(cell, name, bold=True, centred=True)
    _repeat_on_every_page(table)
    pictures = _pictures(parts)
    for part in parts:
        _add_part(table, part)
        for item in part.items:
            _add_item(table, item, pictures)
    total = sum(len(part.items) for part in parts)
    _line(document, f"Tổng số: {total} tài liệu, hình ảnh.", size=13, centred=False)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: Document) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    # Word takes the font of East Asian and complex scripts from attributes of their own.
    fonts = style.element.rPr.rFonts
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(2), Cm(1.5)


def _set_head(document: Document, parent_body: str, agency: str, on: date) -> None:
    """Agency to the left, country and motto to the right, as on every paper of the office."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    left.width, right.width = Cm(11), Cm(15)
    if parent_body:
        _write(left, parent_body.upper(), centred=True)
    _write(
        left,
        _without_place_of(parent_body, agency).upper(),
        bold=True,
        centred=True,
        more=bool(parent_body),
    )
    _write(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, centred=True)
    _write(right, "Độc lập - Tự do - Hạnh phúc", bold=True, centred=True, more=True, underline=True)
    _line(document, f"Danh mục lập ngày {on.day:02}/{on.month}/{on.year}", italic=True, size=12)


def _without_place_of(parent_body: str, agency: str) -> str:
    """The agency under its parent body, which names the place for both of them."""
    place = PLACE_AT_THE_END.search(parent_body)
    return agency.removesuffix(place[0]) if place else agency


def _line(
    document: Document,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = 13,
    centred: bool = True,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _write(
    cell: _Cell,
    text: str,
    *,
    bold: bool = False,
    centred: bool = False,
    more: bool = False,
    underline: bool = False,
) -> Paragraph:
    """Write into the first paragraph of ``cell``, or with ``more`` into a new one."""
    paragraph = cell.add_paragraph() if more else cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text)
    run.bold, run.underline, run.font.size = bold, underline, Pt(12)
    return paragraph


def _repeat_on_every_page(table: Table) -> None:
    row = table.rows[0]._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row.append(mark)


def _add_part(table: Table, part: ListedPart) -> None:
    cells = table.add_row().cells
    title = _write(cells[0].merge(cells[-1]), part.title, bold=True)
    title.paragraph_format.keep_with_next = True


def _add_item(table: Table, item: ListedItem, pictures: dict[tuple[int, int], str]) -> None:
    row = table.add_row()
    keep_whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(keep_whole)
    cells = row.cells
    _write(cells[0], str(item.number), centred=True)
    picture = pictures.get(item.frame) if item.frame else None
    if picture:
        run = _write(cells[1], "", centred=True).add_run()
        content, width = _thumbnail(picture)
        run.add_picture(content, width=width)
    for cell, text in zip(cells[2:], _texts(item), strict=True):
        _write(cell, text)


def _thumbnail(path: str) -> tuple[io.BytesIO, Length]:
    """A small copy of a rendition with its width on paper.

    Renditions carry no header but the picture's own; Word's library wants one.
    """
    content = io.BytesIO()
    with Image.open(path) as picture:
        picture.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH))
        picture.save(content, "JPEG", quality=80)
        width = Length(Cm(PICTURE_CM) * picture.width // max(picture.size))
    content.seek(0)
    return content, width


def _texts(item: ListedItem) -> tuple[str, ...]:
    return (item.abstract, item.date, item.source, item.reference, item.access_level)


def _pictures(parts: Iterable[ListedPart]) -> dict[tuple[int, int], str]:
    """The file of a small rendition for each picture of the list that has been made."""
    frames = {item.frame for part in parts for item in part.items if item.frame}
    rows = RenditionSet.objects.filter(
        image_id__in={image for image, _frame in frames}, made_at__isnull=False
    ).values_list("image_id", "frame", "key", "widths")
    found: dict[tuple[int, int], str] = {}
    for image, frame, key, widths in rows:
        width = next((each for each, _height in widths if each >= PICTURE_WIDTH), None)
        path = rendition_folder(key) / f"{width or widths[-1][0]}.jpg" if widths else None
        if path and (image, frame) in frames and path.is_file():
            found[image, frame] = str(path)
    return found


def as_xlsx(parts: Sequence[ListedPart], *, exhibition: str) -> bytes:
    """The list as a workbook, without pictures, to be sorted and counted."""
    workbook = Workbook()
    sheet: Worksheet = workbook.active
    sheet.title = "Danh mục"
    names = [*(name for name in COLUMNS if name != "Hình ảnh"), "Phần", "Được phép công bố"]
    sheet.append([TITLE])
    sheet.append([plain(f"Triển lãm “{exhibition}”")])
    sheet.append(names)
    for part in parts:
        for item in part.items:
            texts = [plain(text) for text in (*_texts(item), part.title)]
            sheet.append([item.number, *texts, "Có" if item.is_cleared else "Chưa"])
    _style(sheet, len(names))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _style(sheet: Worksheet, columns: int) -> None:
    side = Side(style="thin")
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            cell.font = Font(name=FONT, size=12, bold=cell.row == 3)
            cell.border = Border(left=side, right=side, top=side, bottom=side)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number in (1, 2):
        sheet.cell(number, 1).font = Font(name=FONT, size=14, bold=True)
    for letter, width in zip("ABCDEFGH"[:columns], (6, 60, 18, 30, 20, 18, 40, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A4"
    sheet.auto_filter.ref = f"A3:{'ABCDEFGH'[columns - 1]}{max(sheet.max_row, 3)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.print_title_rows = "3:3"
