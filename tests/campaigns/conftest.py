"""A campaign with its banner kit and an agency that asks for it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from analytics.api import Kind
from campaigns.invitations import invitation_for
from campaigns.models import BannerForm, CampaignPage, Channel, Invitation
from core.models import Organisation
from exhibitions.models import ExhibitionPage
from tests import factories
from tests.portal import Hall


@dataclass
class Kit:
    """A public campaign for the open exhibition, with two banners, and xã Thất Khê."""

    campaign: CampaignPage
    exhibition: ExhibitionPage
    agency: Organisation

    @property
    def url(self) -> str:
        return f"/bo-nhan-dien/{self.campaign.slug}/"

    @property
    def agency_url(self) -> str:
        return f"{self.url}xa-that-khe-{self.agency.pk}/"

    def invitation(self, channel: str = Channel.WEB) -> Invitation:
        return invitation_for(self.campaign, self.agency, channel, self.exhibition)


@pytest.fixture
def kit(hall: Hall) -> Kit:
    home = hall.exhibition.get_parent().get_parent().specific
    index = factories.CampaignIndexPageFactory(parent=home)
    campaign = factories.CampaignPageFactory(
        parent=index,
        title="Tuyên truyền triển lãm 75 năm thi đua yêu nước",
        contact="Phòng Quản lý văn thư - lưu trữ, (0205) 3812 345",
    )
    campaign.exhibitions.create(exhibition=hall.exhibition)
    for form in (BannerForm.WIDE, BannerForm.SQUARE):
        campaign.banners.create(form=form)
    campaign.save()
    agency = factories.OrganisationFactory(
        name="Ủy ban nhân dân xã Thất Khê", short_name="Xã Thất Khê", province="Lạng Sơn"
    )
    agency.hosts.create(host="thatkhe.langson.gov.vn")
    agency.save()
    return Kit(campaign, hall.exhibition, agency)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Kind, str]]:
    """What was sent to be counted: the kind and the code, "" for what is to be dropped."""
    sent: list[tuple[Kind, str]] = []
    monkeypatch.setattr(
        "campaigns.views.record",
        lambda request, kind, *, code="", page=0: sent.append((kind, code)),
    )
    return sent
