"""Vietnamese text: stored as written, found without marks, addressed, sorted."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.widgets.slug import SlugInput

from core.vietnamese import (
    MAX_QUERY_VARIANTS,
    SLUG_FORMATTERS,
    collation_key,
    exact_mark_match,
    expand_query,
    fold,
    normalise,
    person_sort_key,
    slugify,
)

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
VIETNAMESE_CHARACTERS = [
    unicodedata.normalize("NFC", letter + tone)
    for letter in LETTERS + LETTERS.upper()
    for tone in (TONES if letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" else [""])
]
vietnamese_text = st.text(st.sampled_from([*VIETNAMESE_CHARACTERS, *'0123456789 -–/.,:"“”()']))


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


class TestNormalise:
    def test_decomposed_text_becomes_composed(self):
        assert normalise(decomposed("Lạng Sơn")) == "Lạng Sơn"

    def test_eth_becomes_the_vietnamese_letter_it_looks_like(self):
        assert normalise("\u00d0ồng \u00d0ăng, thi \u00f0ua") == "Đồng Đăng, thi đua"

    def test_control_characters_go_but_tabs_and_line_ends_stay(self):
        assert normalise("a\x00b\x1bc\td\r\ne") == "abc\td\r\ne"

    def test_line_breaks_pasted_from_a_word_processor_do_not_glue_words(self):
        assert normalise("dòng một\x0bdòng hai\x0cdòng ba") == "dòng một\ndòng hai\ndòng ba"

    @pytest.mark.parametrize("text", ["hòa", "hoà", "Mĩ", "thuỷ  ", " “Cảng nổi” – 1965..", "№ ²"])
    def test_what_the_author_wrote_stays(self, text):
        assert normalise(text) == text

    @given(st.text(st.characters()))
    def test_any_text_is_taken_and_comes_out_settled(self, text):
        settled = normalise(text)
        assert normalise(settled) == settled
        assert unicodedata.is_normalized("NFC", settled)
        assert "\x00" not in settled

    def test_half_a_surrogate_pair_is_no_error(self):
        assert normalise("a\ud800") == "a\ud800"


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("2194/QĐ-TTg", "2194 qd ttg"),
            ("39 VP", "39 vp"),
            ("Đồng bào yêu quý", "dong bao yeu quy"),
            ("KHẨU HIỆU", "khau hieu"),
            ("Thi đua -  Khen thưởng", "thi dua khen thuong"),
            ("“Cảng nổi”", "cang noi"),
            ("thời\u00a0gian_là\nvàng", "thoi gian la vang"),
            ("Lạng\u00ad Sơ\u200bn\ufeff", "lang son"),
            ("\u00d0ặng", "dang"),
            ("./.", ""),
            ("\u0301", ""),
            ("", ""),
        ],
    )
    def test_text_becomes_plain_words(self, text, folded):
        assert fold(text) == folded

    @pytest.mark.parametrize(
        ("one", "other"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("Mĩ", "mi"), ("khỏe", "KHOẺ")]
    )
    def test_spellings_of_a_tone_are_found_by_one_another(self, one, other):
        assert fold(one) == fold(other)

    def test_every_vietnamese_letter_becomes_an_english_one(self):
        for character in VIETNAMESE_CHARACTERS:
            assert re.fullmatch("[a-z]", fold(character)), character

    def test_every_character_of_unicode_folds_for_good(self):
        for code in range(0x110000):
            once = fold(chr(code))
            assert fold(once) == once, hex(code)

    @given(st.text(st.characters()))
    def test_folding_twice_changes_nothing(self, text):
        assert fold(fold(text)) == fold(text)

    @given(st.text())
    def test_composed_and_decomposed_text_fold_alike(self, text):
        assert fold(unicodedata.normalize("NFC", text)) == fold(decomposed(text))


class TestExpandQuery:
    @pytest.mark.parametrize(
        ("query", "wordings"),
        [
            ("thi đua ái quốc", ["thi dua ai quoc", "thi dua yeu nuoc"]),
            ("Bác Hồ", ["bac ho", "ho chi minh", "cu ho"]),
            ("cụ hồ", ["cu ho", "ho chi minh", "bac ho"]),
            ("TĐKT", ["tdkt", "thi dua khen thuong"]),
            ("Thi đua - Khen thưởng", ["thi dua khen thuong", "tdkt"]),
            ("VTLT", ["vtlt", "van thu luu tru", "van thu va luu tru"]),
            ("kỉ niệm", ["ki niem", "ky niem"]),
            ("chống Mĩ cứu nước", ["chong mi cuu nuoc", "chong my cuu nuoc"]),
            ("Lạng Sơn", ["lang son"]),
            ("mỹ thuật Myanmar", ["my thuat myanmar", "mi thuat myanmar"]),
            ("...", [""]),
        ],
    )
    def test_a_reader_finds_what_is_called_by_another_name(self, query, wordings):
        assert expand_query(query) == wordings

    def test_several_names_in_a_query_are_combined(self):
        assert "ho chi minh thi dua yeu nuoc" in expand_query("Bác Hồ thi đua ái quốc")

    def test_a_query_full_of_synonyms_does_not_cost_many_searches(self):
        query = "bác hồ ái quốc tđkt vtlt kỉ niệm mĩ"
        wordings = expand_query(query)
        assert wordings[0] == fold(query)
        assert len(wordings) == len(set(wordings)) == 1 + MAX_QUERY_VARIANTS


class TestExactMarkMatch:
    @pytest.mark.parametrize(
        ("query", "text"),
        [
            ("lạng sơn", "Tỉnh LẠNG SƠN"),
            (decomposed("Lạng  Sơn"), "tỉnh Lạng Sơn."),
            ("ma", "con ma"),
            ("39 VP", "Công văn số 39 VP ngày 14/7/1948"),
            ("(mẫu)", "Nguồn: (mẫu)"),
        ],
    )
    def test_words_with_the_same_marks_match(self, query, text):
        assert exact_mark_match(query, text)

    @pytest.mark.parametrize(
        ("query", "text"),
        [
            ("lang son", "Lạng Sơn"),
            ("lăng", "lặng"),
            ("ai", "mai"),
            ("ma", "mai"),
            ("", "Lạng"),
            (" ", "a b"),
        ],
    )
    def test_other_marks_parts_of_words_and_nothing_do_not(self, query, text):
        assert not exact_mark_match(query, text)


class TestSlugify:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("Lạng Sơn 75 năm thi đua yêu nước", "lang-son-75-nam-thi-dua-yeu-nuoc"),
            ("Đảng bộ Đồng Đăng", "dang-bo-dong-dang"),
            ("  “Cảng nổi” – 1965 ", "cang-noi-1965"),
            ("2194/QĐ-TTg", "2194-qd-ttg"),
            ("—", ""),
            ("", ""),
        ],
    )
    def test_a_title_becomes_a_readable_address(self, title, slug):
        assert slugify(title) == slug

    def test_a_long_title_is_cut_after_a_whole_word(self):
        assert slugify("thi đua yêu nước", max_length=10) == "thi-dua"
        assert slugify("thi đua yêu nước", max_length=11) == "thi-dua-yeu"
        assert slugify("thi đua yêu nước", max_length=12) == "thi-dua-yeu"

    def test_a_single_long_word_is_cut_hard(self):
        assert slugify("nghiêng" * 20, max_length=10) == "nghiengngh"

    @given(st.text(), st.integers(min_value=1, max_value=90))
    def test_no_text_makes_an_address_that_needs_escaping(self, text, max_length):
        slug = slugify(text, max_length)
        assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
        assert len(slug) <= max_length

    @given(vietnamese_text)
    def test_composed_and_decomposed_titles_have_one_address(self, title):
        assert slugify(title) == slugify(decomposed(title))


def admin_format(value: str) -> str:
    """What the ``format`` step of Wagtail's CleanController makes of a value."""
    attributes = SlugInput(formatters=SLUG_FORMATTERS).attrs
    for (pattern, flags), replacement in json.loads(attributes["data-w-slug-formatters-value"]):
        assert flags == "gu"
        value = re.sub(pattern, replacement.replace("$1", r"\1"), value)
    return value


