"""The columns of a list, and which of an editor's headings is which of them.

An editor comes with her own list, not with our template. Her headings are compared with
the words offices use; what is guessed is shown to her and corrected by hand. Headings
are Vietnamese whatever the language of the portal, as lists are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from core.vietnamese import fold

PAGE, NUMBER = "page", "number"
PART_LEVELS = ("part", "section", "subsection")
"""Columns that say where an item stands, from the outermost Part inwards."""

SOURCE = "source"
"""One column for organisation or person, as lists have it."""

FILES, LABELS, ALT_TEXTS = "files", "labels", "alt_texts"
TRANSCRIPTIONS, TRANSLATIONS = "transcriptions", "translations"
MEDIA_COLUMNS = (FILES, LABELS, ALT_TEXTS, TRANSCRIPTIONS, TRANSLATIONS)

UNUSED = "-"
"""Chosen for a heading that the editor leaves out; it is told before anything is imported."""

LEAST_LIKENESS = 0.86
"""How much alike a heading and a known one are, at least, to be taken for the same."""
SHORTEST_ALIKE = 6
"""Letters of a heading that is compared by likeness; shorter words are like too many."""
LEAST_OWN_HEADINGS = 12
"""Headings of the portal's workbook by which a list is known to be one."""
LONGEST_HEADING = 60
"""Letters of a heading; what is longer is text."""


@dataclass(frozen=True)
class Column:
    """A column of the workbook. ``also`` are other headings that lists have for it, folded."""

    name: str
    heading: str
    also: tuple[str, ...] = ()
    hint: str = ""
    width: int = 18
    in_workbook: bool = True


