"""Lists as files: what a person sees in Excel, LibreOffice or a text file is what is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from odf import number as odf_number
from odf import style as odf_style
from odf import table as odf_table
from odf import text as odf_text
from odf.office import Annotation
from odf.opendocument import OpenDocumentText
from openpyxl import Workbook

from exhibitions.importing.sheets import Cell, CellTrouble, Sheet, UnreadableSheet, column_letter
from exhibitions.importing.sheets.number_formats import FULL_DATE, format_of_code
from exhibitions.importing.sheets.saying import (
    say_iso_date,
    say_iso_duration,
    say_number,
    say_serial,
)
from tests.exhibitions.spreadsheets import (
    archive,
    column,
    formatted,
    open_cell,
    open_document,
    open_table,
    read,
    refusal,
    saved,
    texts,
    with_part,
    with_rows,
    with_sheet,
    xlsx,
)


class TestColumnLetter:
    @pytest.mark.parametrize(
        ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")]
    )
    def test_columns_are_named_as_excel_names_them(self, index, letters):
        assert column_letter(index) == letters


class TestExcelCells:
    def test_rows_keep_the_numbers_excel_shows_and_empty_ones_are_left_out(self):
        [sheet] = read(xlsx([["STT", "Tên"], [], [1, "Ảnh"], ["", "  "], [2, "Thư"]]))
        assert texts(sheet) == {1: ["STT", "Tên"], 3: ["1", "Ảnh"], 5: ["2", "Thư"]}

    def test_every_row_has_as_many_cells_as_the_widest(self):
        [sheet] = read(xlsx([["a"], [None, None, "c"]]))
        assert texts(sheet) == {1: ["a", "", ""], 2: ["", "", "c"]}

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (12.0, "12"),
            (1948.0, "1948"),
            (0, "0"),
            (-3, "-3"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),
            (2.5, "2.5"),
            (2019000001234, "2019000001234"),
            (1e20, "100000000000000000000"),
            (0.0000001, "0.0000001"),
            (True, "có"),
            (False, "không"),
        ],
    )
    def test_numbers_and_booleans_read_as_people_read_them(self, value, text):
        [sheet] = read(xlsx([[value]]))
        assert column(sheet) == [text]

    def test_a_number_with_leading_zeros_keeps_them(self):
        [sheet] = read(formatted([(7, "000"), (7, "0.00"), (7, "#,##0"), (7, '0" tờ"')]))
        assert column(sheet) == ["007", "7", "7", "7"]

    def test_text_is_kept_to_the_last_space_and_mark(self):
        kept = "  Điện\u0309 Biên\t \u00a0Phu\u0309 \n\n«ViÖt Nam» =1+1 "
        [sheet] = read(xlsx([[kept], ["'=1+1"]]))
        assert column(sheet) == [kept, "'=1+1"]

    def test_line_ends_become_line_feeds_and_excels_escapes_what_they_stand_for(self):
        [sheet] = read(xlsx([["a\r\nb"], ["a_x000D_\nb"], ["_x005F_x0041_"], ["_x0110_ức"]]))
        assert column(sheet) == ["a\nb", "a\nb", "_x0041_", "Đức"]

    def test_half_a_surrogate_pair_in_an_escape_does_not_reach_the_text(self):
        [sheet] = read(xlsx([["a_xD83D_"], ["_xD83D__xDE00_"]]))
        assert column(sheet) == ["a\ufffd", "\U0001f600"]

    def test_text_in_several_styles_is_one_text_without_its_reading_aids(self):
        rich = (
            '<row r="1"><c r="A1" t="inlineStr"><is><r><t>Điện </t></r><r><t>Biên</t></r>'
            '<rPh sb="0" eb="1"><t>aid</t></rPh></is></c></row>'
        )
        [sheet] = read(with_rows(rich))
        assert column(sheet) == ["Điện Biên"]

    def test_texts_that_the_sheets_share_stand_where_they_are_named(self):
        strings = (
            "<sst><si><t>Ảnh</t></si><si><r><t>Điện </t></r><r><t>Biên</t></r>"
            '<rPh sb="0" eb="1"><t>aid</t></rPh></si><si><t/></si>'
            "<si><t> a_x000D_\nb </t></si></sst>"
        )
        relation = b'<Relationship Id="s" Type="x/sharedStrings" Target="/xl/texts.xml"/>'
        cells = "".join(
            f'<c r="{letter}1" t="s"><v>{index}</v></c>'
            for letter, index in zip("ABCDE", (1, 0, 2, 3, 1), strict=True)
        )
        content = with_part(
            with_rows(f'<row r="1">{cells}</row>'),
            "xl/_rels/workbook.xml.rels",
            lambda old: old.replace(b"</Relationships>", relation + b"</Relationships>"),
        )
        file = io.BytesIO(content)
        with zipfile.ZipFile(file, "a") as package:
            package.writestr("xl/texts.xml", strings)
        [sheet] = read(file.getvalue())
        assert texts(sheet) == {1: ["Điện Biên", "Ảnh", "", " a\nb ", "Điện Biên"]}

    def test_cells_without_addresses_stand_in_order(self):
        rows = "<row><c/><c><v>1</v></c></row><row/><row><c><v>2</v></c></row>"
        [sheet] = read(with_rows(rows))
        assert texts(sheet) == {1: ["", "1"], 3: ["2", ""]}

    def test_cells_after_formatted_empty_ones_stay_in_their_columns(self):
        rows = (
            '<row r="1"><c r="A1" s="0"/><c r="B1"></c><c r="C1"><v>3</v></c></row>'
            '<row r="2" spans="1:3"><c r="A2"/></row><row r="3"/><row r="7"><c r="B7"><v>7</v></c>'
            "</row>"
        )
        [sheet] = read(with_rows(rows))
        assert texts(sheet) == {1: ["", "", "3"], 7: ["", "7", ""]}

    def test_text_that_looks_like_an_empty_cell_stays(self):
        rows = (
            '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[a<c r="A1"/>b]]></t></is></c></row>'
        )
        [sheet] = read(with_rows(rows))
        assert column(sheet) == ['a<c r="A1"/>b']

    def test_a_text_longer_than_what_is_read_at_once_arrives_whole(self):
        long = ["Điện Biên Phủ &<> " * count for count in range(1, 1000, 9)]
        [sheet] = read(xlsx([text] for text in long))
        assert column(sheet) == long

    def test_prefixed_names_of_elements_are_understood(self):
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        xml = (
            f'<?xml version="1.0"?><x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="2">'
            '<x:c r="A2" t="str"><x:f>B1</x:f><x:v>ảnh</x:v></x:c></x:row></x:sheetData>'
            "</x:worksheet>"
        )
        [sheet] = read(with_sheet(xml))
        assert texts(sheet) == {2: ["ảnh"]}


class TestFormulas:
    def test_a_formula_is_its_stored_value(self):
        two = '<c r="A1"><f>1+1</f><v>2</v></c>'
        nothing = '<c r="B1" t="str"><f>C1</f><v></v></c>'
        [sheet] = read(with_rows(f'<row r="1">{two}{nothing}</row>'))
        assert [row.cells for row in sheet.rows] == [(Cell("2"),)]

    def test_a_formula_that_was_never_computed_is_reported(self):
        [sheet] = read(xlsx([["a", "=1+1"]]))
        assert sheet.rows[0].cells == (Cell("a"), Cell("", CellTrouble.UNCOMPUTED))

    def test_a_row_of_which_a_trouble_is_all_there_is_is_not_left_out(self):
        [sheet] = read(xlsx([["=1+1"]]))
        assert sheet.rows[0].cells == (Cell("", CellTrouble.UNCOMPUTED),)

    @pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"])
    def test_an_error_is_reported_with_its_name(self, error):
        [sheet] = read(with_rows(f'<row r="1"><c r="A1" t="e"><f>x</f><v>{error}</v></c></row>'))
        assert sheet.rows[0].cells == (Cell(error, CellTrouble.ERROR),)

    def test_the_name_of_an_error_typed_as_text_is_text(self):
        rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>#REF!</t></is></c></row>'
        [sheet] = read(with_rows(rows))
        assert sheet.rows[0].cells == (Cell("#REF!"),)


class TestExcelDates:
    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("dd/mm/yyyy", "14/7/1948"),
            ("d-mmm-yy", "14/7/1948"),
            ("mm-dd-yy", "14/7/1948"),
            ("[$-42A]dd mmmm yyyy;@", "14/7/1948"),
            ('"ngày" dd "tháng" mm "năm" yyyy', "14/7/1948"),
            ("dddd", "14/7/1948"),
            ("dd/mm/yyyy hh:mm", "14/7/1948"),
            ("mm/yyyy", "7/1948"),
            ("mmm-yy", "7/1948"),
            ('"tháng" m\\/yyyy', "7/1948"),
            ("yyyy", "1948"),
            ('"năm "yyyy', "1948"),
            ("d-mmm", "14/7"),
            ("dd/mm", "14/7"),
            ("General", "17728"),
            ('0" ngày"', "17728"),
            ("0.00E+00", "17728"),
            ('#,##0\\ "đ";[Red]-#,##0\\ "đ"', "17728"),
        ],
    )
    def test_a_date_has_the_parts_its_author_sees(self, code, text):
        [sheet] = read(formatted([(17728, code)]))
        assert column(sheet) == [text]

    @pytest.mark.parametrize(
        ("value", "code", "text"),
        [
            (datetime(1948, 7, 14, 13, 5), "dd/mm/yyyy hh:mm", "14/7/1948 13:05"),
            (datetime(1948, 7, 14, 0, 0), "dd/mm/yyyy hh:mm", "14/7/1948"),
            (datetime(1948, 7, 14, 13, 5), "mm/yyyy", "7/1948"),
            (time_of_day(7, 30), "hh:mm", "7:30"),
            (time_of_day(7, 30, 5), "hh:mm:ss", "7:30:05"),
            (1.5, "[h]:mm", "36:00"),
            (17728.9999999, "dd/mm/yyyy", "15/7/1948"),
        ],
    )
    def test_times_are_read_unless_they_are_midnight(self, value, code, text):
        [sheet] = read(formatted([(value, code)]))
        assert column(sheet) == [text]

    @pytest.mark.parametrize(
        ("serial", "text"),
        [
            (0, "0/1/1900"),
            (1, "1/1/1900"),
            (59, "28/2/1900"),
            (60, "29/2/1900"),
            (61, "1/3/1900"),
            (2958465, "31/12/9999"),
            (2958466, "2958466"),
            (-1, "-1"),
        ],
    )
    def test_the_first_and_last_days_are_those_excel_shows(self, serial, text):
        [sheet] = read(formatted([(serial, "dd/mm/yyyy")]))
        assert column(sheet) == [text]

    @given(st.dates(date(1900, 3, 1), date(9999, 12, 31)), st.booleans())
    @example(date(1904, 1, 1), True)
    def test_every_date_comes_back_in_both_date_systems(self, day, is_1904):
        first = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
        serial = (day - first).days
        if serial < 0:
            return
        said = say_serial(serial, FULL_DATE, is_1904)
        assert said == f"{day.day}/{day.month}/{day.year}"

    def test_a_workbook_that_counts_from_1904_is_read_so(self):
        [sheet] = read(
            formatted([(date(1948, 7, 14), "dd/mm/yyyy"), (0, "d/m/yyyy")], is_1904=True)
        )
        assert column(sheet) == ["14/7/1948", "1/1/1904"]

    def test_a_date_written_as_such_is_read(self):
        rows = (
            '<row r="1"><c r="A1" t="d"><v>1948-07-14</v></c></row>'
            '<row r="2"><c r="A2" t="d"><v>1948-07-14T13:05:00</v></c></row>'
        )
        [sheet] = read(with_rows(rows))
        assert column(sheet) == ["14/7/1948", "14/7/1948 13:05"]

    @pytest.mark.parametrize("written", ["x", "1948", "14/7/1948", "1948-07", "nan", "inf"])
    def test_what_is_no_date_or_number_stays_as_it_stands_in_the_file(self, written):
        assert say_iso_date(written, FULL_DATE) == written
        assert say_iso_duration(written) == written
        assert say_number(written, FULL_DATE) in (written, "1/5/1905")

    @given(st.text())
    @example("[")
    @example('"')
    @example("\\")
    @example("[h")
    def test_any_number_format_is_understood_somehow(self, code):
        say_number("17728.5", format_of_code(code))


class TestHiddenAndMerged:
    def test_hidden_sheets_rows_and_columns_are_marked(self):
        book = Workbook()
        book.active.append(["a", "b", "c"])
        book.active.append(["d", "e", "f"])
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions["B"].hidden = True
        for state in ("hidden", "veryHidden"):
            book.create_sheet(state).sheet_state = state
        first, *others = read(saved(book))
        assert [row.is_hidden for row in first.rows] == [False, True]
        assert first.hidden_columns == {1}
        assert not first.is_hidden
        assert [(sheet.name, sheet.is_hidden) for sheet in others] == [
            ("hidden", True),
            ("veryHidden", True),
        ]

    def test_hidden_columns_beyond_the_list_are_no_matter(self):
        xml = (
            '<cols><col min="2" max="16384" hidden="1"/></cols>'
            '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row></sheetData>'
        )
        [sheet] = read(with_sheet(xml))
        assert sheet.hidden_columns == {1, 2}

    def merged(self, rows: Iterable[Iterable[Any]], *ranges: str) -> Sheet:
        book = Workbook()
        for row in rows:
            book.active.append(list(row))
        xml = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
        [sheet] = read(
            with_part(
                saved(book),
                "xl/worksheets/sheet1.xml",
                lambda old: old.replace(
                    b"</sheetData>", f"</sheetData><mergeCells>{xml}</mergeCells>".encode()
                ),
            )
        )
        return sheet

    def test_the_text_of_a_cell_merged_downwards_stands_in_every_row(self):
        sheet = self.merged([["Phần I", "a"], [None, "b"], [None, "c"], ["x", "d"]], "A1:A3")
        assert column(sheet) == ["Phần I", "Phần I", "Phần I", "x"]
        assert sheet.filled_ranges == ("A1:A3",)

    def test_a_cell_merged_sideways_stands_in_its_first_column_only(self):
        sheet = self.merged([["Phần I", None, None], ["a", "b", "c"]], "A1:C1")
        assert texts(sheet) == {1: ["Phần I", "", ""], 2: ["a", "b", "c"]}
        assert sheet.filled_ranges == ()

    def test_a_merged_block_fills_the_first_column_of_its_rows(self):
        sheet = self.merged([["I", None, "a"], [None, None, "b"]], "A1:B2")
        assert texts(sheet) == {1: ["I", "", "a"], 2: ["I", "", "b"]}

    def test_an_item_two_rows_high_is_one_item(self):
        sheet = self.merged([["1", "Ảnh"], [], ["2", "Thư"], []], "A1:A2", "B1:B2", "A3:A4")
        assert texts(sheet) == {1: ["1", "Ảnh"], 3: ["2", "Thư"]}
        assert sheet.filled_ranges == ()

    def test_what_is_hidden_behind_merged_cells_is_not_read(self):
        sheet = self.merged([["I", "cũ", "a"], ["cũ", "cũ", "b"]], "A1:B2")
        assert texts(sheet) == {1: ["I", "", "a"], 2: ["I", "", "b"]}

    def test_merged_cells_without_text_leave_the_rows_as_they_are(self):
        sheet = self.merged([[None, "a"], [None, "b"]], "A1:A2")
        assert texts(sheet) == {1: ["", "a"], 2: ["", "b"]}

    def test_ranges_that_overlap_in_a_broken_file_are_read_once(self):
        sheet = self.merged([["I", "a"], ["II", "b"], [None, "c"]], "A1:A2", "A2:A3", "A1:A2")
        assert column(sheet) == ["I", "I", ""]

    def test_a_column_merged_to_the_end_of_the_sheet_fills_the_rows_there_are(self):
        sheet = self.merged([["I", "a"], [None, "b"]], "A1:A1048576")
        assert column(sheet) == ["I", "I"]


class TestOpenDocument:
    def test_values_read_as_people_read_them(self):
        cells = [
            open_cell("1.948", valuetype="float", value="1948"),
            open_cell("50%", valuetype="percentage", value="0.5"),
            open_cell("ĐÚNG", valuetype="boolean", booleanvalue="true"),
            open_cell("14/07/48", valuetype="date", datevalue="1948-07-14"),
            open_cell("", valuetype="date", datevalue="1948-07-14T13:05:00"),
            open_cell("", valuetype="date", datevalue="1890-05-19"),
            open_cell("", valuetype="time", timevalue="PT07H30M00S"),
            open_cell("một\nhai", valuetype="string"),
        ]
        [sheet] = read(open_document(open_table(cells)), "danh sách.ods")
        assert sheet.name == "Danh sách"
        assert [cell.text for cell in sheet.rows[0].cells] == [
            "1948",
            "0.5",
            "có",
            "14/7/1948",
            "14/7/1948 13:05",
            "19/5/1890",
            "7:30",
            "một\nhai",
        ]

    def test_a_date_has_the_parts_its_author_sees(self):
        month = odf_number.DateStyle(name="N1")
        month.addElement(odf_number.Month())
        month.addElement(odf_number.Text(text="/"))
        month.addElement(odf_number.Year())
        year = odf_number.DateStyle(name="N2")
        year.addElement(odf_number.Year())
        number = odf_number.NumberStyle(name="N3")
        number.addElement(odf_number.Number(decimalplaces=0, minintegerdigits=3))
        parent = odf_style.Style(name="year", family="table-cell", datastylename="N2")
        cell_styles = [
            odf_style.Style(name="month", family="table-cell", datastylename="N1"),
            odf_style.Style(name="child", family="table-cell", parentstylename="year"),
            odf_style.Style(name="digits", family="table-cell", datastylename="N3"),
        ]
        table = odf_table.Table(name="x")
        table.addElement(odf_table.TableColumn(numbercolumnsrepeated=3))
        table.addElement(odf_table.TableColumn(defaultcellstylename="month"))
        row = odf_table.TableRow()
        for style in ("month", "child"):
            row.addElement(open_cell(valuetype="date", datevalue="1948-07-01", stylename=style))
        row.addElement(open_cell(valuetype="float", value="7", stylename="digits"))
        row.addElement(open_cell(valuetype="date", datevalue="1948-07-01"))
        table.addElement(row)
        [sheet] = read(
            open_document(table, styles=[month, number, *cell_styles], named_styles=[year, parent])
        )
        assert [cell.text for cell in sheet.rows[0].cells] == ["7/1948", "1948", "007", "7/1948"]

    def test_spaces_are_those_that_were_typed(self):
        cell = odf_table.TableCell(valuetype="string")
        paragraph = odf_text.P(text=" Điện \n ")
        paragraph.addElement(odf_text.S(c=2))
        paragraph.addElement(odf_text.Span(text="Biên"))
        paragraph.addElement(odf_text.LineBreak())
        paragraph.addElement(odf_text.Tab())
        cell.addElement(paragraph)
        [sheet] = read(open_document(open_table([cell])))
        assert column(sheet) == ["Điện   Biên\n\t"]

    def test_comments_are_no_text_of_the_cell(self):
        cell = odf_table.TableCell(valuetype="string")
        note = Annotation()
        note.addElement(odf_text.P(text="ghi chú"))
        cell.addElement(note)
        cell.addElement(odf_text.P(text="Ảnh"))
        [sheet] = read(open_document(open_table([cell])))
        assert column(sheet) == ["Ảnh"]

    def test_errors_and_formulas_never_computed_are_reported(self):
        cells = [
            open_cell("#DIV/0!", formula="of:=1/0", valuetype="string", stringvalue=""),
            open_cell("Err:502", formula="of:=X(1)", valuetype="float", value="0"),
            open_cell("#N/A", valuetype="string"),
            open_cell(formula="of:=1+1"),
            open_cell("2", formula="of:=1+1", valuetype="float", value="2"),
        ]
        [sheet] = read(open_document(open_table(cells)))
        assert sheet.rows[0].cells == (
            Cell("#DIV/0!", CellTrouble.ERROR),
            Cell("Err:502", CellTrouble.ERROR),
            Cell("#N/A"),
            Cell("", CellTrouble.UNCOMPUTED),
            Cell("2"),
        )

    def test_hidden_sheets_rows_and_columns_are_marked(self):
        hidden_style = odf_style.Style(name="hidden", family="table")
        hidden_style.addElement(odf_style.TableProperties(display="false"))
        table = odf_table.Table(name="x")
        table.addElement(odf_table.TableColumn())
        table.addElement(odf_table.TableColumn(visibility="collapse", numbercolumnsrepeated=1023))
        for visibility in ("visible", "collapse", "filter"):
            row = odf_table.TableRow(visibility=visibility)
            row.addElement(open_cell("a", valuetype="string"))
            row.addElement(open_cell("b", valuetype="string"))
            table.addElement(row)
        hidden = open_table(["a"], name="ẩn", stylename="hidden")
        shown, other = read(open_document(table, hidden, styles=[hidden_style]))
        assert [row.is_hidden for row in shown.rows] == [False, True, True]
        assert shown.hidden_columns == {1}
        assert (shown.is_hidden, other.is_hidden) == (False, True)

    def test_repeated_rows_and_cells_stand_where_they_are_seen(self):
        table = odf_table.Table(name="x")
        for repeats, letter in ((2, "a"), (1_000_000, ""), (2, "b")):
            row = odf_table.TableRow(numberrowsrepeated=repeats)
            if letter:
                row.addElement(open_cell(letter, valuetype="string", numbercolumnsrepeated=2))
            row.addElement(odf_table.TableCell(numbercolumnsrepeated=3))
            if letter:
                row.addElement(open_cell("z", valuetype="string"))
            table.addElement(row)
        [sheet] = read(open_document(table))
        first, last = ["a", "a", "", "", "", "z"], ["b", "b", "", "", "", "z"]
        assert texts(sheet) == {1: first, 2: first, 1_000_003: last, 1_000_004: last}

    def test_spanned_cells_read_as_merged_ones(self):
        sheet_table = open_table(
            [open_cell("I", valuetype="string", numberrowsspanned=2), "a"],
            [odf_table.CoveredTableCell(), "b"],
            [open_cell("II", valuetype="string", numbercolumnsspanned=2), "c"],
        )
        [sheet] = read(open_document(sheet_table))
        assert texts(sheet) == {1: ["I", "a"], 2: ["I", "b"], 3: ["II", ""]}
        assert sheet.filled_ranges == ("A1:A2",)

    def test_a_sheet_filled_without_end_is_refused(self):
        table = odf_table.Table(name="x")
        row = odf_table.TableRow(numberrowsrepeated=1_000_000)
        row.addElement(open_cell("a", valuetype="string"))
        table.addElement(row)
        assert "20000" in refusal(open_document(table))
        wide = open_table([open_cell("a", valuetype="string", numbercolumnsrepeated=16384)])
        assert "KN" in refusal(open_document(wide))
        far = open_table([odf_table.TableCell(numbercolumnsrepeated=16000), "a"])
        assert "KN" in refusal(open_document(far))

    def test_a_protected_document_is_named_so(self):
        manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
        content = archive(**{"content.xml": b"\x8f\x01", "META-INF/manifest.xml": manifest})
        assert "password" in refusal(content, "danh sách.ods")

    def test_a_text_document_is_named_so(self):
        file = io.BytesIO()
        OpenDocumentText().save(file)
        assert "text document" in refusal(file.getvalue(), "danh sách.ods")


class TestCsv:
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_the_delimiter_is_found(self, mark, delimiter, line_end):
        rows = [["STT", "Nội dung", "Năm"], ["1", "Ảnh, thư; v.v.", "1948"]]
        written = line_end.join(
            delimiter.join(f'"{cell}"' if set(cell) & set(",;") else cell for cell in row)
            for row in rows
        )
        [sheet] = read((mark + written).encode(), "Danh sách.csv")
        assert sheet.name == "Danh sách"
        assert texts(sheet) == {1: rows[0], 2: rows[1]}

    def test_commas_in_texts_do_not_hide_the_semicolon(self):
        written = "Số;Nội dung\n1;Ảnh, chụp năm 1948, ở Hà Nội\n2;Thư, gửi đồng bào\n3;Bản đồ"
        [sheet] = read(written.encode())
        assert texts(sheet)[2] == ["1", "Ảnh, chụp năm 1948, ở Hà Nội"]

    def test_a_declared_delimiter_is_taken_and_is_no_row(self):
        [sheet] = read(b"sep=;\r\na,b;c\r\n")
        assert texts(sheet) == {1: ["a,b", "c"]}

    def test_line_ends_within_quotes_belong_to_the_text(self):
        [sheet] = read('a,"một\r\nhai"\r\n\r\nb,c'.encode())
        assert texts(sheet) == {1: ["a", "một\nhai"], 3: ["b", "c"]}

    def test_one_column_is_a_list_as_well(self):
        [sheet] = read("Ảnh\nThư\n".encode())
        assert column(sheet) == ["Ảnh", "Thư"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
    def test_excels_unicode_text_is_read(self, encoding):
        mark = "\ufeff" if encoding.endswith("be") else ""
        [sheet] = read(f"{mark}Số\tTên\r\n1\tẢnh\r\n".encode(encoding), "danh sách.txt")
        assert texts(sheet) == {1: ["Số", "Tên"], 2: ["1", "Ảnh"]}

    def test_another_encoding_is_refused_with_the_way_out(self):
        message = refusal("Số,Tên\n1,ảnh".encode("cp1258", "replace"), "danh sách.csv")
        assert "CSV UTF-8" in message

    def test_a_quotation_mark_never_closed_is_refused_with_its_row(self):
        assert "row 3" in refusal(b'a,b\nc,d\ne,"f\ng,h\n')
        assert "row 2" in refusal(b'a,b\nc,"d\n' + b"e,f\n" * 50_000)

    def test_quotation_marks_within_a_text_are_no_fault(self):
        [sheet] = read('a,Ảnh "đẹp" cỡ 5"\nb,"một" hai\n'.encode())
        assert texts(sheet) == {1: ["a", 'Ảnh "đẹp" cỡ 5"'], 2: ["b", "một hai"]}

    def test_a_list_may_begin_with_the_letters_of_another_format(self):
        [sheet] = read(b"PK,BM\n1,2\n")
        assert texts(sheet)[1] == ["PK", "BM"]

    @given(st.lists(st.lists(st.text(st.characters(exclude_categories=["C"])), min_size=2)))
    def test_any_text_is_read_or_refused(self, rows):
        content = "\n".join(";".join(row) for row in rows).encode()
        try:
            read(content, "x.csv")
        except UnreadableSheet as refused:
            assert str(refused)
