"""An official letter as a sheet of paper: its parts, worded and laid out by NĐ 30/2020/NĐ-CP.

What stands on the sheet is Vietnamese whatever the language of the portal: it is the
letter. What stands around it (draft, released, corrected by …) is the portal's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape, strip_tags
from django.utils.translation import gettext_lazy, pgettext
from wagtail.rich_text import expand_db_html

from campaigns.models import NoticePage, NoticeRelease, ReleaseState, SignerPrefix
from campaigns.models.notices import numbered
from campaigns.release import (
    Standing,
    as_released,
    effects_in,
    released_row,
    source_id,
    standing_of,
)
from core.audience import View
from core.blocks import official_date
from core.models import CustomDocument
from exhibitions.cards import LegalText, legal_texts

BLANK = "\u00a0" * 8
"""Room for what the document system has not given yet, as on a draft of paper."""

END_MARK = "./."
PARAGRAPH = re.compile(r"<p\b[^>]*>.*?</p>", re.DOTALL)
# An address as it is typed into the text, not as it stands in a link's markup.
ADDRESS = re.compile(r"""(?<!["'=])https?://[^\s<"]+""")
LIST_MARKS = " \u00a0;,."
LAST_MARKS = re.compile(r"(?:&nbsp;|[\s\u00a0;,.])+$")
# The end of a paragraph's markup, behind its last word.
CLOSING = re.compile(r"(?:\s|<br\s*/?>|</(?:b|i|em|strong|p)>)*$")

# What an earlier letter's page says of the later one, and the later one's of it.
UNDERGONE = {
    ReleaseState.CORRECTED: gettext_lazy("Corrected by"),
    ReleaseState.AMENDED: gettext_lazy("Amended by"),
    ReleaseState.REPLACED: gettext_lazy("Replaced by"),
    ReleaseState.RECALLED: gettext_lazy("Recalled by"),
}
DONE = {
    ReleaseState.CORRECTED: gettext_lazy("Corrects"),
    ReleaseState.AMENDED: gettext_lazy("Amends"),
    ReleaseState.REPLACED: gettext_lazy("Replaces"),
    ReleaseState.RECALLED: gettext_lazy("Recalls"),
}


@dataclass(frozen=True)
class LetterSheet:
    """Everything that is printed on the sheet, piece by piece.

    ``before`` and ``after`` are paragraphs of markup around the numbered requests.
    """

    COUNTRY: ClassVar = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    MOTTO: ClassVar = "Độc lập - Tự do - Hạnh phúc"
    TO: ClassVar = "Kính gửi:"
    COPIES: ClassVar = "Nơi nhận:"

    parent_body: str
    agency: str
    number_line: str
    date_line: str
    subject: str
    recipients: tuple[str, ...]
    before: tuple[str, ...]
    requests: tuple[str, ...]
    after: tuple[str, ...]
    distribution: tuple[str, ...]
    signed_as: tuple[str, ...]
    signer: str


@dataclass(frozen=True)
class Download:
    """The digitally signed original."""

    url: str
    size: int | None


@dataclass(frozen=True)
class Relation:
    """What one letter did to another: words and the other letter's address."""

    words: str
    letter: str
    url: str


@dataclass(frozen=True)
class LetterStatus:
    """What stands around a sheet: draft or released, in force or not, and its original."""

    is_draft: bool
    in_force: bool
    state: str
    state_label: str
    original: Download | None
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class NoticeCard:
    """An official letter in a list."""

    title: str
    url: str
    subject: str
    number_and_symbol: str
    issued_on: date | None
    campaign_title: str
    state: str = ""
    state_label: str = ""


def letter_sheet(letter: NoticePage) -> LetterSheet:
    """The sheet of ``letter``, a page or what :func:`as_released` gives."""
    texts = legal_texts(letter.texts_referred_to)
    requests = [_text(each.text) for each in letter.requests.all()]
    before, after = _around_requests(_paragraphs(letter, texts), has_requests=bool(requests))
    if after:
        after[-1] = _ended_markup(after[-1])
    elif requests:
        requests[-1] = _ended(requests[-1])
    elif before:
        before[-1] = _ended_markup(before[-1])
    return LetterSheet(
        parent_body=letter.parent_body.upper(),
        agency=letter.agency.upper(),
        number_line=number_line(letter),
        date_line=date_line(letter.place, letter.issued_on),
        subject=_subject(letter.subject),
        recipients=_listed([each.text for each in letter.recipients.all()]),
        before=tuple(before),
        requests=tuple(requests),
        after=tuple(after),
        distribution=_listed([each.text for each in letter.distribution.all()], even_one=True),
        signed_as=_signed_as(letter),
        signer=letter.signer_name,
    )


def number_line(letter: NoticePage) -> str:
    """ "Số: 05/SNV-TĐKT"; without a number its place stays blank."""
    return f"Số: {numbered(letter.number) or BLANK}/{letter.symbol or BLANK}"


def date_line(place: str, day: date | None) -> str:
    """ "Hà Giang, ngày 05 tháng 3 năm 2024"; without a date its places stay blank.

    Days below ten and the months 1 and 2 have a leading zero, no other number has.
    """
    if day is None:
        worded = f"ngày{BLANK}tháng{BLANK}năm{BLANK}"
    else:
        month = f"{day.month:02}" if day.month < 3 else str(day.month)
        worded = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{place}, {worded}" if place else worded


def _subject(subject: str) -> str:
    if not subject:
        return ""
    return subject if subject.lower().startswith("v/v") else f"V/v {subject}"


def _listed(lines: Sequence[str], *, even_one: bool = False) -> tuple[str, ...]:
    """Lines of a list as the decree writes them: "- …;" and at last "- …."; one stands alone."""
    bare = [line.strip().removeprefix("-").strip(LIST_MARKS) for line in lines]
    bare = [line for line in bare if line]
    if len(bare) == 1 and not even_one:
        return tuple(bare)
    marks = [";"] * (len(bare) - 1) + ["."]
    return tuple(f"- {line}{mark}" for line, mark in zip(bare, marks, strict=False))


def _signed_as(letter: NoticePage) -> tuple[str, ...]:
    """Authority and position, a line each: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"."""
    lines = [line.strip().upper() for line in letter.signer_position.split("/") if line.strip()]
    if letter.signer_prefix != SignerPrefix.NONE and lines:
        lines[0] = f"{letter.signer_prefix} {lines[0].removeprefix(letter.signer_prefix).strip()}"
    return tuple(lines)


def _text(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())


def _ended(text: str) -> str:
    return text if text.endswith(END_MARK) else f"{text.rstrip(LIST_MARKS)}{END_MARK}"


def _ended_markup(paragraph: str) -> str:
    """``paragraph`` with the mark that ends a letter, which may stand there already.

    It follows the last word, within whatever is bold or slanted there.
    """
    closing = CLOSING.search(paragraph)
    tags = closing[0] if closing else ""
    text, tags = paragraph.removesuffix(tags), tags.strip()
    if text.endswith(END_MARK):
        return f"{text}{tags}"
    bare = LAST_MARKS.sub("", text)
    # What ends a word that is written as an entity ("&amp;") is no mark.
    bare = text if re.search(r"&\w+$", bare) else bare
    return f"{bare}{END_MARK}{tags}"


def _paragraphs(letter: NoticePage, texts: Sequence[LegalText]) -> list[str]:
    """The paragraphs of the body, after an opening that names what it does not cite itself.

    Addresses are marked, so that a long one does not tear a justified line apart.
    """
    body = expand_db_html(letter.body)
    found = PARAGRAPH.findall(body)
    paragraphs = [each for each in found if _words(each)] if found else []
    if not found and _words(body):
        paragraphs = [f"<p>{body}</p>"]
    paragraphs = [ADDRESS.sub(r'<span class="letter__address">\g<0></span>', p) for p in paragraphs]
    words = _words(body)
    uncited = [each for each in texts if each.label not in words and _number(each) not in words]
    if uncited:
        cited = "; ".join(_cited(each) for each in uncited)
        paragraphs.insert(0, f"<p>Thực hiện {escape(cited)}.</p>")
    return paragraphs


def _words(markup: str) -> str:
    return " ".join(unescape(strip_tags(markup)).split())


def _number(text: LegalText) -> str:
    """The number within "Chỉ thị số 05/2007/CT-TTg ngày …", by which a text is recognised."""
    found = re.search(r"số (\S+)", text.label)
    return found[1] if found else text.label


def _cited(text: LegalText) -> str:
    abstract = text.abstract.strip(LIST_MARKS)
    if not abstract:
        return text.label
    return f"{text.label} {abstract if abstract.startswith('về ') else f'về {abstract}'}"


def _around_requests(paragraphs: list[str], *, has_requests: bool) -> tuple[list[str], list[str]]:
    """Divide the body where the requests stand: after the last paragraph that announces them.

    Such a paragraph ends with a colon ("… triển khai nội dung sau:"). Without one the
    requests follow the whole text.
    """
    if has_requests:
        for index in range(len(paragraphs) - 1, -1, -1):
            if _words(paragraphs[index]).endswith(":"):
                return paragraphs[: index + 1], paragraphs[index + 1 :]
    return list(paragraphs), []


def notice_card(
    letter: NoticePage, campaign_title: str, request: HttpRequest, standing: Standing
) -> NoticeCard:
    """The card of one letter: number and date are what was recorded, nothing before that."""
    row = standing.released
    recorded = f"{numbered(row.number)}/{row.symbol}" if row else ""
    return NoticeCard(
        title=letter.title,
        url=letter.get_url(request) or "",
        subject=letter.subject,
        number_and_symbol=recorded or (letter.number and letter.number_and_symbol),
        issued_on=row.issued_on if row else letter.issued_on,
        campaign_title=campaign_title,
        state=standing.state.value if standing.released and standing.state else "draft",
        state_label=state_label(standing),
    )


def state_label(standing: Standing) -> str:
    """Where a letter stands, for the public: before its release it is a draft."""
    if standing.released is None or standing.state is None:
        return pgettext("official letter", "Draft")
    return str(standing.state.label)


def status_of(
    standing: Standing,
    relations: Iterable[Relation],
    view: View,
    signed_pdf: CustomDocument | None,
) -> LetterStatus:
    """What stands around the sheet of a letter."""
    original = signed_pdf if standing.released else None
    return LetterStatus(
        is_draft=standing.released is None,
        in_force=standing.in_force,
        state=standing.state.value if standing.released and standing.state else "draft",
        state_label=state_label(standing),
        original=_download(original, view) if original else None,
        relations=tuple(relations),
    )


def _download(document: CustomDocument, view: View) -> Download:
    preview = view is View.PREVIEW
    url = reverse("staff_document", args=[document.pk]) if preview else document.url
    return Download(url=url, size=document.file_size)


def shown_letter(letter: NoticePage, view: View) -> tuple[NoticePage, NoticeRelease | None]:
    """What is printed of ``letter``: the frozen letter once released, with its record.

    A preview prints the version that is looked at, so that older drafts can be compared.
    """
    row = released_row(letter)
    if row is None or row.content is None or view is View.PREVIEW:
        return letter, row
    return as_released(row), row


def relations_of(letter: NoticePage, request: HttpRequest) -> tuple[Standing, list[Relation]]:
    """Where ``letter`` stands, and what it did to others or others to it: one query."""
    own = source_id(letter)
    rows = NoticeRelease.objects.filter(Q(notice_id=own) | Q(by_letter_id=own))
    rows = rows.select_related("notice", "by_letter").defer("content").order_by("pk")
    found = list(rows)
    standing = standing_of([row for row in found if row.notice_id == own])
    relations = []
    for row in effects_in(found):
        undergone = row.notice_id == own
        other = row.by_letter if undergone else row.notice
        if other is not None and other.live:
            words = (UNDERGONE if undergone else DONE)[ReleaseState(row.state)]
            relations.append(_relation(str(words), other, request))
    return standing, relations


def _relation(words: str, other: NoticePage, request: HttpRequest) -> Relation:
    return Relation(words=words, letter=letter_name(other), url=other.get_url(request) or "")


def letter_name(letter: NoticePage) -> str:
    """ "Công văn số 05/SNV-TĐKT ngày 05/3/2024", else the title."""
    if not letter.number:
        return letter.title
    name = f"Công văn số {letter.number_and_symbol}"
    return f"{name} ngày {official_date(letter.issued_on)}" if letter.issued_on else name


def notice_context(page: NoticePage, request: HttpRequest, view: View) -> dict[str, Any]:
    """The sheet of ``page`` and what stands around it, on its own page or its campaign's."""
    letter, row = shown_letter(page, view)
    standing, relations = relations_of(page, request)
    signed_pdf = row.signed_pdf if row else None
    return {
        "sheet": letter_sheet(letter),
        "status": status_of(standing, relations, view, signed_pdf),
        "letter_title": letter.title,
        "legal_texts": legal_texts(letter.texts_referred_to),
    }