COLUMNS = (
    Column(PAGE, "Mã số", ("ma so trang",), "Cổng tự ghi; giữ nguyên để nhận ra tài liệu.", 9),
    Column(
        NUMBER,
        "STT",
        ("so tt", "so thu tu", "tt", "no"),
        "Ghép với tệp có số này trong tên. Thứ tự trưng bày là thứ tự các dòng.",
        6,
    ),
    Column(
        "part",
        "Phần",
        ("ten phan", "noi dung phan", "chuong", "khu vuc", "chu de", "nhom"),
        "Tên Phần, hoặc số của Phần đã có: I, 1, Phần I.",
        30,
    ),
    Column("section", "Mục trong Phần", ("tieu de muc", "tinh", "tieu phan"), "", 24),
    Column("subsection", "Tiểu mục", ("muc nho",), "", 18),
    Column(
        "reference",
        "Ký hiệu trưng bày",
        (
            "ky hieu tai lieu", "ma tai lieu", "ma hien vat", "ma so tai lieu", "ky hieu hien vat",
            "so dang ky", "ma anh", "so kiem ke", "ky hieu anh", "ma",
        ),
        "Duy nhất trong triển lãm, ví dụ LS-012.",
        14,
    ),
    Column("kind", "Loại", ("loai hinh", "the loai", "loai tai lieu", "loai hien vat"), "", 14),
    Column(
        "title",
        "Tên tài liệu",
        (
            "tieu de", "ten", "ten goi", "ten tai lieu hinh anh", "ten hien vat", "noi dung",
            "noi dung tai lieu", "ten anh", "noi dung anh", "ten tai lieu, hien vat",
            "noi dung tai lieu hinh anh", "tai lieu", "ten tac pham", "noi dung trung bay",
        ),
        "Bắt buộc, trừ khi có chú thích hoặc trích yếu.",
        48,
    ),
    Column("caption", "Chú thích", ("chu thich anh", "loi chu thich"), "In dưới hình.", 40),
    Column("description", "Mô tả", ("mo ta noi dung", "gioi thieu", "thuyet minh"), "", 40),
    Column("quotation", "Câu trích", ("trich dan", "loi trich"), "", 30),
    Column(
        "type_name",
        "Tên loại văn bản",
        ("ten loai", "the loai van ban", "loai van ban"),
        "Ví dụ: Công văn.",
    ),
    Column("document_number", "Số", ("so van ban",), "", 9),
    Column("document_symbol", "Ký hiệu văn bản", ("ky hieu", "ky hieu vb"), "", 14),
    Column(
        "issuing_body",
        "Cơ quan ban hành",
        ("tac gia van ban", "tac gia", "noi ban hanh", "co quan ban hanh van ban"),
        "",
        26,
    ),
    Column(
        "abstract",
        "Trích yếu nội dung",
        ("trich yeu", "trich yeu noi dung van ban", "tom tat noi dung"),
        "",
        40,
    ),
    Column(
        "date",
        "Thời gian",
        (
            "ngay thang nam", "ngay, thang, nam", "ngay thang", "nam", "ngay", "nien dai",
            "thoi gian van ban", "ngay ban hanh", "thoi gian chup", "ngay thang van ban",
            "ngay chup",
        ),
        "14/7/1948 · 7/1948 · 1952 · 1965-1973 · khoảng 1945 · không rõ ngày",
        18,
    ),
    Column("date_display", "Thời gian hiển thị", (), "Chỉ khi in khác cột Thời gian.", 18),
    Column("place", "Địa điểm", ("noi chup", "dia danh", "dia phuong"), "", 22),
    Column(
        SOURCE,
        "Nguồn",
        (
            "nguon tai lieu", "nguon anh", "nguon cung cap", "noi luu tru", "noi luu giu",
            "don vi cung cap", "don vi luu giu", "nguon su tam", "co quan luu tru", "nguon goc",
            "noi cung cap", "nguon khai thac",
        ),
        "Cơ quan, đơn vị hoặc cá nhân.",
        30,
        in_workbook=False,
    ),
    Column("source_organisation", "Nguồn: cơ quan", (), "Tên trong danh mục Cơ quan, đơn vị.", 30),
    Column("source_person_title", "Danh xưng", (), "Ví dụ: NSNA.", 11),
    Column(
        "source_person",
        "Nguồn: cá nhân",
        ("nguoi cung cap", "tac gia anh", "nguoi chup", "nguoi hien tang"),
        "",
        22,
    ),
    Column("repository", "Kho lưu trữ", ("kho",), "", 20),
    Column("fonds", "Phông", ("ten phong", "phong luu tru", "phong so"), "", 26),
    Column("inventory", "Mục lục số", ("muc luc", "so muc luc", "ml so"), "", 10),
    Column("box", "Hộp số", ("hop", "cap", "cap hop so"), "", 9),
    Column(
        "file",
        "Hồ sơ số",
        ("ho so", "so ho so", "ky hieu ho so", "ma ho so", "dvbq", "don vi bao quan"),
        "",
        12,
    ),
    Column("sheet", "Tờ số", ("to", "so to"), "", 9),
    Column("language", "Ngôn ngữ", ("ngon ngu van ban",), "", 14),
    Column("extent", "Số trang", ("so luong trang", "so trang van ban"), "", 9),
    Column("keywords", "Từ khóa", ("tu khoa tim kiem",), "Cách nhau bằng dấu phẩy.", 24),
    Column("first_published", "Lần đầu công bố", ("cong bo lan dau",), "có, hoặc để trống", 10),
    Column("access_level", "Mức độ tiếp cận", ("tiep can", "che do su dung"), "", 20),
    Column("original_secrecy", "Độ mật gốc", ("do mat", "muc do mat"), "", 12),
    Column("declassification", "Quyết định giải mật", ("giai mat",), "", 20),
    Column("rights", "Quyền tác giả, quyền sử dụng", ("ban quyen", "quyen tac gia"), "", 24),
    Column(
        FILES,
        "Tên tệp",
        (
            "tep", "file", "ten file", "ten file anh", "ten tep anh", "file anh", "tep dinh kem",
            "anh scan", "file scan", "duong dan", "ten anh so",
        ),
        "Mỗi tệp một dòng trong ô (Alt+Enter).",
        28,
    ),
    Column(LABELS, "Nhãn", ("nhan anh", "mat"), "Mỗi tệp một dòng: Mặt trước, Trang 2 …", 16),
    Column(ALT_TEXTS, "Mô tả ảnh", ("van ban thay the", "alt"), "Mỗi tệp một dòng.", 30),
    Column(
        TRANSCRIPTIONS,
        "Bản chép",
        ("ban chep noi dung", "noi dung chep", "phien am"),
        "Nhiều trang: ngăn bằng một dòng ---",
        40,
    ),
    Column(TRANSLATIONS, "Bản dịch", ("dich nghia",), "Nhiều trang: ngăn bằng một dòng ---", 40),
)  # fmt: skip

BY_NAME = {column.name: column for column in COLUMNS}
WORKBOOK_COLUMNS = tuple(column for column in COLUMNS if column.in_workbook)

_KNOWN: Mapping[str, str] = {
    fold(words): column.name for column in COLUMNS for words in (column.heading, *column.also)
}
_NOISE = re.compile(r"\([^)]*\)|[*:.]+$")


