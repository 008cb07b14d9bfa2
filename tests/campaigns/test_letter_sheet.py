"""The letter as a sheet of paper, by the rules of NĐ 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client, TestCase
from django.utils.html import strip_tags

from campaigns.letters import BLANK, LetterSheet, date_line, letter_sheet
from campaigns.models import (
    CampaignPage,
    NoticeDistribution,
    NoticePage,
    NoticeRecipient,
    NoticeRequest,
)
from campaigns.models.notices import numbered
from home.models import HomePage
from tests import factories


def letter(
    *,
    to: tuple[str, ...] = (),
    asks: tuple[str, ...] = (),
    copies: tuple[str, ...] = (),
    **fields: Any,
) -> NoticePage:
    """A letter that is in no database."""
    page = NoticePage(title="Công văn", **fields)
    page.recipients = [NoticeRecipient(text=text) for text in to]
    page.requests = [NoticeRequest(text=text) for text in asks]
    page.distribution = [NoticeDistribution(text=text) for text in copies]
    return page


def sheet(**fields: Any) -> LetterSheet:
    return letter_sheet(letter(**fields))


class HeadOfTheLetter(TestCase):
    def test_numbers_below_ten_have_a_leading_zero_and_no_other(self) -> None:
        written = {"5": "05", "05": "05", "005": "05", "12": "12", "123": "123", "5a": "5a"}
        for typed, printed in written.items():
            self.assertEqual(numbered(typed), printed)

    def test_days_below_ten_and_the_months_one_and_two_have_a_leading_zero(self) -> None:
        written = {
            date(2024, 1, 5): "Hà Giang, ngày 05 tháng 01 năm 2024",
            date(2024, 2, 10): "Hà Giang, ngày 10 tháng 02 năm 2024",
            date(2024, 3, 5): "Hà Giang, ngày 05 tháng 3 năm 2024",
            date(2024, 6, 29): "Hà Giang, ngày 29 tháng 6 năm 2024",
            date(2024, 12, 9): "Hà Giang, ngày 09 tháng 12 năm 2024",
        }
        for day, printed in written.items():
            self.assertEqual(date_line("Hà Giang", day), printed)

    def test_what_is_not_given_yet_stays_blank_as_on_a_draft_of_paper(self) -> None:
        blank = sheet(symbol="SNV-TĐKT", place="Hà Giang")
        self.assertEqual(blank.number_line, f"Số: {BLANK}/SNV-TĐKT")
        self.assertEqual(blank.date_line, f"Hà Giang, ngày{BLANK}tháng{BLANK}năm{BLANK}")

    def test_names_of_agencies_and_positions_stand_in_capitals(self) -> None:
        head = sheet(
            parent_body="UBND tỉnh Lạng Sơn",
            agency="Sở Nội vụ",
            signer_prefix="KT.",
            signer_position="Giám đốc / Phó Giám đốc",
            signer_name="Nguyễn Văn Mẫu",
        )
        self.assertEqual((head.parent_body, head.agency), ("UBND TỈNH LẠNG SƠN", "SỞ NỘI VỤ"))
        self.assertEqual(head.signed_as, ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"))
        self.assertEqual(head.signer, "Nguyễn Văn Mẫu")

    def test_the_subject_begins_with_its_two_letters_once(self) -> None:
        for typed in ("tuyên truyền triển lãm", "V/v tuyên truyền triển lãm"):
            self.assertEqual(sheet(subject=typed).subject, "V/v tuyên truyền triển lãm")


class ListsOfTheLetter(TestCase):
    def test_one_recipient_stands_behind_the_colon_several_below_with_dashes(self) -> None:
        self.assertEqual(sheet(to=("UBND các xã, phường.",)).recipients, ("UBND các xã, phường",))
        several = sheet(to=("- Các Sở, ban, ngành tỉnh;", "Các doanh nghiệp", "UBND các xã"))
        self.assertEqual(
            several.recipients,
            ("- Các Sở, ban, ngành tỉnh;", "- Các doanh nghiệp;", "- UBND các xã."),
        )

    def test_the_distribution_list_has_dashes_even_with_one_line(self) -> None:
        self.assertEqual(sheet(copies=("Lưu: VT",)).distribution, ("- Lưu: VT.",))
        lines = sheet(copies=("Như trên", "Lưu: VT, TĐKT.")).distribution
        self.assertEqual(lines, ("- Như trên;", "- Lưu: VT, TĐKT."))


class TextOfTheLetter(TestCase):
    def test_the_requests_stand_where_the_text_announces_them(self) -> None:
        parts = sheet(
            body="<p>Mở đầu:</p><p>Đề nghị triển khai <b>nội dung sau:</b></p><p>Trân trọng.</p>",
            asks=("Giới thiệu", "Gắn banner"),
        )
        self.assertEqual(
            parts.before, ("<p>Mở đầu:</p>", "<p>Đề nghị triển khai <b>nội dung sau:</b></p>")
        )
        self.assertEqual(parts.requests, ("Giới thiệu", "Gắn banner"))
        self.assertEqual(parts.after, ("<p>Trân trọng./.</p>",))

    def test_without_an_announcement_they_follow_the_text_and_end_the_letter(self) -> None:
        parts = sheet(body="<p>Một.</p><p>Hai.</p>", asks=("Giới thiệu.", "Gắn banner."))
        self.assertEqual(parts.before, ("<p>Một.</p>", "<p>Hai.</p>"))
        self.assertEqual(parts.requests, ("Giới thiệu.", "Gắn banner./."))
        self.assertEqual(parts.after, ())

    def test_the_mark_that_ends_a_letter_stands_once(self) -> None:
        for body in ("<p>Hết</p>", "<p>Hết.</p>", "<p>Hết./.</p>", "<p>Hết./. </p>"):
            self.assertEqual(sheet(body=body).before, ("<p>Hết./.</p>",))
        for body, printed in (
            ("<p>Xin <b>triển khai.</b></p>", "<p>Xin <b>triển khai./.</b></p>"),
            ("<p>Hết <i>./.</i></p>", "<p>Hết <i>./.</i></p>"),
            ("<p>Trân trọng.&nbsp;</p>", "<p>Trân trọng./.</p>"),
            ("<p>Ông A &amp; bà B&amp;</p>", "<p>Ông A &amp; bà B&amp;./.</p>"),
        ):
            self.assertEqual(sheet(body=body).before, (printed,))

    def test_a_long_address_may_break_anywhere_and_a_link_stays_a_link(self) -> None:
        parts = sheet(
            body='<p>Tại https://a.vn/b?c=1&amp;d hoặc <a href="https://e.vn">đây</a></p>'
        )
        self.assertEqual(
            parts.before,
            (
                '<p>Tại <span class="letter__address">https://a.vn/b?c=1&amp;d</span> hoặc '
                '<a href="https://e.vn">đây</a>./.</p>',
            ),
        )

    def test_the_texts_referred_to_open_the_letter_unless_the_text_cites_them_itself(self) -> None:
        cited = [
            (
                "legal_text",
                {
                    "kind": "Chỉ thị",
                    "number": "05/2007/CT-TTg",
                    "date": date(2007, 3, 2),
                    "body": "Thủ tướng Chính phủ",
                    "abstract": "tăng cường bảo vệ <tài liệu>",
                },
            )
        ]
        parts = sheet(body="<p>Sở Nội vụ đề nghị.</p>", texts_referred_to=cited)
        self.assertEqual(
            parts.before[0],
            "<p>Thực hiện Chỉ thị số 05/2007/CT-TTg ngày 02/3/2007 của Thủ tướng Chính phủ "
            "về tăng cường bảo vệ &lt;tài liệu&gt;.</p>",
        )
        body = "<p>Thực hiện Chỉ thị số 05/2007/CT-TTg, ngày 02/3/2007, Sở đề nghị.</p>"
        self.assertEqual(len(sheet(body=body, texts_referred_to=cited).before), 1)

    def test_a_letter_of_which_nothing_is_written_yet_is_a_blank_sheet(self) -> None:
        blank = sheet()
        self.assertEqual((blank.before, blank.requests, blank.after), ((), (), ()))
        self.assertEqual((blank.recipients, blank.distribution, blank.signed_as), ((), (), ()))


@pytest.fixture
def full(home: HomePage) -> NoticePage:
    """A letter with all its parts, published as a draft."""
    index = factories.CampaignIndexPageFactory(parent=home)
    campaign: CampaignPage = factories.CampaignPageFactory(parent=index)
    page: NoticePage = factories.NoticePageFactory(
        parent=campaign,
        title="Công văn tuyên truyền triển lãm",
        parent_body="UBND tỉnh Hà Giang",
        agency="Sở Nội vụ",
        place="Hà Giang",
        subject="tuyên truyền triển lãm",
        body="<p>Sở Nội vụ đề nghị nội dung sau:</p><p>Trân trọng.</p>",
        signer_position="Giám đốc",
        signer_name="Nguyễn Văn Mẫu",
    )
    page.recipients = [NoticeRecipient(text="Các Sở"), NoticeRecipient(text="UBND các xã")]
    page.requests = [NoticeRequest(text="Giới thiệu")]
    page.distribution = [NoticeDistribution(text="Như trên"), NoticeDistribution(text="Lưu: VT")]
    page.save()
    return page


@pytest.mark.django_db
def test_the_page_prints_the_letter_in_the_order_it_is_read(full: NoticePage) -> None:
    html = Client().get(full.get_url()).content.decode()
    paper = html[html.index('<article class="letter"') : html.index("</article>")]
    words = " ".join(strip_tags(paper).split())
    order = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "UBND TỈNH HÀ GIANG",
        "SỞ NỘI VỤ",
        "V/v tuyên truyền triển lãm",
        "Kính gửi:",
        "- Các Sở;",
        "- UBND các xã.",
        "nội dung sau:",
        "Giới thiệu",
        "Trân trọng./.",
        "GIÁM ĐỐC",
        "Nguyễn Văn Mẫu",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
    ]
    places = [words.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)
    assert re.search(r"Hà Giang, ngày\s+tháng\s+năm", strip_tags(paper))


@pytest.mark.django_db
def test_the_sheet_has_no_heading_no_seal_and_no_drawn_signature(full: NoticePage) -> None:
    html = Client().get(full.get_url()).content.decode()
    paper = html[html.index('<article class="letter"') : html.index("</article>")]
    assert html.count("<h1") == 1
    assert not re.search(r"<(h\d|img|svg|picture)\b", paper)


@pytest.mark.django_db
def test_a_draft_says_that_it_is_one_and_offers_no_original(full: NoticePage) -> None:
    html = Client().get(full.get_url()).content.decode()
    assert "letterstatus--draft" in html
    assert 'class="original"' not in html


@pytest.mark.django_db
def test_markup_in_a_line_of_the_letter_is_printed_as_text(full: NoticePage) -> None:
    full.recipients = [NoticeRecipient(text="<script>alert(1)</script>")]
    full.requests = [NoticeRequest(text="Dòng một <b>\nDòng hai")]
    full.save()
    html = Client().get(full.get_url()).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Dòng một &lt;b&gt;<br>Dòng hai" in html