def admin_slugify(value: str) -> str:
    """Leaving the slug field in the admin, WAGTAIL_ALLOW_UNICODE_SLUGS being off."""
    value = re.sub(r"\s+", "-", admin_format(value.strip()))
    return re.sub(r"[^A-Za-z0-9\-_]", "", value).lower()


def admin_urlify(value: str) -> str:
    """Typing a title in the admin, from which the slug field follows."""
    value = re.sub(r"[^-\w\s]", "", admin_format(value.strip()).lower(), flags=re.ASCII)
    return re.sub(r"-+$", "", re.sub(r"[-\s]+", "-", value)[:255])


class TestAdminSlugs:
    @pytest.mark.parametrize("admin", [admin_slugify, admin_urlify])
    @pytest.mark.parametrize(
        "title",
        [
            "Lạng Sơn 75 năm thi đua yêu nước",
            decomposed("Chủ tịch Hồ Chí Minh – Người khởi xướng phong trào THI ĐUA ÁI QUỐC"),
            "\u00d0ảng bộ Đồng Đăng",
            "“Cảng nổi” tiếp nhận\u00a0sự chi viện: năm 1965-1973",
            "Phát huy giá trị tài liệu lưu trữ trên không gian mạng nhân dịp kỷ niệm 75 năm Ngày "
            "Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc",
            "nghiêng" * 20,
            "Straße, Æsop, ½ thế kỷ\u200b",
            "---",
        ],
    )
    def test_the_editor_sees_the_slug_that_is_saved(self, admin, title):
        assert admin(title) == slugify(title)

    @given(vietnamese_text, st.booleans())
    def test_any_vietnamese_title_has_the_same_slug_on_both_sides(self, title, decompose):
        title = decomposed(title) if decompose else title
        assert admin_format(title) == admin_slugify(title) == admin_urlify(title) == slugify(title)


