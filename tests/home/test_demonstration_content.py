"""What the demonstration says, checked without a database."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.partial_dates import parse
from home.demonstration import content
from home.demonstration.content.records import (
    SAMPLE_MARK,
    SAMPLE_SOURCE,
    Exhibition,
    Figure,
    Item,
    Part,
)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

REAL_CAPTIONS = {
    "A1": "Lời kêu gọi của Chủ tịch Hồ Chí Minh gửi tới toàn thể Đồng bào yêu quý cả nước về việc "
    "tham gia phong trào “Thi đua yêu nước” năm 1948",
    "A2": "Chủ tịch Hồ Chí Minh nói chuyện thân mật với các anh hùng chiến sĩ thi đua trong Đại "
    "hội Anh hùng chiến sĩ thi đua toàn quốc lần thứ Nhất năm 1952",
    "A3": "Công văn số 39 VP ngày 14/7/1948 của Ban Lãnh đạo thi đua ái quốc tỉnh Lạng Sơn về việc "
    "kê khai khẩu hiệu thi đua ái quốc",
    "A4": "Lạng Sơn “Cảng nổi” tiếp nhận sự chi viện của bạn bè quốc tế tới Việt Nam những năm đầu "
    "kháng chiến chống Mĩ cứu nước 1965-1973",
}


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text within a record, with where it stands."""
    if isinstance(value, str):
        yield path, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from strings(each, f"{path}[{number}]")


def everything() -> Iterator[tuple[str, str]]:
    for name in content.__all__:
        yield from strings(getattr(content, name), name)


def all_items() -> list[Item]:
    return [item for exhibition in content.EXHIBITIONS for item in exhibition.all_items]


def levels(parts: tuple[Part, ...]) -> Iterator[list[str]]:
    """The slugs that stand side by side, level by level."""
    yield [part.slug for part in parts]
    for part in parts:
        yield [item.slug for item in part.items] + [each.slug for each in part.parts]
        yield from levels(part.parts)


def item(exhibition: Exhibition, reference: str) -> Item:
    return next(each for each in exhibition.all_items if each.reference == reference)


def test_every_text_is_nfc_without_stray_spaces() -> None:
    for path, text in everything():
        assert unicodedata.is_normalized("NFC", text), path
        assert text == text.strip(), path
        assert "  " not in text, path


def test_addresses_have_the_right_form_and_are_unique_among_their_neighbours() -> None:
    rows = [slugs for each in content.EXHIBITIONS for slugs in levels(each.parts)]
    rows.append([each.slug for each in content.EXHIBITIONS])
    rows.append([each.slug for each in content.NEWS])
    rows.append([each.slug for each in content.PROGRAMME.activities])
    top = (content.EXHIBITION_INDEX, content.CAMPAIGN_INDEX, content.NEWS_INDEX, content.SEARCH)
    rows.append([each.slug for each in (*top, *content.STANDARD_PAGES)])
    for slugs in rows:
        assert len(slugs) == len(set(slugs)), slugs
        for slug in slugs:
            assert SLUG.fullmatch(slug) and len(slug) <= 80, slug


def test_the_exhibitions_have_the_promised_addresses() -> None:
    assert content.LANG_SON.slug == "lang-son-75-nam-thi-dua-yeu-nuoc"
    assert (
        content.SEVEN_PROVINCES.slug
        == "phong-trao-thi-dua-yeu-nuoc-cum-7-tinh-mien-nui-bien-gioi-phia-bac"
    )


def test_every_sample_credits_nobody_but_the_sample_mark() -> None:
    samples = [each for each in all_items() if each.is_sample]
    assert len(samples) > 40
    for each in samples:
        assert each.title.startswith(SAMPLE_MARK)
        assert each.source_person == SAMPLE_SOURCE == "(mẫu)"
        assert not each.source_organisation, each.title
        assert "mount" not in {medium.drawing.kind for medium in each.media}, each.title


def test_only_the_four_records_of_the_documents_are_not_samples() -> None:
    assert [each.reference for each in all_items() if not each.is_sample] == [
        "A1",
        "A2",
        "A3",
        "A4",
    ]


