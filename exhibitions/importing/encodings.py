"""Vietnamese text in the font encodings of the 1990s: recognise it, and read it as Unicode.

Text typed for a .VnTime font (TCVN3, also called ABC) or for VNI-Times is stored as letters
and signs of Western Europe; only the font made Vietnamese of them: "ViÖt Nam", "Vieät Nam".
Recognising must not err: other languages are full of such letters. So a text counts as
encoded only when reading it makes Vietnamese syllables of words that are none as they stand.

Apply ``detect`` to text as it was stored, before ``core.vietnamese.normalise``, which takes
the code of é in TCVN3 for the Đ it looks like.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice, product

from django.utils.translation import gettext_lazy


class LegacyEncoding(StrEnum):
    """An encoding that exists by its fonts only; the values are fit for storing."""

    TCVN3 = "tcvn3"
    VNI = "vni"

    @property
    def label(self) -> str:
        """Its name for people."""
        return str(_LABELS[self])


_LABELS = {
    LegacyEncoding.TCVN3: gettext_lazy("TCVN3 (ABC)"),
    LegacyEncoding.VNI: gettext_lazy("VNI"),
}


@dataclass(frozen=True)
class Legacy:
    """A text that is encoded, and what it says."""

    encoding: LegacyEncoding
    decoded: str
    """In Unicode, composed (NFC)."""


# ---------------------------------------------------------------------------------------------
# Syllables
# ---------------------------------------------------------------------------------------------

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_TONES_OF_STOPS = "\u0301\u0323"  # a syllable that ends in p, t, c or ch has sắc or nặng

_RIMES = """
    a ai ao au ay am an ang anh ap at ac ach
    ăm ăn ăng ăp ăt ăc
    âu ây âm ân âng âp ât âc
    e eo em en eng ep et ec
    ê êu êm ên ênh êp êt êch
    i ia iu im in inh ip it ich iêu iêm iên iêng iêp iêt iêc
    o oi om on ong op ot oc oong ooc
    oa oai oao oay oam oan oang oanh oap oat oac oach oăm oăn oăng oăt oăc
    oe oeo oem oen oet
    ô ôi ôm ôn ông ôp ôt ôc
    ơ ơi ơm ơn ơp ơt
    u ua ui um un ung up ut uc uân uâng uât uây uê uênh uêch uêu uơ
    uôi uôm uôn uông uôt uôc
    uy uya uyu uych uynh uyn uyt uyp uyên uyêt
    ư ưa ưi ưu ưm ưng ưt ưc ươi ươu ươm ươn ương ươp ươt ươc
    y yêu yêm yên yêng yêt
"""
_RIMES_AFTER_QU = """
    a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc ân âng ât ây
    e eo en et ê ên ênh êt êch i it y yu ynh yt ych yên yêt ơ ôc
"""
_RIMES_AFTER_GI = """
    a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc âu ây âm ân âp ât âc
    e eo en em ep et ê êng êt êc o oi on ong op ot oc ô ôi ông ôn ôp ôt ôc ơ ơi ơn ơp
    u ui um un up uc uôc uông ư ưa ưi ương ươp ươc
"""
_FRONT = "eêi"
_FRONT_ONSETS = ("k", "gh", "ngh")
_BACK_ONSETS = ("c", "g", "ng")
_ONSETS = """
    b c ch d đ g gh h k kh l m n ng ngh nh p ph r s t th tr v x