def ascend(keys: Iterable[str]) -> bool:
    """Whether each key sorts after the one before it."""
    return all(one < other for one, other in pairwise(keys))


class TestCollationKey:
    def test_letters_come_in_the_order_of_the_alphabet(self):
        alphabet = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
        assert ascend(map(collation_key, alphabet))

    def test_tones_come_in_the_order_of_the_dictionary(self):
        words = ["ma", "mà", "mả", "mã", "má", "mạ"]
        assert ascend(map(collation_key, words))

    def test_letters_count_before_tones(self):
        words = ["An", "Anh", "Ảnh", "Ánh", "Ăn", "Ân", "Dũng", "Đặng", "Điện Biên", "Zung"]
        assert ascend(map(collation_key, words))

    def test_shorter_words_and_numbers_come_first(self):
        titles = ["1 Lưu trữ", "Lưu", "Lựu", "Lưu trữ", "Lưu ý", "Lưuu"]
        assert ascend(map(collation_key, titles))

    @pytest.mark.parametrize(
        "text", ["LẠNG SƠN", decomposed("Lạng Sơn"), "“Lạng  Sơn”", "Lạng-Sơn"]
    )
    def test_case_encoding_and_punctuation_do_not_count(self, text):
        assert collation_key(text) == collation_key("lạng sơn")

    def test_tone_marks_count_wherever_they_are_placed(self):
        assert collation_key("hoa") < collation_key("hòa") < collation_key("hóa")
        assert collation_key("hoa") < collation_key("hoà") < collation_key("hoá")

    @given(st.text(st.characters(categories=["L", "N", "Z", "P"])))
    def test_keys_are_digits_which_every_database_orders_alike(self, text):
        assert re.fullmatch("[0-9]+", collation_key(text))

    @given(vietnamese_text, vietnamese_text)
    def test_a_text_never_comes_after_its_own_continuation(self, text, more):
        assert collation_key(text) <= collation_key(text + "a" + more)

    def test_people_are_sorted_by_given_name_then_family_name(self):
        names = [
            "Nguyễn Văn An",
            "Trần Thị An",
            "Ong Thị Ân",
            "Vũ Dung",
            "An Dũng",
            "Nguyễn Tiến Dũng",
            "Bùi Đặng",
        ]
        assert ascend(map(person_sort_key, names))

    def test_a_single_name_and_no_name_have_a_key(self):
        assert person_sort_key("") < person_sort_key("An") < person_sort_key("Lê An")
