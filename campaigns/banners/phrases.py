"""Where a Vietnamese title may be broken into lines, so that each line still makes sense.

Vietnamese writes every syllable as a word of its own, and the eye puts them together
again: ``Hồ | Chí Minh``, ``75 | năm`` or ``thi | đua`` over two lines is read as a mistake.
What belongs together is known of three things: names, whose words all begin with a capital
letter; numbers, with the word they count or are counted by; and the compounds that titles of
exhibitions are made of, which are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_PHRASE = 4
"""How many syllables are kept together at most; longer names may be broken."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(each.strip() for each in words.split(","))


# What a number stands after: "năm 1952", "số 39 VP", "ngày 14/7/1948", "Cụm 7".
BEFORE_A_NUMBER = _listed(
    "năm, tháng, ngày, quý, số, lần, thứ, kỳ, khóa, khoá, cụm, phần, chương, tập, quyển, điều, kỷ"
)

# Words that belong to what follows: a line gladly begins with one and never ends with one.
LEADING_WORDS = _listed(
    "và, của, về, trên, tại, trong, cho, từ, ra, với, để, theo, qua, do, bằng, vì, dưới, giữa, "
    "đến, tới, ở, các, những, mọi, làm, là"
)

COMPOUNDS = _listed("""
anh hùng, ban hành, biên giới, biển đảo, bản đồ, bảo vệ, bầu cử, bộ đội, chiến dịch, chiến khu,
chiến sĩ, chiến thắng, chiến tranh, chuyển đổi số, châu bản, chính phủ, chính quyền, chính trị,
chương trình, chủ nghĩa, chủ quyền, chủ tịch, con người, cách mạng, cán bộ, công an, công bố,
công chức, công nghiệp, cộng hoà, cộng hòa, cộng sản, danh nhân, di chúc, di sản, di tích,
dân chủ, dân tộc, dấu ấn, giai đoạn, giá trị, giáo dục, giải phóng, giới thiệu, hiện vật,
hiệp định, hoà bình, hoạt động, hành chính, hành trình, hình ảnh, hòa bình, hạnh phúc, hội nghị,
hội nhập, hội đồng, hữu nghị, khai mạc, khen thưởng, khoa học, kháng chiến, không gian mạng,
khởi nghĩa, kinh tế, kêu gọi, ký ức, kỉ niệm, kỷ nguyên, kỷ niệm, lãnh thổ, lãnh đạo, lưu trữ,
lịch sử, lời kêu gọi, lực lượng, miền bắc, miền nam, miền núi, miền trung, mộc bản, nghệ thuật,
nhà nước, nhân dân, nhân dịp, nông dân, nông thôn, nội vụ, phong trào, phát huy, phát triển,
phía bắc, phía nam, phụ nữ, quan hệ, quân sự, quân đội, quê hương, quốc gia, quốc hội,
quốc khánh, quốc phòng, quốc tế, sáng tạo, sưu tầm, sự kiện, thanh niên, thi đua, thiếu nhi,
thành lập, thành phố, thành tựu, thế kỷ, thống nhất, thời kỳ, thủ tướng, toàn quốc, triển lãm,
trung tâm, trung ương, truyền thống, trí thức, trưng bày, trực tiếp, trực tuyến, tuyên ngôn,
tuyên truyền, tài liệu, tư liệu, tổ quốc, tổng bí thư, tổng tuyển cử, tự do, uỷ ban, việt nam,
văn hoá, văn hóa, văn kiện, văn thư, xuất bản, xây dựng, xã hội, yêu nước, ái quốc, đoàn kết,
đại biểu, đại hội, đại tướng, đại đoàn kết, đất nước, địa phương, đồng bào, đồng chí, đổi mới,
độc lập, ủy ban
""")
"""Words of several syllables in the titles of exhibitions, small letters; add what is missing."""

# Before a name these are part of it: "Chủ tịch Hồ Chí Minh".
TITLES_OF_PERSONS = ("chủ tịch", "thủ tướng", "tổng bí thư", "đồng chí", "bác", "đại tướng")

GLADLY, WILLINGLY, RELUCTANTLY, AT_NEED_ONLY = 0.0, 0.06, 0.15, 0.45
"""How unwillingly a title is broken at a place; see :func:`core.lettering.balanced_lines`."""

_Unit = tuple[str, ...]
"""The words of a compound, or a single word."""

_NUMBER = re.compile(r"[\d.,/-]*\d[\d.,/-]*")
# A count takes the word it counts: "75 năm", "120 tài liệu". A year or a date does not.
_COUNT = re.compile(r"\d{1,3}(?:\.\d{3})*")
_ENDS_A_PHRASE = tuple(',;:.!?)”»"–-…')
_BEGINS_A_PHRASE = tuple('(“«"–-')
_OPENS = ("(", "“", "«")
_EDGES = "".join({*_ENDS_A_PHRASE, *_BEGINS_A_PHRASE})


def phrases(title: str) -> list[str]:
    """``title`` in pieces that are to stay on one line; joined by spaces they are the title."""
    found: list[list[_Unit]] = []
    for unit in _units(title.split()):
        phrase = found[-1] if found else []
        syllables = sum(len(each) for each in phrase) + len(unit)
        if phrase and syllables <= LONGEST_PHRASE and _belong(phrase, unit):
            phrase.append(unit)
        else:
            found.append([unit])
    return [" ".join(word for unit in phrase for word in unit) for phrase in found]


def reluctance(before: str, after: str) -> float:
    """How unwillingly a title is broken between two of its phrases."""
    last, first = before.split()[-1], after.split()[0]
    if last.casefold() in LEADING_WORDS or before.startswith(_OPENS):
        return AT_NEED_ONLY
    if before.casefold().endswith(TITLES_OF_PERSONS) and _is_capitalised(first):
        return AT_NEED_ONLY
    if last.endswith(_ENDS_A_PHRASE) or first.startswith(_BEGINS_A_PHRASE):
        return GLADLY
    if first.casefold() in LEADING_WORDS:
        return WILLINGLY
    return RELUCTANTLY


def _units(words: Sequence[str]) -> list[_Unit]:
    """``words`` one by one, but those of a compound together."""
    units: list[_Unit] = []
    start = 0
    while start < len(words):
        length = next(
            (n for n in range(LONGEST_PHRASE, 1, -1) if _is_compound(words[start : start + n])), 1
        )
        units.append(tuple(words[start : start + length]))
        start += length
    return units


def _is_compound(words: Sequence[str]) -> bool:
    """Tell whether ``words`` are a listed compound, with no mark between them."""
    broken = any(word.endswith(_ENDS_A_PHRASE) for word in words[:-1])
    bare = " ".join(word.strip(_EDGES).casefold() for word in words)
    return not broken and bare in COMPOUNDS


def _belong(phrase: Sequence[_Unit], unit: _Unit) -> bool:
    """Tell whether ``unit`` must follow the last word of ``phrase`` on the same line."""
    before, word = phrase[-1][-1], unit[0]
    if before.endswith(_ENDS_A_PHRASE) or word.startswith(_BEGINS_A_PHRASE):
        return False
    if _COUNT.fullmatch(before):
        return not _NUMBER.fullmatch(word) and word.casefold() not in LEADING_WORDS
    if _NUMBER.match(word):
        return before.casefold() in BEFORE_A_NUMBER
    if any(" ".join(each).casefold() in TITLES_OF_PERSONS for each in (phrase[-1], unit)):
        return False
    return all(_is_capitalised(each[0]) for each in (*phrase, unit))


def _is_capitalised(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return bool(letters) and letters[0].isupper()
