"""Dates of records: read as people write them, kept as EDTF, said in Vietnamese."""

from __future__ import annotations

import unicodedata
from datetime import date
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.partial_dates import PartialDateError, Qualifier, in_vietnamese, parse

WRITTEN = [
    ("14/7/1948", "1948-07-14", "ngày 14/7/1948"),
    ("14/07/1948", "1948-07-14", "ngày 14/7/1948"),
    ("14-7-1948", "1948-07-14", "ngày 14/7/1948"),
    ("14.7.1948", "1948-07-14", "ngày 14/7/1948"),
    ("07/12/2023", "2023-12-07", "ngày 7/12/2023"),
    ("ngày 14/7/1948", "1948-07-14", "ngày 14/7/1948"),
    ("ngày 14 tháng 7 năm 1948", "1948-07-14", "ngày 14/7/1948"),
    ("mùng 2 tháng 9 năm 1945", "1945-09-02", "ngày 2/9/1945"),
    ("7/1948", "1948-07", "tháng 7/1948"),
    ("tháng 7/1948", "1948-07", "tháng 7/1948"),
    ("tháng 7 năm 1948", "1948-07", "tháng 7/1948"),
    ("1952", "1952", "năm 1952"),
    ("năm 1952", "1952", "năm 1952"),
    ("năm 938", "0938", "năm 938"),
    ("ngày 2 tháng 9 năm 938", "0938-09-02", "ngày 2 tháng 9 năm 938"),
    ("1965-1973", "1965/1973", "1965–1973"),
    ("1965 – 1973", "1965/1973", "1965–1973"),
    ("những năm 1965-1973", "1965/1973", "1965–1973"),
    ("từ năm 1965 đến năm 1973", "1965/1973", "1965–1973"),
    ("từ năm 1965-1973", "1965/1973", "1965–1973"),
    ("1965-1965", "1965", "năm 1965"),
    (
        "12/3/1950 - 14/7/1950",
        "1950-03-12/1950-07-14",
        "từ ngày 12/3/1950 đến ngày 14/7/1950",
    ),
    ("12-3-1950 - 14-7-1950", "1950-03-12/1950-07-14", "từ ngày 12/3/1950 đến ngày 14/7/1950"),
    ("12-14/7/1950", "1950-07-12/1950-07-14", "từ ngày 12/7/1950 đến ngày 14/7/1950"),
    ("12/3-14/7/1950", "1950-03-12/1950-07-14", "từ ngày 12/3/1950 đến ngày 14/7/1950"),
    ("từ tháng 3 đến tháng 7 năm 1950", "1950-03/1950-07", "từ tháng 3/1950 đến tháng 7/1950"),
    ("khoảng 1945", "1945~", "khoảng năm 1945"),
    ("khoảng năm 1945", "1945~", "khoảng năm 1945"),
    ("khoảng 1965-1973", "1965~/1973~", "khoảng 1965–1973"),
    ("từ khoảng năm 1965 đến năm 1973", "1965~/1973", "từ khoảng năm 1965 đến năm 1973"),
    ("có thể năm 1945", "1945?", "có thể năm 1945"),
    ("năm 1945 (?)", "1945?", "có thể năm 1945"),
    ("có thể khoảng 1945", "1945%", "có thể khoảng năm 1945"),
    ("trước 1945", "../1945", "trước năm 1945"),
    ("khoảng trước năm 1945", "../1945~", "trước khoảng năm 1945"),
    ("đến hết năm 1945", "../1945", "trước năm 1945"),
    ("sau 1975", "1975/..", "sau năm 1975"),
    ("từ năm 1975 đến nay", "1975/..", "sau năm 1975"),
    ("1975 - nay", "1975/..", "sau năm 1975"),
    ("trước thế kỷ XIX", "../1800", "trước năm 1800"),
    ("sau thập niên 1960", "1969/..", "sau năm 1969"),
    ("thập niên 1960", "196X", "thập niên 1960"),
    ("những năm 1960", "196X", "thập niên 1960"),
    ("những năm 60 của thế kỷ XX", "196X", "thập niên 1960"),
    ("thế kỷ XIX", "18XX", "thế kỷ XIX"),
    ("thế kỉ 19", "18XX", "thế kỷ XIX"),
    ("cuối thế kỷ XIX", "1870~/1899~", "cuối thế kỷ XIX"),
    ("giữa thế kỷ XIX", "1830~/1869~", "giữa thế kỷ XIX"),
    ("đầu thế kỷ XX", "1900~/1929~", "đầu thế kỷ XX"),
    ("nửa sau thế kỷ XX", "1950~/1999~", "nửa cuối thế kỷ XX"),
    ("từ cuối thế kỷ XIX đến đầu thế kỷ XX", "1870~/1929~", "khoảng 1870–1929"),
    ("không rõ ngày", "XXXX", "không rõ ngày"),
    ("không rõ", "XXXX", "không rõ ngày"),
    ("không rõ ngày, tháng, năm", "XXXX", "không rõ ngày"),
    ("k.r", "XXXX", "không rõ ngày"),
    ("K.R.", "XXXX", "không rõ ngày"),
    ("1948-07-14", "1948-07-14", "ngày 14/7/1948"),
    ("1948-07", "1948-07", "tháng 7/1948"),
    ("1948-07-XX", "1948-07", "tháng 7/1948"),
    ("1948-XX", "1948", "năm 1948"),
    ("1965/1973", "1965/1973", "1965–1973"),
    ("1945~", "1945~", "khoảng năm 1945"),
    ("1945?", "1945?", "có thể năm 1945"),
    ("1945%", "1945%", "có thể khoảng năm 1945"),
    ("196x", "196X", "thập niên 1960"),
    ("196X/198X", "1960/1989", "1960–1989"),
    ("../1945", "../1945", "trước năm 1945"),
    ("1975/..", "1975/..", "sau năm 1975"),
    ("XXXX-XX-XX", "XXXX", "không rõ ngày"),
]


