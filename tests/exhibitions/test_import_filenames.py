"""Files come to the rows they belong to, and what could be of several rows is said to be."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exhibitions.importing.filenames import (
    Matching,
    RowKey,
    match_files,
    natural_key,
    side_of,
)


def rows_of(*keys: tuple[str, str]) -> list[RowKey]:
    """Rows 1, 2 … of these references and numbers."""
    return [RowKey(row, reference, number) for row, (reference, number) in enumerate(keys, 1)]


def naming(*files: str, row: int = 1, reference: str = "", number: str = "") -> RowKey:
    """A row whose own column names these files."""
    return RowKey(row, reference, number, files)


def fate(matching: Matching, name: str) -> int | list[int] | None:
    """The row of a file, all rows it could be of, or None."""
    if name in matching.ambiguous:
        return matching.ambiguous[name]
    if name in matching.without_row:
        return None
    (row,) = (row for row, files in matching.files_of.items() if name in files)
    return row


class TestReferences:
    ROWS = rows_of(
        ("LS-0012", ""),
        ("LS-001", ""),
        ("LS-0120", ""),
        ("15/QĐ-UB", ""),
        ("Hồ sơ 7", ""),
        ("LS-0300-01", ""),
        ("LS-0300", ""),
        ("152/QĐ", ""),
    )

    @pytest.mark.parametrize(
        ("name", "row"),
        [
            # The whole name, in any case, with or without marks.
            ("LS-0012.jpg", 1),
            ("ls-0012.TIF", 1),
            ("LS 0012.jpg", 1),
            ("LS_0012.jpg.jpg", 1),
            ("LS-0012", 1),
            ("ho so 7.png", 5),
            ("HỒ SƠ 7.png", 5),
            ("hồ_sơ_7.png", 5),
            # With something after a separator.
            ("LS-0012_01.jpg", 1),
            ("LS-0012-2.jpg", 1),
            ("LS-0012 (3).jpg", 1),
            ("LS-0012(3).jpg", 1),
            ("LS-0012.4.jpg", 1),
            ("LS-0012_mat truoc.jpg", 1),
            ("LS-0012_mattruoc.jpg", 1),
            ("LS-0012 Lời kêu gọi.jpg", 1),
            # A letter may follow a digit.
            ("LS-0012a.jpg", 1),
            ("LS-0012B.jpg", 1),
            ("LS-0012b_2.jpg", 1),
            ("LS-0012v.jpg", 1),
            ("LS-0012abc.jpg", None),
            ("LS-0012a2.jpg", None),
            ("LS-00123.jpg", None),
            ("XLS-0012.jpg", None),
            ("so LS-0012.jpg", None),
            # The longest wins.
            ("LS-001_2.jpg", 2),
            ("LS-0012_1.jpg", 1),
            ("LS-0300-01.jpg", 6),
            ("LS-0300-01_2.jpg", 6),
            ("LS-0300-02.jpg", 7),
            ("LS-0300_001.jpg", 7),
            # Zeros do not matter.
            ("LS-12.jpg", 1),
            ("LS-00012_2.jpg", 1),
            ("LS-120.jpg", 3),
            ("ho so 007.png", 5),
            # Nor do other separators, but numbers stay apart.
            ("15-QĐ-UB.jpg", 4),
            ("15_QD_UB.jpg", 4),
            ("15QDUB.jpg", 4),
            ("15QDUB_2.jpg", 4),
            ("015 qđub (2).jpg", 4),
            ("LS0012.jpg", 1),
            ("LS0012_01.jpg", 1),
            ("15-2-QĐ.jpg", None),
            ("152QD.jpg", 8),
            ("", None),
            ("---.jpg", None),
            (".jpg", None),
        ],
    )
    def test_a_file_comes_to_the_row_whose_reference_it_begins_with(
        self, name: str, row: int | None
    ) -> None:
        matching = match_files(self.ROWS, [name])

        # "LS-0300_001" could be a reference with other zeros, but also a page.
        expected = [6, 7] if name == "LS-0300_001.jpg" else row
        assert fate(matching, name) == expected

    def test_zeros_matter_where_they_tell_rows_apart(self) -> None:
        rows = rows_of(("LS-12", ""), ("LS-0012", ""))

        matching = match_files(rows, ["LS-12_1.jpg", "LS-0012_1.jpg", "LS-012_1.jpg"])

        assert matching.files_of == {1: ["LS-12_1.jpg"], 2: ["LS-0012_1.jpg"]}
        assert matching.ambiguous == {"LS-012_1.jpg": [1, 2]}

    def test_separators_matter_where_they_tell_rows_apart(self) -> None:
        rows = rows_of(("AB-C", ""), ("A-BC", ""))

        matching = match_files(rows, ["AB-C.jpg", "A_BC.jpg", "abc.jpg"])

        assert matching.files_of == {1: ["AB-C.jpg"], 2: ["A_BC.jpg"]}
        assert matching.ambiguous == {"abc.jpg": [1, 2]}

    def test_a_longer_reference_with_other_separators_wins(self) -> None:
        rows = rows_of(("15", ""), ("15/QĐ-UB", ""))

        assert match_files(rows, ["15_QDUB.jpg"]).files_of == {2: ["15_QDUB.jpg"]}

    def test_a_reference_given_to_two_rows_decides_nothing(self) -> None:
        rows = rows_of(("LS-1", ""), ("LS-1", ""))

        matching = match_files(rows, ["LS-1.jpg"])

        assert matching.ambiguous == {"LS-1.jpg": [1, 2]}
        assert matching.without_file == [1, 2]


class TestNumbers:
    ROWS = rows_of(("", "1"), ("", "2"), ("", "12"), ("", "STT 13"), ("", "14a"), ("", "14"))

    @pytest.mark.parametrize(
        ("name", "row"),
        [
            ("12.jpg", 3),
            ("012.jpg", 3),
            ("00012.jpg", 3),
            ("STT 12.jpg", 3),
            ("stt12.jpg", 3),
            ("STT_012.jpg", 3),
            ("Số 12.jpg", 3),
            ("Hình 12.jpg", 3),
            ("hinh-12.jpg", 3),
            ("Ảnh 12.jpg", 3),
            ("Anh (12).jpg", 3),
            ("H12.jpg", 3),
            ("h.12.jpg", 3),
            ("012_01.jpg", 3),
            ("12-2.jpg", 3),
            ("12a.jpg", 3),
            ("12 b.jpg", 3),
            ("12 (2).jpg", 3),
            ("12_trang 2.jpg", 3),
            ("12_mặt trước.jpg", 3),
            ("12_mat sau.jpg", 3),
            ("12_2_mat sau.jpg", 3),
            ("12v.jpg", 3),
            ("H12_2.jpg", 3),
            ("13.jpg", 4),
            ("14a.jpg", 5),
            ("14a_2.jpg", 5),
            ("14b.jpg", 6),
            # What is more than a number and a page.
            ("12-05-1975.jpg", None),
            ("12_1975_2.jpg", None),
            ("12_20190101.jpg", None),
            ("12 Bác Hồ.jpg", None),
            ("12abc.jpg", None),
            ("12-QĐ-UB.jpg", None),
            ("A12.jpg", None),
            ("112.jpg", None),
            ("99.jpg", None),
            # Cameras and scanners count for themselves.
            ("DSC_0012.jpg", None),
            ("DSC00012.jpg", None),
            ("IMG_0012.jpg", None),
            ("IMG_20190101.jpg", None),
            ("IMG-20190101-WA0012.jpg", None),
            ("20190101_121212.jpg", None),
            ("P1010012.jpg", None),
            ("Scan 12.jpg", None),
            ("Scan_0012.jpg", None),
        ],
    )
    def test_a_file_comes_to_the_row_whose_number_it_is(self, name: str, row: int | None) -> None:
        assert fate(match_files(self.ROWS, [name]), name) == row

    def test_a_number_of_letters_is_none(self) -> None:
        assert fate(match_files(rows_of(("", "I"), ("", "A")), ["I.jpg"]), "I.jpg") is None

    def test_a_reference_is_told_before_a_number(self) -> None:
        rows = rows_of(("12", "1"), ("LS-2", "12"))

        matching = match_files(rows, ["12.jpg", "12_01.jpg", "012.jpg", "1.jpg", "STT 12.jpg"])

        # The whole name is the reference; else it could be page 1 of either.
        assert matching.files_of == {1: ["1.jpg", "12.jpg"], 2: ["STT 12.jpg"]}
        assert matching.ambiguous == {"012.jpg": [1, 2], "12_01.jpg": [1, 2]}

    def test_a_reference_and_a_number_of_the_same_row_agree(self) -> None:
        rows = rows_of(("12", "12"))

        assert match_files(rows, ["12_01.jpg"]).files_of == {1: ["12_01.jpg"]}


class TestFolders:
    ROWS = rows_of(("LS-0012", "1"), ("LS-0013", "2"), ("", "3"))

    @pytest.mark.parametrize(
        ("name", "row"),
        [
            # A page's number or side.
            ("LS-0012/01.jpg", 1),
            ("LS-0012/2.jpg", 1),
            ("LS-0012/2a.jpg", 1),
            ("LS-0012/trang 2.jpg", 1),
            ("LS-0012/Ảnh 2.jpg", 1),
            ("LS-0012/mặt sau.jpg", 1),
            ("LS-0012/r.jpg", 1),
            ("LS-0012/b.jpg", 1),
            # What says nothing.
            ("LS-0012/DSC_0002.jpg", 1),
            ("LS-0012/Lời kêu gọi.jpg", 1),
            ("LS-0012/", 1),
            # What says something itself.
            ("LS-0012/LS-0013_1.jpg", 2),
            ("LS-0012/STT 2.jpg", 2),
            # The folder's name, as a file's.
            ("ls 12/1.jpg", 1),
            ("LS-0012 Lời kêu gọi/1.jpg", 1),
            ("3/1.jpg", 3),
            ("STT 3/1.jpg", 3),
            ("003/1.jpg", 3),
            # The nearest that says something.
            ("LS-0012/bản gốc/1.jpg", 1),
            ("Đợt quét/LS-0012/1.jpg", 1),
            ("LS-0013/LS-0012/1.jpg", 1),
            ("a/b/c/d/e/f/g/h/i/LS-0012/1.jpg", 1),
            ("LS-0012/" + "a/" * 5_000 + "x.jpg", None),
            # A page of a PDF lies in it.
            ("LS-0012.pdf, trang 2.jpg", 1),
            ("LS-0012.pdf, trang 2", 1),
            ("Hồ sơ/LS-0012.PDF, page 2", 1),
            ("3.pdf, trang 1", 3),
            # No folder that says anything.
            ("Ảnh chụp/2.jpg", 2),
            ("Ảnh chụp/DSC_2.jpg", None),
        ],
        ids=lambda value: str(value)[-40:],
    )
    def test_a_file_comes_to_the_row_of_its_folder_where_its_name_says_nothing(
        self, name: str, row: int | None
    ) -> None:
        assert fate(match_files(self.ROWS, [name]), name) == row

    def test_a_folder_tells_which_of_two_rows_is_meant(self) -> None:
        rows = rows_of(("12", "1"), ("LS-2", "12"))

        matching = match_files(rows, ["LS-2/12_01.jpg", "12_01.jpg"])

        assert matching.files_of == {2: ["LS-2/12_01.jpg"]}
        assert matching.ambiguous == {"12_01.jpg": [1, 2]}

    def test_a_folder_of_two_rows_makes_its_files_ambiguous(self) -> None:
        rows = rows_of(("LS-1", ""), ("LS-1", ""))

        assert match_files(rows, ["LS-1/2.jpg"]).ambiguous == {"LS-1/2.jpg": [1, 2]}


class TestTheListsColumn:
    @pytest.mark.parametrize(
        ("entry", "name"),
        [
            ("a.jpg", "a.jpg"),
            ("A.JPG", "a.jpg"),
            ("Ảnh Bác.jpg", "anh bac.jpg"),
            ("Ảnh Bác.jpg", "Ảnh Bác.jpg"),
            ("a.jpg", "scans/a.jpg"),
            ("scans/a.jpg", "scans/a.jpg"),
            ("scans\\a.jpg", "scans/a.jpg"),
            ("D:\\Số hóa\\scans\\a.jpg", "scans/a.jpg"),
            ("scans/a.jpg", "a.jpg"),
            ("./a.jpg", "a.jpg"),
            (" a.jpg ", "a.jpg"),
            # Another extension, or none.
            ("a", "a.jpg"),
            ("a.jpg", "a.tif"),
            ("scans/a", "scans/a.jpg"),
            ("15.UB", "15.UB.jpg"),
            ("a_1.jpg", "a-1.jpg"),
            # What the files have in common.
            ("LS-0012", "LS-0012_01.jpg"),
            ("scans/LS-0012", "scans LS-0012_01.jpg"),
            # Folders.
            ("scans/", "scans/a.jpg"),
            ("scans", "scans/a.jpg"),
            ("Bản quét\\", "ban quet/a.jpg"),
            ("scans/", "scans/1/a.jpg"),
            ("scans/", "all/scans/a.jpg"),
            ("all/scans/", "all/scans/a.jpg"),
            ("D:\\Số hóa\\scans\\", "scans/a.jpg"),
            # A PDF that was taken apart.
            ("a.pdf", "a.pdf, trang 1"),
            ("scans/a.pdf", "scans/a.pdf, trang 12"),
            ("a", "a.pdf, trang 1"),
        ],
    )
    def test_a_file_the_list_names_comes_to_its_row(self, entry: str, name: str) -> None:
        assert match_files([naming(entry)], [name]).files_of == {1: [name]}

    @pytest.mark.parametrize(
        ("entry", "name"),
        [
            ("a.jpg", "b.jpg"),
            ("a.jpg", "a_1.jpg"),
            ("a.jpg", "a1.jpg"),
            ("scans/", "scan/a.jpg"),
            ("scans", "a/scansb/c.jpg"),
            ("", "a.jpg"),
            ("/", "a.jpg"),
            ("...", "a.jpg"),
            ("---", "a.jpg"),
        ],
    )
    def test_a_file_the_list_does_not_name_does_not(self, entry: str, name: str) -> None:
        assert match_files([naming(entry)], [name]).without_row == [name]

    def test_the_list_is_told_before_references_and_numbers(self) -> None:
        rows = [
            naming("LS-0002.jpg", "3", row=1, reference="LS-0001", number="1"),
            RowKey(2, "LS-0002", "2"),
            RowKey(3, "LS-0003", "3"),
        ]

        matching = match_files(rows, ["LS-0001.jpg", "LS-0002.jpg", "LS-0002_2.jpg", "3.jpg"])

        assert matching.files_of == {
            1: ["LS-0002.jpg", "3.jpg", "LS-0001.jpg"],
            2: ["LS-0002_2.jpg"],
        }
        assert matching.without_file == [3]

    def test_files_come_in_the_order_of_the_list_and_then_in_natural_order(self) -> None:
        row = naming("LS-1_9.jpg", "b/", "LS-1_2.jpg", reference="LS-1")
        names = ["LS-1_1.jpg", "LS-1_2.jpg", "b/10.jpg", "b/9.jpg", "LS-1_10.jpg", "LS-1_9.jpg"]

        assert match_files([row], names).files_of[1] == [
            "LS-1_9.jpg",
            "b/9.jpg",
            "b/10.jpg",
            "LS-1_2.jpg",
            "LS-1_1.jpg",
            "LS-1_10.jpg",
        ]

    def test_a_file_that_several_rows_name_is_said_to_be_of_all(self) -> None:
        rows = [naming("map.jpg", row=5), naming("MAP.jpg", row=9), RowKey(7, "map", "")]

        matching = match_files(rows, ["map.jpg"])

        assert matching.ambiguous == {"map.jpg": [5, 9]}
        assert matching.without_file == [5, 9, 7]

    def test_a_name_of_which_there_are_several_files_is_not_guessed(self) -> None:
        matching = match_files([naming("a.jpg", row=5)], ["x/a.jpg", "y/a.jpg", "z/b.jpg"])

        assert matching.ambiguous == {"x/a.jpg": [5], "y/a.jpg": [5]}
        assert matching.without_row == ["z/b.jpg"]

    def test_the_folder_in_the_list_tells_files_of_one_name_apart(self) -> None:
        matching = match_files(
            [naming("x/a.jpg", row=1), naming("scans\\y\\a.jpg", row=2)], ["x/a.jpg", "y/a.jpg"]
        )

        assert matching.files_of == {1: ["x/a.jpg"], 2: ["y/a.jpg"]}

    def test_the_rows_own_folder_tells_files_of_one_name_apart(self) -> None:
        rows = [
            naming("1.jpg", row=1, reference="LS-0001"),
            naming("1", row=2, number="7"),
        ]

        matching = match_files(rows, ["LS-1/1.jpg", "STT 7/1.tif"])

        assert matching.files_of == {1: ["LS-1/1.jpg"], 2: ["STT 7/1.tif"]}

    def test_a_file_in_another_rows_folder_is_not_taken_for_one_that_is_missing(self) -> None:
        rows = [naming("LS-0001/1.jpg", row=1, reference="LS-0001"), RowKey(2, "LS-0002", "")]

        matching = match_files(rows, ["LS-0002/1.jpg"])

        assert matching.files_of == {2: ["LS-0002/1.jpg"]}
        assert matching.without_file == [1]

    def test_two_files_without_the_extension_of_the_list_are_both_of_the_row(self) -> None:
        # Neither is certain to be meant, but both begin with what the list says.
        matching = match_files([naming("a")], ["a.jpg", "a.tif"])

        assert matching.files_of == {1: ["a.jpg", "a.tif"]}

    def test_two_files_with_other_extensions_than_the_list_says_are_of_no_row(self) -> None:
        assert match_files([naming("a.jpg")], ["a.png", "a.tif"]).files_of == {}

    def test_the_very_name_wins_over_one_without_marks(self) -> None:
        rows = [naming("ảnh.jpg", row=1), naming("anh.jpg", row=2)]

        assert match_files(rows, ["anh.jpg", "ảnh.jpg"]).files_of == {
            1: ["ảnh.jpg"],
            2: ["anh.jpg"],
        }

    def test_a_folder_that_several_rows_name_leaves_it_to_the_files_names(self) -> None:
        rows = [
            naming("scans/", row=1, reference="LS-0001"),
            naming("scans/", row=2, reference="LS-0002"),
        ]

        matching = match_files(rows, ["scans/LS-0001.jpg", "scans/LS-0002.jpg", "scans/x.jpg"])

        assert matching.files_of == {1: ["scans/LS-0001.jpg"], 2: ["scans/LS-0002.jpg"]}
        assert matching.without_row == ["scans/x.jpg"]

    def test_a_named_file_is_not_of_the_row_that_names_its_folder(self) -> None:
        rows = [naming("scans/", row=1), naming("scans/map.jpg", row=2)]

        matching = match_files(rows, ["scans/map.jpg", "scans/1.jpg"])

        assert matching.files_of == {1: ["scans/1.jpg"], 2: ["scans/map.jpg"]}

    def test_the_nearest_named_folder_counts(self) -> None:
        rows = [naming("scans/", row=1), naming("scans/b/", row=2)]

        matching = match_files(rows, ["scans/a/1.jpg", "scans/b/1.jpg", "scans/b/c/1.jpg"])

        assert matching.files_of == {
            1: ["scans/a/1.jpg"],
            2: ["scans/b/1.jpg", "scans/b/c/1.jpg"],
        }


class TestTheWhole:
    def test_two_files_of_the_same_name_share_their_fate(self) -> None:
        matching = match_files(rows_of(("LS-1", "")), ["LS-1.jpg", "x.jpg", "LS-1.jpg", "x.jpg"])

        assert matching.files_of == {1: ["LS-1.jpg", "LS-1.jpg"]}
        assert matching.without_row == ["x.jpg", "x.jpg"]

    def test_without_rows_or_files_there_is_nothing_to_match(self) -> None:
        assert match_files([], ["b.jpg", "a.jpg"]) == Matching({}, ["a.jpg", "b.jpg"], [], {})
        assert match_files(rows_of(("LS-1", "1")), []) == Matching({}, [], [1], {})

    def test_the_front_comes_before_the_back_of_each_page(self) -> None:
        in_order = [
            "LS-1.jpg",
            "LS-1_mat truoc.jpg",
            "LS-1_mặt sau.jpg",
            "LS-1_2_recto.jpg",
            "LS-1_2_verso.jpg",
            "LS-1_3r.jpg",
            "LS-1_3v.jpg",
            "LS-1_10_truoc.jpg",
            "LS-1_10_sau.jpg",
        ]
        shuffled = random.Random(1).sample(in_order, len(in_order))

        assert match_files(rows_of(("LS-1", "")), shuffled).files_of[1] == in_order

    def test_two_thousand_rows_and_five_thousand_files_take_a_moment(self) -> None:
        rows = [
            RowKey(row, f"LS-{row:04}/QĐ-UB", str(row), (f"LS-{row:04}.jpg", f"anh {row}/"))
            for row in range(1, 2_001)
        ]
        names = [
            name
            for row in range(1, 1_001)
            for name in (
                f"LS-{row:04}.jpg",
                f"Đợt 1/LS-{row:04}_QD_UB/{row % 9:02}.jpg",
                f"LS{row:04}QDUB_mặt sau.jpg",
                f"{row:04}_2.tif",
                f"anh {row}/DSC_{row:05}.jpg",
            )
        ]

        start = time.process_time()
        matching = match_files(rows, names)
        seconds = time.process_time() - start

        assert {len(files) for files in matching.files_of.values()} == {5}
        assert len(matching.without_file) == 1_000
        # A quarter of that when nothing else runs; n × m comparisons take a minute.
        assert seconds < 5

    @pytest.mark.parametrize("entry", ["a.jpg", "1.jpg", "a", "scans/", "x/1.jpg", "LS"])
    def test_a_list_that_says_the_same_in_every_row_is_read_as_fast(self, entry: str) -> None:
        rows = [RowKey(row, "LS", "1", (entry,)) for row in range(1_000)]
        names = [f"scans/{number % 50}/{number // 50}.jpg" for number in range(1_000)]

        start = time.process_time()
        match_files(rows, names)

        assert time.process_time() - start < 5

    PIECES = st.one_of(
        st.sampled_from(["LS-0012", "LS-12", "12", "012", "1", "a", "mặt sau", "v", "STT ", "đ"]),
        st.sampled_from(["_", "-", " ", "/", ".", ".jpg", ".pdf, trang ", "\\", "C:"]),
        st.sampled_from(["²", "٣", "\u0301", "ﬀ", "0" * 30]),
    )
    NAMES = st.lists(PIECES, max_size=6).map("".join)

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(st.tuples(NAMES, NAMES, st.lists(NAMES, max_size=3)), max_size=6),
        st.lists(st.one_of(NAMES, st.text(max_size=20)), max_size=12),
    )
    def test_each_file_is_in_exactly_one_place(
        self, keys: list[tuple[str, str, list[str]]], names: list[str]
    ) -> None:
        rows = [
            RowKey(row, reference, number, tuple(files))
            for row, (reference, number, files) in enumerate(keys)
        ]

        matching = match_files(rows, names)

        placed = Counter(matching.without_row)
        for files in matching.files_of.values():
            placed.update(files)
        counted = Counter(names)
        for name, could_be in matching.ambiguous.items():
            assert could_be and could_be == sorted(set(could_be))
            placed[name] += counted[name]
        assert placed == counted
        assert sorted([*matching.files_of, *matching.without_file]) == [row.row for row in rows]
        assert match_files(rows, names) == matching

    @settings(max_examples=200, deadline=None)
    @given(NAMES)
    def test_what_names_tell_is_always_an_answer(self, name: str) -> None:
        assert side_of(name) in ("recto", "verso", None)
        assert natural_key(name) < natural_key(name + "x")


class TestNaturalOrder:
    def test_numbers_are_in_order_of_their_value(self) -> None:
        in_order = [
            "1.jpg",
            "a.jpg",
            "A1.jpg",
            "a2.jpg",
            "ă3.jpg",
            "a10.jpg",
            "a10_1.jpg",
            "b.jpg",
            "b_2.jpg",
            "Đ1.jpg",
            "e.jpg",
        ]
        shuffled = random.Random(1).sample(in_order, len(in_order))

        assert sorted(shuffled, key=natural_key) == in_order

    def test_folders_are_compared_one_by_one(self) -> None:
        in_order = ["a 2/10.jpg", "a 10/2.jpg", "a 10/9.jpg", "b/1.jpg"]

        assert sorted(reversed(in_order), key=natural_key) == in_order

    def test_names_that_differ_in_marks_only_have_one_order(self) -> None:
        names = ["hồ.jpg", "hô.jpg", "Ho.jpg", "ho.jpg", "ho.JPG"]

        assert sorted(names, key=natural_key) == sorted(reversed(names), key=natural_key)

    def test_a_name_of_a_thousand_digits_is_no_trouble(self) -> None:
        assert natural_key("9" * 10_000 + ".jpg") < natural_key("1" + "0" * 10_000 + ".jpg")


class TestSidesAndPages:
    @pytest.mark.parametrize(
        ("name", "side"),
        [
            ("LS-1_mặt trước.jpg", "recto"),
            ("LS-1_mat truoc.jpg", "recto"),
            ("LS-1_mattruoc.jpg", "recto"),
            ("LS-1 recto.jpg", "recto"),
            ("LS-1_r.jpg", "recto"),
            ("12r.jpg", "recto"),
            ("12_truoc.jpg", "recto"),
            ("LS-1/r.jpg", "recto"),
            ("LS-1_Mặt Sau.jpg", "verso"),
            ("LS-1_mặt sau_2.jpg", "verso"),
            ("LS-1_verso.jpg", "verso"),
            ("12v.jpg", "verso"),
            ("LS-1_sau.jpg", "verso"),
            ("Phần V.jpg", None),
            ("Trước 1945.jpg", None),
            ("LS-1.jpg", None),
            ("mặt sau/1.jpg", None),
            ("", None),
        ],
    )
    def test_the_side_of_the_paper_is_told(self, name: str, side: str | None) -> None:
        assert side_of(name) == side