@pytest.mark.parametrize("reference", REAL_CAPTIONS)
def test_a_real_caption_is_as_in_the_documents(reference: str) -> None:
    assert item(content.LANG_SON, reference).caption == REAL_CAPTIONS[reference]


@pytest.mark.parametrize("reference", REAL_CAPTIONS)
def test_nothing_is_drawn_under_a_real_caption_but_an_empty_mount(reference: str) -> None:
    media = item(content.LANG_SON, reference).media
    assert {medium.drawing.kind for medium in media} == {"mount"}
    assert len(media) == (2 if reference == "A1" else 1)


def test_real_records_credit_their_sources_and_are_dated_as_written() -> None:
    found = {
        reference: (
            item(content.LANG_SON, reference).source_organisation,
            item(content.LANG_SON, reference).source_person_title,
            item(content.LANG_SON, reference).source_person,
            parse(item(content.LANG_SON, reference).date).edtf,
        )
        for reference in REAL_CAPTIONS
    }
    assert found == {
        "A1": ("ttltqg-iii", "", "", "1948"),
        "A2": ("ttltqg-iii", "", "", "1952"),
        "A3": ("luu-tru-lich-su-lang-son", "", "", "1948-07-14"),
        "A4": ("", "NSNA", "Vũ Bách", "1965/1973"),
    }


def test_the_letter_of_1948_is_described_field_by_field() -> None:
    letter = item(content.LANG_SON, "A3")
    assert (letter.type_name, letter.document_number, letter.document_symbol) == (
        "Công văn",
        "39",
        "VP",
    )
    assert letter.issuing_body == "Ban Lãnh đạo thi đua ái quốc tỉnh Lạng Sơn"
    assert letter.abstract == "về việc kê khai khẩu hiệu thi đua ái quốc"


def test_every_date_can_be_kept() -> None:
    for each in all_items():
        assert parse(each.date).edtf, each.title


def test_references_are_unique_within_an_exhibition() -> None:
    for exhibition in content.EXHIBITIONS:
        references = [each.reference for each in exhibition.all_items]
        assert len(references) == len(set(references))


def test_exhibition_a_has_two_parts_and_twenty_items_of_varied_kinds() -> None:
    exhibition = content.LANG_SON
    assert [part.title for part in exhibition.parts] == [
        "Chủ tịch Hồ Chí Minh - Người khởi xướng và tổ chức phong trào thi đua yêu nước",
        "Lạng Sơn thi đua làm theo lời Bác",
    ]
    assert [part.slug for part in exhibition.parts] == ["phan-i", "phan-ii"]
    assert len(exhibition.all_items) == 20
    assert {each.kind for each in exhibition.all_items} == {
        "document",
        "image",
        "object",
        "quotation",
        "text",
        "map",
    }
    assert exhibition.declared_figures == "trên 120 tài liệu, hình ảnh, câu trích"
    assert exhibition.foreword_signature == "BAN TỔ CHỨC"
    assert [text.number for text in exhibition.legal_texts] == ["05/2007/CT-TTg", "2194/QĐ-TTg"]


def test_the_seven_provinces_stand_in_the_order_of_the_letter() -> None:
    parts = content.SEVEN_PROVINCES.parts
    assert [part.title for part in parts][1:] == [
        "Tổ chức và hoạt động của Cụm thi đua 7 tỉnh miền núi biên giới phía Bắc",
        "Công tác thi đua khen thưởng của các tỉnh miền núi biên giới phía Bắc qua các thời kỳ",
    ]
    assert [section.title for section in parts[2].parts] == [
        "Hà Giang",
        "Cao Bằng",
        "Lạng Sơn",
        "Lào Cai",
        "Lai Châu",
        "Điện Biên",
        "Sơn La",
    ]
    assert {len(section.items) for section in parts[2].parts} == {2, 3}
    assert {len(part.items) for part in parts[:2]} <= {3, 4}