@pytest.mark.parametrize(("written", "edtf", "words"), WRITTEN)
def test_a_date_is_read_as_the_office_writes_it(written, edtf, words):
    assert parse(written).edtf == edtf
    assert in_vietnamese(edtf) == words


@pytest.mark.parametrize("written", [row[0] for row in WRITTEN])
def test_spaces_encoding_case_and_missing_marks_do_not_matter(written):
    edtf = parse(written).edtf
    marks_gone = "".join(
        character
        for character in unicodedata.normalize("NFD", written).replace("đ", "d")
        if not unicodedata.combining(character)
    )
    assert parse(f"  {written.replace(' ', '  ')}\n").edtf == edtf
    assert parse(unicodedata.normalize("NFD", written)).edtf == edtf
    assert parse(written.upper()).edtf == edtf
    assert parse(marks_gone).edtf == edtf


def test_what_was_written_is_kept_beside_the_edtf():
    assert parse(unicodedata.normalize("NFD", "  Khoảng  năm 1945 ")).text == "Khoảng năm 1945"


@pytest.mark.parametrize(
    ("written", "earliest", "latest", "qualifier"),
    [
        ("14/7/1948", date(1948, 7, 14), date(1948, 7, 14), Qualifier.EXACT),
        ("2/2024", date(2024, 2, 1), date(2024, 2, 29), Qualifier.EXACT),
        ("1952", date(1952, 1, 1), date(1952, 12, 31), Qualifier.EXACT),
        ("1965-1973", date(1965, 1, 1), date(1973, 12, 31), Qualifier.EXACT),
        ("thập niên 1960", date(1960, 1, 1), date(1969, 12, 31), Qualifier.EXACT),
        ("thế kỷ XIX", date(1800, 1, 1), date(1899, 12, 31), Qualifier.EXACT),
        ("khoảng 1945", date(1945, 1, 1), date(1945, 12, 31), Qualifier.APPROXIMATE),
        ("1945?", date(1945, 1, 1), date(1945, 12, 31), Qualifier.UNCERTAIN),
        ("1945~/1950?", date(1945, 1, 1), date(1950, 12, 31), Qualifier.UNCERTAIN_APPROXIMATE),
        ("trước 1945", None, date(1945, 12, 31), Qualifier.BEFORE),
        ("sau 1975", date(1975, 1, 1), None, Qualifier.AFTER),
        ("không rõ ngày", None, None, Qualifier.UNKNOWN),
        ("31/12/9999", date(9999, 12, 31), date(9999, 12, 31), Qualifier.EXACT),
    ],
)
def test_a_date_has_the_bounds_and_the_doubt_of_its_words(written, earliest, latest, qualifier):
    found = parse(written)
    assert (found.earliest, found.latest, found.qualifier) == (earliest, latest, qualifier)


def test_records_sort_by_the_earliest_day_with_the_undated_last():
    in_order = ["thế kỷ XIX", "trước 1945", "7/1948", "14/7/1948", "sau 1975", "không rõ"]
    sort_dates = [parse(text).sort_date for text in in_order]
    assert all(one < other for one, other in pairwise(sort_dates))


