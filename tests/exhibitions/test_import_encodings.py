"""Text in the font encodings of the 1990s: recognised with certainty, decoded exactly."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exhibitions.importing.encodings import (
    Legacy,
    LegacyEncoding,
    decode,
    detect,
    is_syllable,
)

TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
VOWELS = "aăâeêioôơuưy"
LETTERS = [
    *(unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)),
    "đ",
]

# Bytes of TCVN 5712 (VN3) for the letters of each vowel in the order of TONES; the plain ones
# of ASCII are themselves. As glibc's iconv has them under TCVN5712-1.
TCVN3_BYTES = {
    "a": "61 b5 b6 b7 b8 b9",
    "ă": "a8 bb bc bd be c6",
    "â": "a9 c7 c8 c9 ca cb",
    "e": "65 cc ce cf d0 d1",
    "ê": "aa d2 d3 d4 d5 d6",
    "i": "69 d7 d8 dc dd de",
    "o": "6f df e1 e2 e3 e4",
    "ô": "ab e5 e6 e7 e8 e9",
    "ơ": "ac ea eb ec ed ee",
    "u": "75 ef f1 f2 f3 f4",
    "ư": "ad f5 f6 f7 f8 f9",
    "y": "79 fa fb fc fd fe",
    "đ": "ae",
}
TCVN3_CODES = {
    unicodedata.normalize("NFC", vowel + tone): bytes.fromhex(code).decode("latin-1")
    for vowel, codes in TCVN3_BYTES.items()
    for tone, code in zip(TONES, codes.split(), strict=False)
} | dict(zip("ĂÂÊÔƠƯĐ", bytes.fromhex("a1a2a3a4a5a6a7").decode("latin-1"), strict=True))

VNI_WHOLE = {"ì": "ì", "ỉ": "æ", "ĩ": "ó", "í": "í", "ị": "ò", "ỵ": "î", "đ": "ñ"}
VNI_HORNS = {"o\u031b": "ô", "u\u031b": "ö"}
VNI_PLAIN = {"\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0301": "ù", "\u0323": "ï"}
VNI_CIRCUMFLEX = {
    "": "â",
    "\u0300": "à",
    "\u0309": "å",
    "\u0303": "ã",
    "\u0301": "á",
    "\u0323": "ä",
}
VNI_BREVE = {"": "ê", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0301": "é", "\u0323": "ë"}

VOCABULARY = """
    tài liệu lưu trữ quốc gia Việt Nam Điện Biên Phủ chiến dịch lịch sử ảnh chụp bản đồ văn kiện
    nghị quyết quyết định công văn báo cáo thư gửi đồng bào chiến sĩ cả nước kháng chiến chống
    thực dân Pháp đế quốc Mỹ thắng lợi vẻ vang cách mạng tháng tám năm ngày độc lập tự do hạnh
    phúc Chủ tịch Hồ Chí Minh đọc tuyên ngôn Quảng trường Ba Đình Hà Nội thủ đô nhân dân xây
    dựng chủ nghĩa xã hội hợp tác nông nghiệp công nghiệp đường sắt cầu cống bến phà kho hàng
    quân đội du kích dân quân tự vệ phụ nữ thanh niên thiếu nhi giáo dục trường học thầy giáo
    người lao động gương mẫu thi đua yêu nước khen thưởng huân chương kỷ niệm bút tích bút ký
    hiện vật trưng bày triển lãm phòng sưu tập nguồn gốc xuất xứ tình trạng bảo quản kích thước
    chất liệu giấy gỗ vải đá đồng gốm sứ một hai ba bốn sáu bảy tám chín mười trăm nghìn triệu
    của và là có không được các những với cho từ đến tại trong ngoài trên dưới trước sau khi
    ở về đã đang sẽ rất nhiều ít mỗi toàn bộ quyển tờ trang khuya khoẻ thuỷ quỹ nghiêng ngoẵng