EITHER_SYMBOL: Final = frozenset({"ky hieu", "so, ky hieu", "so ky hieu", "so va ky hieu"})
"""Headings that mean the place in the exhibition in one list, and a letter's in another."""
_LIKE_A_REFERENCE = re.compile(r"[A-ZĐ]{1,6}[-. ]?\d{1,6}[a-zđ]?|[IVX]{1,5}[-.]\d{1,4}[a-zđ]?")


def folded_heading(heading: str) -> str:
    """A heading without marks, case, remarks in brackets and stars."""
    return fold(_NOISE.sub(" ", " ".join(heading.split())).strip())


def heading_score(cells: Sequence[str], *, alike: bool = False) -> float:
    """How much a row looks like the headings of a list: how many it has that are known.

    Word for word, or those ``alike`` as well.
    """
    filled = [folded_heading(cell) for cell in cells if cell.strip()]
    if len(filled) < 2:
        return 0.0
    known = sum(words in _KNOWN or (alike and _column_alike(words) is not None) for words in filled)
    return known + known / len(filled)


@lru_cache(maxsize=1_024)
def _column_alike(folded: str) -> str | None:
    """The column whose heading is most like ``folded``, if any is enough."""
    if not SHORTEST_ALIKE <= len(folded) <= LONGEST_HEADING:
        return None
    alike = get_close_matches(folded, _KNOWN, n=1, cutoff=LEAST_LIKENESS)
    return _KNOWN[alike[0]] if alike else None


def has_own_headings(headings: Sequence[str]) -> bool:
    """Whether a list has the headings of the portal's own workbook, or many of them."""
    own = {column.heading for column in WORKBOOK_COLUMNS}
    return len(own.intersection(headings)) >= LEAST_OWN_HEADINGS


def _by_content(folded: str, texts: Sequence[str]) -> str | None:
    """What a heading that may be two columns is, told by what stands below it.

    "Ký hiệu" is the place in the exhibition (LS-0012), or that of an official letter (125/QĐ).
    """
    filled = [text.strip() for text in texts if text.strip()]
    if folded not in EITHER_SYMBOL or not filled:
        return None
    short = sum(_LIKE_A_REFERENCE.fullmatch(text) is not None for text in filled)
    return "reference" if 2 * short > len(filled) else "document_symbol"


def guess(
    headings: Sequence[str],
    decided: Mapping[str, str] | None = None,
    *,
    below: Mapping[int, Sequence[str]] = MappingProxyType({}),
    is_own: bool = False,
) -> dict[int, str]:
    """Which column each heading most likely is. No column is given twice.

    "Mã số" tells pages of the portal only in its own workbook: elsewhere it is whatever the
    office numbers, and left to the editor.

    What was ``decided`` on a heading (by its folded words) comes first, then a heading that
    is known word for word, then what stands ``below`` one that may be two columns, then one
    that is only like a known one. The second of two headings for
    one column is left to the editor.
    """
    folded = [folded_heading(heading) for heading in headings]
    decided = decided or {}
    found: dict[int, str] = {}
    taken: set[str] = set()
    ways: Sequence[Callable[[str, int], str | None]] = (
        lambda words, _index: decided.get(words),
        lambda words, _index: None if words in EITHER_SYMBOL else _KNOWN.get(words),
        lambda words, index: _by_content(words, below.get(index, ())),
        lambda words, _index: _KNOWN.get(words),
        lambda words, _index: _column_alike(words),
    )
    for way in ways:
        for index, words in enumerate(folded):
            name = way(words, index) if words and index not in found else None
            if name and name not in taken and (is_own or name != PAGE):
                found[index] = name
                taken |= {name} - {UNUSED}
    return found


def decided_of(lists: Iterable[tuple[Sequence[str], Mapping[str, str]]]) -> dict[str, str]:
    """What was decided on each heading, by its folded words; earlier ``lists`` come first.

    Each is its headings, and the names of their columns by index, written as text. That
    a heading which is known was once left out says nothing of other lists.
    """
    decided: dict[str, str] = {}
    for headings, chosen in lists:
        for index, heading in enumerate(headings):
            words, name = folded_heading(heading), chosen.get(str(index))
            if words and name and not (name == UNUSED and words in _KNOWN):
                decided.setdefault(words, name)
    return decided


def fingerprint(headings: Iterable[str]) -> str:
    """By which a list with these headings is known again."""
    folded = "\n".join(folded_heading(heading) for heading in headings)
    return hashlib.sha256(folded.encode()).hexdigest()


def names_pages(columns: Mapping[int, str]) -> bool:
    """Whether a list names the pages it tells of by their numbers, as our own workbook does."""
    return PAGE in columns.values()