def test_one_item_of_the_seven_provinces_is_not_cleared() -> None:
    assert [each.reference for each in all_items() if not each.cleared] == ["II-04"]
    assert item(content.SEVEN_PROVINCES, "II-04").cleared is False


def test_two_exhibitions_are_open_and_one_is_still_to_open() -> None:
    assert [(each.opens_on, each.opens_in_days) for each in content.EXHIBITIONS] == [
        (date(2023, 6, 11), None),
        (date(2024, 3, 5), None),
        (None, 30),
    ]


def test_every_organisation_and_occasion_that_is_named_exists() -> None:
    known = {each.key for each in content.ORGANISATIONS}
    assert len(known) == len(content.ORGANISATIONS)
    exhibitions = content.EXHIBITIONS
    sections = [part for each in exhibitions for top in each.parts for part in (top, *top.parts)]
    organisers = [row for each in exhibitions for row in each.organisers]
    organisers += content.PROGRAMME.organisers
    named = {row.organisation for row in organisers}
    named |= {part.contributor for part in sections} | {
        each.source_organisation for each in all_items()
    }
    named |= {each.parent for each in content.ORGANISATIONS}
    named |= {each.successor for each in content.ORGANISATIONS}
    assert named - {""} <= known
    occasions = {each.key for each in content.OCCASIONS}
    celebrated = {each.occasion for each in (*exhibitions, content.PROGRAMME)}
    assert celebrated - {""} == occasions


def test_the_department_that_ceased_names_its_successor() -> None:
    records = {each.key: each for each in content.ORGANISATIONS}
    department = records["so-noi-vu-ha-giang"]
    assert department.valid_to == date(2025, 6, 30)
    assert records[department.successor].name == "Tỉnh Tuyên Quang"


def test_the_news_keep_their_times_bylines_and_source_lines() -> None:
    vietnam = ZoneInfo("Asia/Ho_Chi_Minh")
    day, online, cooperation = content.NEWS
    assert online.published_at == datetime(2023, 7, 12, 7, 13, tzinfo=vietnam)
    assert (online.byline_person, online.byline_unit) == ("Ong Thị An", "Trung tâm Lưu trữ lịch sử")
    assert day.published_at.astimezone(vietnam).date() == date(2025, 1, 14)
    assert day.byline_person == "PV"
    assert cooperation.published_at == datetime(2020, 3, 19, 14, 32, tzinfo=vietnam)
    assert cooperation.source_name == "Cổng Thông tin điện tử Chính phủ"
    assert cooperation.source_url.endswith("/20203/27386.vgp")
    assert "gần 6.800 lượt người" in online.sapo


def test_every_figure_of_the_news_has_a_caption_without_a_number() -> None:
    figures = [block for each in content.NEWS for block in each.body if isinstance(block, Figure)]
    assert len(figures) == 7
    assert not any(re.search(r"Ảnh \d", figure.caption) for figure in figures)


def test_the_programme_lists_one_known_activity_the_announced_kinds_and_the_ceremony() -> None:
    programme = content.PROGRAMME
    assert programme.title == "80 năm Ngày Lưu trữ Việt Nam (03/01/1946 - 03/01/2026)"
    assert programme.declared_figures == "hơn 20 hoạt động"
    first, *planned, ceremony = programme.activities
    assert first.venue.endswith("12 Đào Tấn, Hà Nội")
    assert first.starts_on == date(2025, 1, 3)
    assert {each.state for each in planned} == {"planned"}
    assert all(each.title.startswith(SAMPLE_MARK) for each in planned)
    assert ceremony.starts_on == date(2025, 12, 31)


def test_the_standard_pages_stand_at_their_addresses() -> None:
    assert [page.slug for page in content.STANDARD_PAGES] == [
        "gioi-thieu",
        "lien-he",
        "so-do-trang",
        "kha-nang-tiep-can",
        "du-lieu-ca-nhan",
    ]


def test_contact_details_are_marked_as_samples() -> None:
    portal = content.PORTAL
    for detail in (portal.address, portal.phone, portal.responsible_person, portal.licence):
        assert detail.startswith("(mẫu)")
