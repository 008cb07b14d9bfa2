"""Files that are no list, too large, damaged or hostile: each is refused with what to do."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from exhibitions.importing.sheets import MAX_FILE_BYTES, UnreadableSheet, grid, read_workbook
from exhibitions.importing.sheets.model import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_UNPACKED_BYTES,
)
from exhibitions.importing.sheets.package import Package
from tests.exhibitions.spreadsheets import (
    archive,
    column,
    open_cell,
    open_document,
    open_table,
    read,
    refusal,
    saved,
    with_part,
    with_rows,
    with_sheet,
    xlsx,
)

OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"%PDF-1.7\n", "a PDF document"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "an image"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image"),
            (b"GIF89a\x01\x00", "an image"),
            (b"{\\rtf1\\ansi", "a text document"),
            (b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
            ("\ufeff\n<!DOCTYPE html>".encode(), "a web page"),
            (b'<?xml version="1.0"?><Workbook/>', "a web page"),
            (b"Rar!\x1a\x07", "an archive"),
            (b"\x00\x01\x02\xff", "another kind"),
            (b"abc\x01def", "another kind"),
            (archive(**{"a.jpg": b"x"}), "an archive"),
            (archive(**{"inner.xlsx": xlsx([["a"]])}), "an archive"),
            (b"PK\x05\x06" + bytes(18), "an archive"),
            (OLE_SIGNATURE + "WordDocument".encode("utf-16-le"), "another kind"),
        ],
    )
    @pytest.mark.parametrize("name", ["danh sách.xls", "danh sách.xlsx"])
    def test_what_is_no_spreadsheet_is_named_whatever_it_is_called(self, content, kind, name):
        message = refusal(content, name)
        assert kind in message
        assert ".xlsx" in message

    def test_a_word_document_is_named(self):
        relations = (
            '<Relationships xmlns="x"><Relationship Id="a" Target="word/document.xml" '
            'Type="http://x/officeDocument"/></Relationships>'
        )
        content = archive(**{"[Content_Types].xml": b"<Types/>", "_rels/.rels": relations.encode()})
        assert "a text document" in refusal(content)

    def test_an_empty_file_is_refused(self):
        assert "empty" in refusal(b"")

    def test_a_file_that_is_too_large_is_refused_with_the_limit(self):
        assert "20 MB" in refusal(b"a" * (MAX_FILE_BYTES + 1))

    def test_a_workbook_with_a_password_is_named_so(self):
        content = OLE_SIGNATURE + bytes(500) + "EncryptedPackage".encode("utf-16-le")
        assert "password" in refusal(content)

    @pytest.mark.parametrize("stream", ["Workbook", "Book"])
    @pytest.mark.parametrize("name", ["danh sách.xls", "danh sách.xlsx", "danh sách.csv"])
    def test_excels_old_format_is_refused_with_the_way_out(self, stream, name):
        message = refusal(OLE_SIGNATURE + bytes(500) + stream.encode("utf-16-le"), name)
        assert "old format (.xls)" in message
        assert "(.xlsx)" in message

    def test_excels_binary_format_is_named(self):
        content = archive(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"})
        assert ".xlsb" in refusal(content)

    def test_macros_do_not_keep_a_workbook_from_being_read(self):
        content = xlsx([["a"]])
        file = io.BytesIO(content)
        with zipfile.ZipFile(file, "a") as package:
            package.writestr("xl/vbaProject.bin", OLE_SIGNATURE)
        [sheet] = read(file.getvalue(), "danh sách.xlsm")
        assert column(sheet) == ["a"]

    def test_a_file_read_before_is_read_from_its_beginning(self):
        file = io.BytesIO(xlsx([["a"]]))
        file.read()
        assert column(read_workbook(file, "x.xlsx")[0]) == ["a"]


class TestLimits:
    def test_text_beyond_the_columns_that_are_read_is_refused_with_its_place(self):
        book = Workbook()
        book.active.cell(3, MAX_COLUMNS, "x")
        [sheet] = read(saved(book))
        assert len(sheet.rows[0].cells) == MAX_COLUMNS
        book.active.cell(3, MAX_COLUMNS + 1, "x")
        message = refusal(saved(book))
        assert "KO3" in message
        assert "KN" in message

    def test_two_cells_at_the_ends_of_a_sheet_do_no_harm(self):
        first = '<row r="1"><c r="A1"><v>1</v></c></row>'
        last = '<row r="1048576"><c r="KN1048576"><v>2</v></c></row>'
        [sheet] = read(with_rows(first + last))
        assert [row.number for row in sheet.rows] == [1, 1_048_576]

    def test_a_cell_that_is_too_long_is_refused_with_its_place(self):
        long = "a" * (MAX_CELL_CHARACTERS + 1)
        rows = f'<row r="2"><c r="B2" t="str"><v>{long}</v></c></row>'
        assert "B2" in refusal(with_rows(rows))

    def test_too_many_rows_are_refused_with_the_limit(self, monkeypatch):
        monkeypatch.setattr(grid, "MAX_ROWS", 3)
        assert len(read(xlsx([["a"]] * 3 + [[" "]]))[0].rows) == 3
        assert "3 rows" in refusal(xlsx([["a"]] * 4))

    def test_too_many_cells_are_refused_with_the_limit(self, monkeypatch):
        monkeypatch.setattr(grid, "MAX_CELLS", 3)
        assert "3 cells" in refusal(xlsx([["a", "b"], ["c", "d"]]))

    def test_a_bomb_that_declares_its_size_is_refused_unopened(self):
        zeros = bytes(MAX_UNPACKED_BYTES + 1)
        content = archive(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": zeros})
        assert "too large" in refusal(content)

    def test_a_part_is_not_read_beyond_its_limit(self):
        package = Package(archive(part=bytes(1000)))
        assert sum(map(len, package.chunks("part", limit=1000))) == 1000
        with pytest.raises(UnreadableSheet):
            list(package.chunks("part", limit=999))
        package.bytes_left = 999
        with pytest.raises(UnreadableSheet):
            list(package.chunks("part"))

    @pytest.mark.parametrize(
        "bomb",
        [
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
            '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        ],
    )
    def test_entities_are_refused(self, bomb):
        xml = f'<?xml version="1.0"?>{bomb}<worksheet><sheetData/></worksheet>'
        assert "damaged" in refusal(with_sheet(xml))


def scattered() -> bytes:
    """A workbook with something of everything."""
    book = Workbook()
    sheet = book.active
    sheet.append(["STT", "Nội dung", "Ngày", "Số"])
    for number in range(1, 30):
        sheet.append([number, f"Ảnh số {number}", date(1948, 7, number), number / 7])
    sheet.append(["=SUM(A1:A9)", "#N/A", True, "_x000D_"])
    sheet.merge_cells("F2:F9")
    sheet["F2"] = "Phần I"
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("ẩn").sheet_state = "hidden"
    return saved(book)


def uncompressed(content: bytes) -> bytes:
    """The package stored without compression, so that damage reaches the XML itself."""
    return with_part(content, "", None)


class TestDamagedFiles:
    @pytest.mark.parametrize("make", [scattered, lambda: uncompressed(scattered())])
    def test_damage_anywhere_gives_a_result_or_a_refusal(self, make):
        content = make()
        places = random.Random(1948)
        for _ in range(100):
            damaged = bytearray(content)
            for _ in range(places.choice((1, 2, 8))):
                damaged[places.randrange(len(damaged))] = places.randrange(256)
            cut = content[: places.randrange(len(content))]
            for attempt in (bytes(damaged), cut):
                try:
                    read(attempt)
                except UnreadableSheet as refused:
                    assert str(refused)

    def test_damage_to_the_xml_gives_a_result_or_a_refusal(self):
        places = random.Random(1954)
        parts = ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "_rels/.rels")
        content = scattered()

        def damage(xml: bytes) -> bytes:
            damaged = bytearray(xml)
            damaged[places.randrange(len(damaged))] = places.choice(b'<>"=/&a9 \x00\xff')
            return bytes(damaged)

        for attempt in range(200):
            try:
                read(with_part(content, parts[attempt % len(parts)], damage))
            except UnreadableSheet as refused:
                assert str(refused)

    def test_damage_to_an_open_document_gives_a_result_or_a_refusal(self):
        places = random.Random(1975)
        content = open_document(
            open_table(["a", open_cell(valuetype="float", value="7", numberrowsspanned=2)])
        )

        def damage(xml: bytes) -> bytes:
            damaged = bytearray(xml)
            damaged[places.randrange(len(damaged))] = places.choice(b'<>"=/&a9 \x00\xff')
            return bytes(damaged)

        for _ in range(200):
            try:
                read(with_part(content, "content.xml", damage))
            except UnreadableSheet as refused:
                assert str(refused)

    def test_half_a_workbook_is_damaged(self):
        content = xlsx([["a"]])
        assert "damaged" in refusal(content[: len(content) // 2])


class TestSpeed:
    def test_rows_with_borders_but_no_text_cost_little_time_and_memory(self):
        empty = "".join(
            f'<row r="{row}" s="1">'
            + "".join(f'<c r="{each}{row}" s="1"/>' for each in "ABCDE")
            + "</row>"
            for row in range(2, 50_002)
        )
        content = with_rows(f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}')
        started = time.process_time()
        [sheet] = read(content)
        assert time.process_time() - started < 2
        assert column(sheet) == ["1"]
        tracemalloc.start()
        try:
            read(content)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 2 * len(content)
