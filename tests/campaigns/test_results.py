"""What came of a campaign, as the department reads it: agency by agency."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from analytics.models import CountedCode, CountedPage, DayFigure, Sighting
from analytics.vocabulary import Metric
from campaigns.invitations import invitation_for
from campaigns.models import Channel, Invitation, NoticeRecipient, PlacementState
from campaigns.placements import declare
from campaigns.results import results_of
from core.models import User
from tests import factories
from tests.campaigns.conftest import Kit

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


def counted(invitation: Invitation, metric: Metric, number: int, unmerged: bool = False) -> None:
    CountedPage.objects.get_or_create(number=0)
    code = CountedCode.objects.get_or_create(code=invitation.code)[0]
    DayFigure.objects.create(
        day=TODAY, metric=metric, page_id=0, code=code, count=number, unmerged=unmerged
    )


def clerk(*, may_record: bool) -> User:
    user: User = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    if may_record:
        user.user_permissions.add(Permission.objects.get(codename="record_placement"))
    return user


def screen(kit: Kit) -> str:
    return f"/admin/tuyen-truyen/{kit.campaign.pk}/ket-qua/"


def test_all_channels_of_an_agency_are_one_line(kit: Kit) -> None:
    counted(kit.invitation(), Metric.CLICKS, 3)
    counted(kit.invitation(), Metric.CONFIRMED_VISITS, 2)
    counted(kit.invitation(), Metric.CONFIRMED_VISITS, 1, unmerged=True)
    counted(kit.invitation(Channel.ZALO), Metric.CLICKS, 4)
    (result,) = results_of(kit.campaign, "Khác").agencies
    assert result.name == "Ủy ban nhân dân xã Thất Khê"
    assert result.figures.clicks == 7
    assert (result.figures.confirmed_visits, result.figures.confirmed_unmerged) == (2, 1)


def test_agencies_not_in_the_list_stand_last_together(kit: Kit) -> None:
    other = invitation_for(kit.campaign, None, Channel.WEB, kit.exhibition)
    counted(other, Metric.DOWNLOADS, 5)
    kit.invitation()
    names = [each.name for each in results_of(kit.campaign, "Khác").agencies]
    assert names == ["Ủy ban nhân dân xã Thất Khê", "Khác"]


def test_a_banner_seen_on_the_agencys_own_site_is_in_place(kit: Kit) -> None:
    invitation = kit.invitation()
    counted(invitation, Metric.IMPRESSIONS, 1)
    now = timezone.now()
    Sighting.objects.create(
        code_id=invitation.code, host="thatkhe.langson.gov.vn", first_at=now, last_at=now
    )
    result = results_of(kit.campaign, "Khác")
    assert result.in_place == 1
    assert result.agencies[0].state is PlacementState.SEEN


def test_one_seen_long_ago_is_only_what_the_agency_declared(kit: Kit) -> None:
    invitation = kit.invitation()
    counted(invitation, Metric.IMPRESSIONS, 1)
    long_ago = timezone.now() - timedelta(days=90)
    Sighting.objects.create(
        code_id=invitation.code, host="thatkhe.langson.gov.vn", first_at=long_ago, last_at=long_ago
    )
    declare(invitation, "https://thatkhe.langson.gov.vn/")
    (result,) = results_of(kit.campaign, "Khác").agencies
    assert result.state is PlacementState.DECLARED
    assert result.address == "https://thatkhe.langson.gov.vn/"


def test_agencies_that_were_written_to_and_have_not_come_are_named(kit: Kit) -> None:
    letter = factories.NoticePageFactory(parent=kit.campaign)
    absent = factories.OrganisationFactory(name="Ủy ban nhân dân xã Đồng Đăng")
    letter.recipients.create(text="UBND các xã")
    letter.save()
    recipient = NoticeRecipient.objects.get(page=letter)
    recipient.organisations.set([absent, kit.agency])
    recipient.save()
    kit.invitation()
    assert results_of(kit.campaign, "Khác").not_yet == [absent]


def test_the_department_reads_it_on_one_screen(client: Client, kit: Kit) -> None:
    counted(kit.invitation(), Metric.CONFIRMED_VISITS, 6800)
    declare(kit.invitation(), "https://thatkhe.langson.gov.vn/tin-tuc")
    client.force_login(factories.UserFactory(is_superuser=True))
    html = client.get(screen(kit)).content.decode()
    for part in ("Ủy ban nhân dân xã Thất Khê", "6.800", "https://thatkhe.langson.gov.vn/tin-tuc"):
        assert part in html


def test_what_an_officer_finds_stands_above_what_was_declared(client: Client, kit: Kit) -> None:
    invitation = kit.invitation()
    declare(invitation, "https://thatkhe.langson.gov.vn/")
    client.force_login(clerk(may_record=True))
    answer = client.post(screen(kit), {"invitation": invitation.pk, "finding": "da-go"})
    assert answer.status_code == 302
    (result,) = results_of(kit.campaign, "Khác").agencies
    assert result.state is PlacementState.REMOVED


@pytest.mark.parametrize(
    "form",
    [
        {"invitation": "0", "finding": "da-go"},
        {"invitation": "abc", "finding": "da-go"},
        {"invitation": "1", "finding": "xoa-het"},
        {},
    ],
)
def test_nonsense_records_nothing(client: Client, kit: Kit, form: dict[str, str]) -> None:
    client.force_login(clerk(may_record=True))
    assert client.post(screen(kit), form).status_code in (400, 404)
    assert not kit.invitation().placements.exists()


def test_who_has_no_part_in_the_campaign_is_sent_away(client: Client, kit: Kit) -> None:
    client.force_login(clerk(may_record=False))
    assert client.get(screen(kit)).status_code in (302, 403)
    answer = client.post(screen(kit), {"invitation": kit.invitation().pk, "finding": "da-go"})
    assert answer.status_code in (302, 403)
    assert not kit.invitation().placements.exists()


def test_the_screen_costs_the_same_for_two_agencies_and_for_twenty(
    client: Client, kit: Kit, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))

    def queries(agencies: int) -> int:
        for _number in range(agencies):
            agency = factories.OrganisationFactory()
            declare(
                invitation_for(kit.campaign, agency, Channel.WEB, kit.exhibition),
                "https://a.langson.gov.vn/",
            )
        with django_assert_max_num_queries(60) as captured:  # type: ignore[operator]
            client.get(screen(kit))
        return len(captured)

    assert queries(2) == queries(18)