"""


def _tone_places(rime: str) -> list[int]:
    """Where the mark of a tone may stand in a rime; both old and new habits count."""
    if "ươ" in rime:
        return [rime.index("ơ")]
    marked = [place for place, letter in enumerate(rime) if letter in "ăâêôơư"]
    if marked:
        return marked[-1:]
    vowels = [place for place, letter in enumerate(rime) if letter in "aeiouy"]
    if len(vowels) == 1:
        return vowels
    if rime in ("oa", "oe", "uy", "oong", "ooc"):
        return vowels
    if rime.startswith(("oa", "oe", "uy")):
        return vowels[1:2]
    return vowels[:1] if rime[-1] in "aeiouy" else vowels[-1:]


def _with_tones(rime: str) -> Iterator[str]:
    is_stopped = rime.endswith(("p", "t", "c", "ch"))
    if not is_stopped:
        yield rime
    for place, tone in product(_tone_places(rime), _TONES_OF_STOPS if is_stopped else _TONES):
        marked = f"{rime[: place + 1]}{tone}{rime[place + 1 :]}"
        yield unicodedata.normalize("NFC", marked)


def _fits(onset: str, rime: str) -> bool:
    """Whether Vietnamese writes ``rime`` after ``onset``: c, k and q are one sound."""
    is_front = rime[0] in _FRONT or (onset == "k" and rime.startswith("y"))
    if onset in _FRONT_ONSETS:
        return is_front
    if onset in _BACK_ONSETS:
        return not is_front and rime[0] != "y"
    if rime[0] == "y":
        # Alone or with its glide, y begins a word; after a consonant only y itself.
        return rime == "y" or not onset
    return bool(onset) or not rime.startswith("iê")


def _syllables() -> Iterator[str]:
    spelt = [
        *(
            (onset, rime)
            for onset, rime in product(["", *_ONSETS.split()], _RIMES.split())
            if _fits(onset, rime)
        ),
        *product(["qu"], _RIMES_AFTER_QU.split()),
        *product(["gi"], _RIMES_AFTER_GI.split()),
        *product(["g"], ["i", "in"]),
    ]
    for onset, rime in spelt:
        for toned in _with_tones(rime):
            yield onset + toned


@lru_cache(maxsize=1)
def _known_syllables() -> frozenset[str]:
    """Every syllable that can be spelt, many more than are in use."""
    return frozenset(_syllables())


def is_syllable(word: str) -> bool:
    """Whether ``word`` is spelt as a Vietnamese syllable; any case, composed or not."""
    return unicodedata.normalize("NFC", word).lower() in _known_syllables()


# ---------------------------------------------------------------------------------------------
# Codes
# ---------------------------------------------------------------------------------------------

_TCVN3_ROWS = (
    "µà¶ả·ã¸á¹ạ",
    "¨ă»ằ¼ẳ½ẵ¾ắÆặ",
    "©âÇầÈẩÉẫÊấËậ",
    "ÌèÎẻÏẽÐéÑẹ",
    "ªêÒềÓểÔễÕếÖệ",
    "×ìØỉÜĩÝíÞị",
    "ßòáỏâõãóäọ",
    "«ôåồæổçỗèốéộ",
    "¬ơêờëởìỡíớîợ",
    "ïùñủòũóúôụ",
    "\u00adưõừöử÷ữøứùự",
    "úỳûỷüỹýýþỵ",
    "®đ¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ",
)
"""Each code before the letter it stands for. Of the capitals only seven have a code; the others
are those of a font that shows all letters as capitals."""

_TCVN3 = {row[place]: row[place + 1] for row in _TCVN3_ROWS for place in range(0, len(row), 2)}

# VNI writes a sign behind the letter. In the order of the tones, the one without a mark first.
_VNI_SIGNS = (
    ("aeouyôö", "", "", "øûõùï"),
    ("aeo", "\u0302", "â", "àåãáä"),
    ("a", "\u0306", "ê", "èúüéë"),
)
_VNI_SINGLE = {
    "ô": "ơ",
    "ö": "ư",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "í": "í",
    "ò": "ị",
    "î": "ỵ",
    "ñ": "đ",
}


def _vni_codes() -> dict[str, str]:
    """The codes of VNI and their letters, in lower case."""
    codes = dict(_VNI_SINGLE)
    for letters, mark, unmarked_tone, signs in _VNI_SIGNS:
        for letter in letters:
            marked = _VNI_SINGLE.get(letter, letter) + mark
            if unmarked_tone:
                codes[letter + unmarked_tone] = unicodedata.normalize("NFC", marked)
            for sign, tone in zip(signs, _TONES, strict=True):
                codes[letter + sign] = unicodedata.normalize("NFC", marked + tone)
    del codes["yï"]  # ỵ has a code of its own
    return codes


_VNI = _vni_codes()


def _alternatives(codes: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(codes, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


_VNI_CODE = _alternatives(_VNI)
_TCVN3_CODE = re.compile(f"[{re.escape(''.join(_TCVN3))}]")


def _decode_vni(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        decoded = _VNI[match[0].lower()]
        return decoded.upper() if match[0][0].isupper() else decoded

    return _VNI_CODE.sub(letter, text)


def _decode_tcvn3(text: str) -> str:
    """``text`` with the capitals its font showed, as far as the plain letters beside tell."""
    words = re.split(r"(\s+)", text)
    are_capitals = [_is_in_capitals(word) for word in words]
    all_capitals = any(are_capitals) and not re.search("[a-z]", text)
    decoded = [_TCVN3_CODE.sub(lambda match: _TCVN3[match[0]], word) for word in words]
    return "".join(
        word.upper() if all_capitals or in_capitals else word
        for word, in_capitals in zip(decoded, are_capitals, strict=True)
    )


def _is_in_capitals(word: str) -> bool:
    """Whether the codes among at least two plain capitals stand for capitals: "VIÖT"."""
    plain = re.sub("[^A-Za-z]", "", word)
    return len(plain) > 1 and plain.isupper() and bool(_TCVN3_CODE.search(word))


def decode(text: str, encoding: LegacyEncoding) -> str:
    """Return what ``text``, stored in ``encoding``, says, in Unicode and composed (NFC).

    What is no code of the encoding stays. In TCVN3 most capitals with marks have no code but
    are the small letters of another font: they become capitals in words whose plain letters
    all are, and small letters elsewhere. Never raises.
    """
    composed = unicodedata.normalize("NFC", text)
    decoders = {LegacyEncoding.TCVN3: _decode_tcvn3, LegacyEncoding.VNI: _decode_vni}
    return unicodedata.normalize("NFC", decoders[encoding](composed))


# ---------------------------------------------------------------------------------------------
# Recognising
# ---------------------------------------------------------------------------------------------

_LEAST_SHARE = 0.8
"""What part of the words has to be Vietnamese when decoded."""
_MOST_FOREIGN = 0.1
"""What part of the words with codes or accents may remain foreign."""
_LEAST_GAIN = 0.25
"""What part of the words with codes has to become Vietnamese only by decoding. Some, such as
"mét", are so either way; text in Unicode that happens to look like codes consists of those."""
_DISTINCT_EVIDENCE = 3
"""How many different words, and codes in them, persuade when each by itself might be foreign."""

_MOST_WORDS = 5000
"""How many words are looked at; what they leave open, more of them will not decide."""

_WORD = re.compile(r"[A-Za-z\u00a1-\u00ae\u00b5-\u00be\u00c0-\u00ff]+")
_ABBREVIATION = re.compile(r"[A-Z]{1,5}")
_ROMAN_NUMERAL = re.compile(r"[IVXLC]+")

# A small letter before a capital with an accent: "ViÖt". Signs inside words, and those that no
# one puts behind a word. Not among them: soft hyphens, dots and crosses, which join words
# ("N·m"); marks of footnotes and trade names; quotation marks and currencies beside words.
_TCVN3_UNMISTAKABLE = re.compile(
    r"[a-z\u00df-\u00f6\u00f8-\u00ff\u00b5-\u00be][\u00c0-\u00d6\u00d8-\u00de]"
    r"|[^\W\d_][µ¸¶¬¨]"
    r"|[^\W\d_][¹»¼½¾©ª«®÷][^\W\d_]"
)
_SIGN_WITHIN = re.compile(r"[^\W\d_][µ¸¶¬¨¹»¼½¾©ª«®÷][^\W\d_]")
# French "où" and "Thaï", "Raphaël", Spanish "aún" and the like have these pairs as well.
_VNI_MISTAKABLE = re.compile(r"[aeouy][ïëü]|o[ùûàá]|a[úéè]")


@dataclass(frozen=True)
class _Word:
    """A word of a text as it stands and as it is decoded."""

    written: str
    decoded: str
    codes: tuple[str, ...]
    has_accents_left: bool
    """Whether it has letters that the encoding does not know."""

    @property
    def has_signs(self) -> bool:
        return not self.written.isascii()

    @property
    def is_foreign(self) -> bool:
        return self.has_signs and (self.has_accents_left or not is_syllable(self.decoded))

    @property
    def is_gained(self) -> bool:
        """Whether decoding makes Vietnamese of it, which it was not."""
        return bool(self.codes) and not self.is_foreign and not self._was_vietnamese

    @property
    def _was_vietnamese(self) -> bool:
        # "ThÕ" would be a syllable, but nobody writes a capital there.
        has_usual_case = self.written.istitle() or self.written in (
            self.written.lower(),
            self.written.upper(),
        )
        return has_usual_case and is_syllable(self.written)


def _words(text: str, encoding: LegacyEncoding) -> list[_Word]:
    """The words of ``text`` that tell whether it is Vietnamese."""
    pattern = _TCVN3_CODE if encoding is LegacyEncoding.TCVN3 else _VNI_CODE
    has_small_letters = bool(re.search("[a-z]", text))
    words: list[_Word] = []
    for match in islice(_WORD.finditer(text), _MOST_WORDS):
        written = match[0]
        decoded = decode(written, encoding)
        if not _is_telling(written, decoded, has_small_letters):
            continue
        codes = tuple(pattern.findall(written))
        accents_left = [letter for letter in pattern.sub("", written) if not letter.isascii()]
        words.append(_Word(written, decoded, codes, bool(accents_left)))
    return words


def _is_telling(written: str, decoded: str, has_small_letters: bool) -> bool:
    """False for signs by themselves, abbreviations and numerals, which any language has."""
    if not re.search("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]", written):
        return False
    if _SIGN_WITHIN.search(decoded):
        return True  # "b¶n" is no abbreviation: its vowel is written in the other encoding
    if not re.search("[aeiouy]", unicodedata.normalize("NFD", decoded), re.IGNORECASE):
        return False
    if _ROMAN_NUMERAL.fullmatch(written):
        return False
    return not (has_small_letters and _ABBREVIATION.fullmatch(written))


def _is_unmistakable(word: _Word, encoding: LegacyEncoding) -> bool:
    if encoding is LegacyEncoding.TCVN3:
        return bool(_TCVN3_UNMISTAKABLE.search(word.written))
    codes = [code.lower() for code in word.codes]
    return any(len(code) > 1 and not _VNI_MISTAKABLE.fullmatch(code) for code in codes)


def _may_be(words: list[_Word]) -> bool:
    """Whether a text of these words makes sense when decoded, more than it did before."""
    with_signs = [word for word in words if word.has_signs]
    with_codes = [word for word in words if word.codes]
    foreign = [word for word in with_signs if word.is_foreign]
    gained = [word for word in with_codes if word.is_gained]
    vietnamese = [word for word in words if not word.is_foreign and is_syllable(word.decoded)]
    return (
        bool(gained)
        and len(vietnamese) >= _LEAST_SHARE * len(words)
        and len(foreign) <= _MOST_FOREIGN * len(with_signs)
        and len(gained) >= _LEAST_GAIN * len(with_codes)
    )


def _is_beyond_doubt(words: list[_Word], encoding: LegacyEncoding) -> bool:
    """Whether some word, or many together, cannot be of another language."""
    gained = [word for word in words if word.is_gained]
    if any(_is_unmistakable(word, encoding) for word in gained):
        return True
    different = {word.written.lower() for word in gained}
    codes = {code for word in gained for code in word.codes}
    return min(len(different), len(codes)) >= _DISTINCT_EVIDENCE


def has_letters_beyond_latin_1(text: str) -> bool:
    """Whether ``text`` has letters or marks that no old encoding is stored as."""
    return any(
        ord(character) > 0xFF and unicodedata.category(character)[0] in "LM" for character in text
    )


def detect(text: str) -> Legacy | None:
    """Return the encoding of ``text`` and what it says; None for Unicode, and in any doubt.

    One or two words suffice only if no other language has the like: "ViÖt Nam" does, "Céng
    ty" does not. So ask about several cells at once, such as a column's, but without those in
    Unicode: one Vietnamese letter beyond Latin-1 makes the answer None. Never raises.
    """
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() or has_letters_beyond_latin_1(composed):
        return None
    possible = {
        encoding: words
        for encoding in LegacyEncoding
        if _may_be(words := _words(composed, encoding))
    }
    # "thuû" is "thuỷ" in the one and "thủ" in the other.
    if len(possible) != 1:
        return None
    [(encoding, words)] = possible.items()
    if not _is_beyond_doubt(words, encoding):
        return None
    return Legacy(encoding, decode(composed, encoding))