"""
WORDS = VOCABULARY.split()
sentences = st.lists(st.sampled_from(WORDS), min_size=8, max_size=40, unique=True).map(" ".join)


def in_tcvn3(text: str) -> str:
    return "".join(TCVN3_CODES.get(letter, letter) for letter in text)


def letter_in_vni(letter: str) -> str:
    small = letter.lower()
    base, *marks = unicodedata.normalize("NFD", small)
    if small in VNI_WHOLE:
        code = VNI_WHOLE[small]
    elif "\u031b" in marks:
        tone = "".join(mark for mark in marks if mark != "\u031b")
        code = VNI_HORNS[base + "\u031b"] + VNI_PLAIN.get(tone, "")
    elif "\u0302" in marks:
        code = base + VNI_CIRCUMFLEX["".join(mark for mark in marks if mark != "\u0302")]
    elif "\u0306" in marks:
        code = base + VNI_BREVE["".join(mark for mark in marks if mark != "\u0306")]
    else:
        code = base + "".join(VNI_PLAIN[mark] for mark in marks)
    return code.upper() if letter.isupper() else code


def in_vni(text: str) -> str:
    return "".join(map(letter_in_vni, text))


ENCODERS = {LegacyEncoding.TCVN3: in_tcvn3, LegacyEncoding.VNI: in_vni}


class TestSyllables:
    @pytest.mark.parametrize("word", [*WORDS, "hòa", "hoà", "thủy", "thuỷ", "QUÝ", "gì", "giếng"])
    def test_vietnamese_words_are_syllables_in_any_case_and_form(self, word):
        assert is_syllable(word)
        assert is_syllable(word.upper())
        assert is_syllable(unicodedata.normalize("NFD", word))

    @pytest.mark.parametrize(
        "word",
        [
            "",
            "the1",
            "Castor",
            "vert",
            "céng",
            "ke\u0301t\u0301",
            "bat",
            "kan",
            "nge",
            "ViÖt",
            "aa",
        ],
    )
    def test_other_words_are_not(self, word):
        assert not is_syllable(word)


class TestDecode:
    @pytest.mark.parametrize(
        ("encoding", "stored", "text"),
        [
            ("tcvn3", "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
            ("tcvn3", "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
            ("tcvn3", "t\u00ad t\u00adëng", "tư tưởng"),
            ("vni", "Coäng hoøa xaõ hoäi chuû nghóa", "Cộng hòa xã hội chủ nghĩa"),
            ("vni", "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"),
            ("vni", "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
            ("vni", "Nguyeãn AÙi Quoác, ngöôøi ôû ñaûo Lyù", "Nguyễn Ái Quốc, người ở đảo Lý"),
        ],
    )
    def test_known_texts_are_read(self, encoding, stored, text):
        assert decode(stored, LegacyEncoding(encoding)) == text

    def test_small_letters_of_a_font_of_capitals_become_capitals_among_capitals(self):
        stored = "CéNG HOµ X· HéI CHñ NGHÜA VIÖT NAM"
        assert decode(stored, LegacyEncoding.TCVN3) == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"

    def test_a_title_in_capitals_leaves_the_rest_of_the_text_as_it_is(self):
        stored = "B\u00b8o NH¢N D¢N, sè ra ngµy H¹ chÝ"
        assert decode(stored, LegacyEncoding.TCVN3) == "Báo NHÂN DÂN, số ra ngày Hạ chí"

    @pytest.mark.parametrize("encoding", LegacyEncoding)
    def test_what_is_no_code_stays(self, encoding):
        text = "39/VP, 1948 – “km” №\n"
        assert decode(text, encoding) == text

    @pytest.mark.parametrize("letter", LETTERS)
    def test_every_letter_comes_back_from_tcvn3(self, letter):
        assert decode(in_tcvn3(letter), LegacyEncoding.TCVN3) == letter

    @pytest.mark.parametrize("letter", LETTERS)
    def test_every_letter_comes_back_from_vni_in_both_cases(self, letter):
        assert decode(in_vni(letter), LegacyEncoding.VNI) == letter
        assert decode(in_vni(letter.upper()), LegacyEncoding.VNI) == letter.upper()

    @pytest.mark.parametrize("encoding", LegacyEncoding)
    def test_no_two_letters_share_a_code(self, encoding):
        codes = {ENCODERS[encoding](letter) for letter in LETTERS}
        assert len(codes) == len(LETTERS)

    @given(st.lists(st.sampled_from(LETTERS)).map("".join))
    def test_letters_in_any_order_come_back_from_tcvn3(self, text):
        assert decode(in_tcvn3(text), LegacyEncoding.TCVN3) == text

    @given(st.text(), st.sampled_from(LegacyEncoding))
    def test_any_text_is_taken_and_comes_out_composed(self, text, encoding):
        assert unicodedata.is_normalized("NFC", decode(text, encoding))


class TestDetect:
    @example("bản dịch lịch sử ảnh Phủ gia trữ")
    @given(sentences)
    def test_a_sentence_in_tcvn3_is_recognised_and_read_exactly(self, sentence):
        assert detect(in_tcvn3(sentence)) == Legacy(LegacyEncoding.TCVN3, sentence)

    @given(sentences)
    def test_a_sentence_in_vni_is_recognised_and_read_exactly(self, sentence):
        assert detect(in_vni(sentence)) == Legacy(LegacyEncoding.VNI, sentence)

    @given(sentences)
    def test_a_sentence_in_capitals_in_vni_is_recognised_and_read_exactly(self, sentence):
        capitals = sentence.upper()
        assert detect(in_vni(capitals)) == Legacy(LegacyEncoding.VNI, capitals)

    @given(st.lists(st.sampled_from(WORDS)).map(" ".join), st.sampled_from(["NFC", "NFD"]))
    def test_a_sentence_in_unicode_is_left_alone(self, sentence, form):
        assert detect(unicodedata.normalize(form, sentence)) is None
        assert detect(unicodedata.normalize(form, sentence.upper())) is None

    @given(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
    def test_of_few_words_none_is_read_wrongly(self, words):
        for encoding, encode in ENCODERS.items():
            assert detect(encode(words)) in (None, Legacy(encoding, words))

    @pytest.mark.parametrize(
        ("stored", "text"),
        [
            ("ViÖt Nam", "Việt Nam"),
            ("Hµ Néi", "Hà Nội"),
            ("§iÖn Biªn Phñ", "Điện Biên Phủ"),
            ("Sè 39/VP, UBND x· Nµ SÇm, ngµy 14/7", "Số 39/VP, UBND xã Nà Sầm, ngày 14/7"),
            ("CéNG HOµ X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("ThÕ kû XIX – “§¶ng”", "Thế kỷ XIX – “Đảng”"),
        ],
    )
    def test_short_texts_in_tcvn3_are_recognised_by_what_no_other_language_has(self, stored, text):
        assert detect(stored) == Legacy(LegacyEncoding.TCVN3, text)

    @pytest.mark.parametrize(
        ("stored", "text"),
        [
            ("Vieät Nam", "Việt Nam"),
            ("Nguyeãn AÙi Quoác", "Nguyễn Ái Quốc"),
            ("ÑAÛNG", "ĐẢNG"),
            ("THEÁ KYÛ XIX", "THẾ KỶ XIX"),
            ("Baûn ñoà UBND, soá 39/VP", "Bản đồ UBND, số 39/VP"),
        ],
    )
    def test_short_texts_in_vni_are_recognised_by_what_no_other_language_has(self, stored, text):
        assert detect(stored) == Legacy(LegacyEncoding.VNI, text)

    def test_foreign_names_among_the_words_do_no_harm(self):
        sentence = (
            "Thư của tướng Navarre gửi đại tá De Castries về tình hình ở Điện Biên Phủ ngày 13 "
            "tháng 3 năm 1954, trước khi quân ta nổ súng mở đầu chiến dịch lịch sử"
        )
        for encoding, encode in ENCODERS.items():
            assert detect(encode(sentence)) == Legacy(encoding, sentence)

    @pytest.mark.parametrize("text", ["H¹", "Céng ty", "mét", "Ho¹"])
    def test_what_might_be_something_else_is_left_alone(self, text):
        assert detect(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "1948",
            "25°C, ±3 m², ½ trang",
            "© 1954 – § 12 – 5 µm – 3 × 4 – ¼",
            "« a »",
            "« à » « ô » « u »",
            "N·m",
            "m×n",
            "Sony®",
            "Nam¹",
            "Mª José",
            "Café",
            "Müller",
            "Genève",
            "Besançon",
            "São Paulo",
            "Hué",
            "Saïgon",
            "Haïphong, Thaï Nguyen, Laï Chau",
            "Thaï",
            "Mai Thaï",
            "où",
            "Où va Bao Dai",
            "tú",
            "aún",
            "Hòa Bình",
            "Hoà bình là gì",
            "Nông thôn",
            "Tô Hiệu",
            "Lê Lai",
            "Cô gái Thái",
            "Điện Biên Phủ – Opération Castor, 1953, évacuation",
            "Opération Castor, 1953, évacuation des blessés par hélicoptère",
            "À l'ordre du jour : le général Navarre félicite les légionnaires de Diên Biên Phu.",
            "L'ÉTAT-MAJOR GÉNÉRAL, LE 3 FÉVRIER À HANOÏ",
            "Le Noël des Thaï à Laï-Châu, où la fête a été célébrée dès l'aube",
            "Die Kämpfe um Điện Biên Phủ",
            "Größere Kämpfe über dem Hügel, schöne Grüße aus Köln und Düsseldorf",
            "Überläufer der Fremdenlegion kämpften für die Việt Minh",
            "El año del señor José Martí, más allá del océano",
            "A guerra do Vietnã não acabou; João e Sebastião são irmãos",
            "Der naïve Citroën-Fahrer; coöperatie, zeeën",
            "Kiállítások és emlékművek a háború után",
            "Ældre mænd på øen så åen",
            "Hyvää päivää, meän väki",
            "The façade of the naïve café",
            "Dien Bien Phu, 7 May 1954",
        ],
    )
    def test_other_languages_and_unicode_are_left_alone(self, text):
        assert detect(text) is None
        assert detect(unicodedata.normalize("NFD", text)) is None

    @given(st.text())
    def test_any_text_is_answered(self, text):
        detect(text)

    @given(st.text(st.characters(codec="ascii")))
    def test_plain_letters_are_never_an_encoding(self, text):
        assert detect(text) is None

    def test_people_read_the_names_of_the_encodings(self):
        assert [each.label for each in LegacyEncoding] == ["TCVN3 (ABC)", "VNI"]