DAY_ADVICE = "does not exist. Write the day as day/month/year, for example 14/7/1948."
MONTH_ADVICE = "does not exist. Write the month as month/year, for example 7/1948."
UPSIDE_DOWN = (
    "The period ends before it begins. Write the earlier date first, for example 1965-1973."
)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("31/2/1948", f"31/2/1948 {DAY_ADVICE}"),
        ("31-2-1948", f"31-2-1948 {DAY_ADVICE}"),
        ("29/2/1900", f"29/2/1900 {DAY_ADVICE}"),
        ("7/14/1948", f"7/14/1948 {DAY_ADVICE}"),
        ("0/7/1948", f"0/7/1948 {DAY_ADVICE}"),
        ("31/2/1948 - 1/3/1948", f"31/2/1948 {DAY_ADVICE}"),
        ("30-31/6/1948", f"31/6/1948 {DAY_ADVICE}"),
        ("13/1948", f"13/1948 {MONTH_ADVICE}"),
        ("1973-1965", UPSIDE_DOWN),
        ("1973/1965", UPSIDE_DOWN),
        ("từ ngày 14/7/1950 đến ngày 12/3/1950", UPSIDE_DOWN),
        ("14/7/48", "Write the year of 14/7/48 with four digits, for example 14/7/1948."),
        ("0099", "Years run from 100 to 9999."),
        ("thế kỷ I", "Years run from 100 to 9999."),
    ],
)
def test_a_wrong_date_is_refused_with_advice(written, message):
    with translation.override("en"), pytest.raises(PartialDateError) as refusal:
        parse(written)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "written",
    ["", "  ", "hôm qua", "14/7", "99", "1948/07/14", "1965-73", "thế kỷ IIX", "trước", "khoảng",
     "Minh Mạng năm thứ 10", "những năm 60", "1945 hoặc 1946", "../..", "1948-21", "100%", "-"],
)  # fmt: skip
def test_what_is_no_date_is_refused_and_never_guessed(written):
    with pytest.raises(PartialDateError, match="không rõ ngày"):
        parse(written)


@pytest.mark.parametrize("written", ["1945" + "?" * 100_000, "1945" + "-1945" * 20_000])
def test_an_endless_text_is_refused_at_once(written):
    with pytest.raises(PartialDateError):
        parse(written)


def test_only_edtf_can_be_said():
    with pytest.raises(PartialDateError):
        in_vietnamese("14/7/1948")


years = st.integers(min_value=100, max_value=9999)
days = st.dates(min_value=date(100, 1, 1))
doubts = st.sampled_from(["", "~", "?", "%"])


@st.composite
def edtf_moments(draw, *, unspecified: bool = True) -> str:
    kinds = ["day", "month", "year"] + (["decade", "century"] if unspecified else [])
    kind, day = draw(st.sampled_from(kinds)), draw(days)
    year = f"{day.year:04d}"
    certain = {
        "day": day.isoformat(),
        "month": f"{year}-{day.month:02d}",
        "year": year,
        "decade": f"{year[:3]}X",
        "century": f"{year[:2]}XX",
    }[kind]
    return certain + draw(doubts)


@st.composite
def edtf_expressions(draw) -> str:
    shape = draw(st.sampled_from(["moment", "before", "after", "interval", "part", "unknown"]))
    moment = draw(edtf_moments(unspecified=shape == "moment"))
    if shape == "interval":
        other = draw(edtf_moments(unspecified=False))
        return "/".join(sorted([moment, other]))
    if shape == "part":
        century = draw(st.integers(min_value=1, max_value=99))
        first, last = draw(st.sampled_from([(0, 29), (30, 69), (70, 99), (0, 49), (50, 99)]))
        mark = draw(doubts)
        return f"{century * 100 + first:04d}{mark}/{century * 100 + last:04d}{mark}"
    return {
        "moment": moment,
        "before": f"../{moment}",
        "after": f"{moment}/..",
        "unknown": "XXXX",
    }[shape]


@given(edtf_expressions())
def test_what_is_said_of_a_date_is_read_back_to_the_same_date(edtf):
    found = parse(edtf)
    assert parse(in_vietnamese(found.edtf)).edtf == found.edtf
    assert parse(found.edtf).edtf == found.edtf


@given(edtf_expressions())
def test_no_date_ends_before_it_begins(edtf):
    found = parse(edtf)
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
    assert found.sort_date == (found.earliest or found.latest or date.max)


@given(days)
def test_every_day_of_the_calendar_is_read_day_first(day):
    assert parse(f"{day.day}/{day.month}/{day.year:04d}").earliest == day
    assert parse(f"ngày {day:%d} tháng {day:%m} năm {day.year}").latest == day


@given(st.text(st.sampled_from("0123456789/.-–~?%X ()nămtừđếnthángngàykhoảngtrướcthếkỷ")))
def test_any_text_is_either_read_or_refused(text):
    try:
        found = parse(text)
    except PartialDateError:
        return
    assert parse(in_vietnamese(found.edtf)).edtf == found.edtf


@pytest.mark.parametrize("words", ["1948-02-30", "1949-02-29", "1948-06-31", "1948-02-30/1949"])
def test_an_edtf_day_that_does_not_exist_is_refused(words: str) -> None:
    with pytest.raises(PartialDateError):
        parse(words)
