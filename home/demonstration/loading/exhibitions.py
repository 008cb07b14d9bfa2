"""The exhibitions with their Parts, their items, and the decisions on these."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.fields import PartialDateField
from exhibitions.clearance import ClearanceDecision, grant
from exhibitions.models import (
    ExhibitionIndexPage,
    ExhibitionOrganiser,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    PartPage,
)
from home.demonstration import content
from home.demonstration.content.records import Exhibition, Item, Part
from home.demonstration.loading.gallery import cover_sketch, medium_sketch
from home.demonstration.loading.publishing import publish_below
from home.demonstration.loading.records import Archive
from home.demonstration.loading.texts import legal_text_blocks, rich_text
from home.models import HomePage

OPENING_HOUR = time(8, 0)
"""At which an exhibition opens whose documents give only the day; Viet Nam's time."""

DECISION_NUMBER = "MẪU-01/QĐ-SNV"
DECISION_NOTE = "Quyết định mẫu của bản trình diễn."


def load_exhibitions(home: HomePage, archive: Archive) -> dict[str, ExhibitionPage]:
    """The list of exhibitions and all below it; exhibitions by their slugs."""
    words = content.EXHIBITION_INDEX
    index = publish_below(
        home,
        ExhibitionIndexPage(
            title=words.title,
            slug=words.slug,
            introduction=rich_text((words.introduction,)),
            show_in_menus=True,
        ),
        archive.staff.editor,
    )
    return {each.slug: _load_exhibition(index, each, archive) for each in content.EXHIBITIONS}


def opening_time(exhibition: Exhibition, loaded_on: date) -> datetime:
    """When ``exhibition`` opens: on its day, or so many days after it was loaded."""
    day = exhibition.opens_on or loaded_on + timedelta(days=exhibition.opens_in_days or 0)
    return timezone.make_aware(datetime.combine(day, OPENING_HOUR))


def _load_exhibition(
    index: ExhibitionIndexPage, words: Exhibition, archive: Archive
) -> ExhibitionPage:
    exhibition = ExhibitionPage(
        title=words.title,
        slug=words.slug,
        short_title=words.short_title,
        summary=words.summary,
        occasion=archive.occasions.get(words.occasion),
        cover=archive.images[cover_sketch(words.cover)],
        foreword=rich_text(words.foreword),
        foreword_signature=words.foreword_signature,
        legal_texts=legal_text_blocks(words.legal_texts),
        opens_at=opening_time(words, timezone.localdate()),
        declared_figures=words.declared_figures,
        credits=rich_text(words.credits),
        keywords=", ".join(words.keywords),
    )
    exhibition.organisers = [
        ExhibitionOrganiser(organisation=archive.organisations[each.organisation], role=each.role)
        for each in words.organisers
    ]
    exhibition = publish_below(index, exhibition, archive.staff.editor)
    for part in words.parts:
        _load_part(exhibition, part, archive)
    return exhibition


def _load_part(parent: ExhibitionPage | PartPage, words: Part, archive: Archive) -> None:
    part = publish_below(
        parent,
        PartPage(
            title=words.title,
            slug=words.slug,
            numeral_style=words.numeral_style,
            introduction=rich_text(words.introduction),
            contributor=archive.organisations.get(words.contributor),
        ),
        archive.staff.editor,
    )
    for item in words.items:
        _load_item(part, item, archive)
    for section in words.parts:
        _load_part(part, section, archive)


def _load_item(part: PartPage, words: Item, archive: Archive) -> None:
    # As the editor's form does: people write "14/7/1948", EDTF is kept.
    edtf = ItemPage._meta.get_field("date").to_python(words.date)
    said = PartialDateField.in_words(edtf)
    item = ItemPage(
        title=words.title,
        slug=words.slug,
        reference=words.reference,
        kind=words.kind,
        caption=words.caption,
        description=rich_text(words.description),
        quotation=words.quotation,
        type_name=words.type_name,
        document_number=words.document_number,
        document_symbol=words.document_symbol,
        issuing_body=words.issuing_body,
        abstract=words.abstract,
        date=edtf,
        date_display="" if words.date_display == said else words.date_display,
        source_organisation=archive.organisations.get(words.source_organisation),
        source_person=words.source_person,
        source_person_title=words.source_person_title,
        rights=words.rights,
        keywords=", ".join(words.keywords),
    )
    item.media = [
        ItemMedium(
            image=archive.images[medium_sketch(words, each)],
            label=each.label,
            alt_text=each.alt_text,
        )
        for each in words.media
    ]
    item = publish_below(part, item, archive.staff.editor)
    if words.cleared:
        _clear(item, archive)


def _clear(item: ItemPage, archive: Archive) -> None:
    decision = ClearanceDecision(
        number=DECISION_NUMBER, decided_on=timezone.localdate(), note=DECISION_NOTE
    )
    refused = grant(item, by=archive.staff.approver, decision=decision)
    if refused:
        raise ValueError(f"{item.title}: {[reason.code for reason in refused]}")
