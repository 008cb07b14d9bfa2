"""The campaigns with their letters and kits, the agencies that take part, and old addresses."""

from __future__ import annotations

import io
from collections.abc import Mapping

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from wagtail.models import Page

from analytics.api import OpeningBalance
from campaigns.invitations import invitation_for
from campaigns.models import (
    Banner,
    CampaignExhibition,
    CampaignIndexPage,
    CampaignPage,
    Channel,
    NoticeDistribution,
    NoticePage,
    NoticeRecipient,
    NoticeRequest,
    PlacementState,
    ReleaseState,
)
from campaigns.placements import declare, record_finding
from campaigns.release import ReleaseFacts, record
from core.lettering import INTERFACE, TITLES
from core.models import CustomDocument, HostAlias
from exhibitions.models import ExhibitionPage
from home.demonstration import content
from home.demonstration.content.records import Campaign, Letter
from home.demonstration.loading.publishing import publish_below
from home.demonstration.loading.records import Archive
from home.demonstration.loading.texts import legal_text_blocks, rich_text
from home.models import NewsPage

Exhibitions = Mapping[str, ExhibitionPage]

PDF_SIZE = (1240, 1754)
"""A4 at 150 dots an inch."""


def load_campaigns(index: CampaignIndexPage, exhibitions: Exhibitions, archive: Archive) -> None:
    """Every campaign, and what the sample agencies did with the first one's kit."""
    campaigns = [_load_campaign(index, each, exhibitions, archive) for each in content.CAMPAIGNS]
    _place_banners(campaigns[0], exhibitions[content.CAMPAIGNS[0].exhibition], archive)


def _load_campaign(
    index: CampaignIndexPage, words: Campaign, exhibitions: Exhibitions, archive: Archive
) -> CampaignPage:
    campaign = CampaignPage(
        title=words.title,
        slug=words.slug,
        introduction=rich_text(words.introduction),
        kit_text=rich_text(words.kit_text),
        contact=words.contact,
    )
    campaign.exhibitions = [CampaignExhibition(exhibition=exhibitions[words.exhibition])]
    campaign.banners = [Banner(form=form) for form in words.banners]
    campaign = publish_below(index, campaign, archive.staff.editor)
    for letter in words.letters:
        _load_letter(campaign, letter, archive)
    return campaign


def _load_letter(campaign: CampaignPage, words: Letter, archive: Archive) -> None:
    letter = NoticePage(
        title=words.title,
        slug=words.slug,
        parent_body=words.parent_body,
        agency=words.agency,
        symbol=words.symbol,
        place=words.place,
        subject=words.subject,
        texts_referred_to=legal_text_blocks(words.legal_texts),
        body=rich_text(words.body),
        signer_position=words.signer_position,
        signer_name=words.signer_name,
    )
    letter.recipients = [NoticeRecipient(text=each) for each in words.recipients]
    letter.requests = [NoticeRequest(text=each) for each in words.requests]
    letter.distribution = [NoticeDistribution(text=each) for each in words.distribution]
    letter = publish_below(campaign, letter, archive.staff.editor)
    if words.release_note:
        _release(letter, words, archive)


def _release(letter: NoticePage, words: Letter, archive: Archive) -> None:
    """Record a sample letter as released, with a PDF that says that it is a sample."""
    facts = ReleaseFacts(
        number=words.number,
        symbol=words.symbol,
        issued_on=words.issued_on,
        signed_pdf=_sample_pdf(words, archive),
        note=words.release_note,
    )
    reasons = record(letter, ReleaseState.RELEASED, by=archive.staff.clerk, facts=facts)
    if reasons:
        raise ValueError("; ".join(reason.text for reason in reasons))


def _sample_pdf(words: Letter, archive: Archive) -> CustomDocument:
    """A page that says that it stands for the signed letter and has no legal force."""
    page = Image.new("L", PDF_SIZE, 255)
    pen = ImageDraw.Draw(page)
    middle = PDF_SIZE[0] / 2
    TITLES.write(pen, (middle, 700), "MẪU", 160, 90)
    for row, line in enumerate(
        (
            "Chỗ của văn bản điện tử đã ký số.",
            "Tệp mẫu của bản trình diễn, không có giá trị pháp lý.",
        )
    ):
        INTERFACE.write(pen, (middle, 840 + row * 64), line, 40, 40)
    file = io.BytesIO()
    page.save(file, "PDF", resolution=150)
    document = CustomDocument(
        title=f"{words.title} (tệp mẫu)", uploaded_by_user=archive.staff.editor
    )
    document.file.save(f"{words.slug}.pdf", ContentFile(file.getvalue()), save=False)
    document.save()
    return document


def _place_banners(campaign: CampaignPage, exhibition: ExhibitionPage, archive: Archive) -> None:
    """What some of the sample agencies say, and what was found there."""
    for each in content.SAMPLE_PLACEMENTS:
        invitation = invitation_for(
            campaign, archive.organisations[each.agency], Channel.WEB, exhibition
        )
        if each.address:
            declare(invitation, each.address)
        if each.finding:
            record_finding(invitation, PlacementState(each.finding), by=archive.staff.clerk)


def load_alias_hosts(exhibitions: Exhibitions) -> None:
    """The former and the misprinted addresses of the exhibitions."""
    HostAlias.objects.bulk_create(
        HostAlias(host=each.host, page=exhibitions[each.exhibition], note=each.note)
        for each in content.ALIAS_HOSTS
    )


def load_earlier_figures() -> None:
    """What earlier sites counted, each in its own unit."""
    for each in content.EARLIER_FIGURES:
        OpeningBalance.objects.create(
            page=_page_called(each.page),
            count=each.count,
            unit=each.unit,
            qualifier=each.qualifier,
            until=each.until,
            origin=each.origin,
        )


def _page_called(slug: str) -> Page:
    """The exhibition or the news with ``slug``."""
    found = ExhibitionPage.objects.filter(slug=slug).first()
    return found or NewsPage.objects.get(slug=slug)
