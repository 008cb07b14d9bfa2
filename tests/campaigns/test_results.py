"""What came of a campaign, as the department reads it: agency by agency."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from analytics.models import CountedCode, CountedPage, DayFigure, Sighting
from analytics.vocabulary import Metric
from campaigns.invitations import address_of, invitation_for
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
        rights = ["record_placement", "change_invitation"]
        user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    return user


def path_of(invitation: Invitation) -> str:
    return urlsplit(address_of(invitation)).path


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
    counted(kit.invitation(), Metric.DOWNLOADS, 1)
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
    opened = factories.OrganisationFactory(name="Ủy ban nhân dân xã Ba Sơn")
    recipient.organisations.set([absent, opened, kit.agency])
    recipient.save()
    # A robot opens every page: that alone is not using the kit.
    invitation_for(kit.campaign, opened, Channel.WEB, kit.exhibition)
    counted(kit.invitation(), Metric.DOWNLOADS, 1)
    result = results_of(kit.campaign, "Khác")
    assert set(result.not_yet) == {absent, opened}
    assert [each.organisation for each in result.agencies] == [kit.agency]


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


def test_an_officer_withdraws_the_links_of_an_agency_and_lets_the_same_ones_work_again(
    client: Client, kit: Kit
) -> None:
    web, zalo = kit.invitation(), kit.invitation(Channel.ZALO)
    other = invitation_for(
        kit.campaign, factories.OrganisationFactory(name="Xã khác"), Channel.WEB, kit.exhibition
    )
    client.force_login(clerk(may_record=True))

    def press(links: str) -> str:
        pressed = {"invitation": web.pk, "links": links}
        return str(client.post(screen(kit), pressed, follow=True).content.decode())

    def answers() -> list[int]:
        return [Client().get(path_of(each)).status_code for each in (web, zalo, other)]

    assert answers() == [302, 302, 302]
    assert "đã bị thu hồi" in press("thu-hoi")
    assert answers() == [404, 404, 302]
    assert "Cho dùng lại" in client.get(screen(kit)).content.decode()
    press("dung-lai")
    assert answers() == [302, 302, 302]


@pytest.mark.parametrize(
    "form",
    [
        {"invitation": "0", "finding": "da-go"},
        {"invitation": "abc", "finding": "da-go"},
        {"invitation": "1", "finding": "xoa-het"},
        {"invitation": "0", "links": "thu-hoi"},
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
    answer = client.post(screen(kit), {"invitation": kit.invitation().pk, "links": "thu-hoi"})
    assert answer.status_code in (302, 403)
    assert kit.invitation().withdrawn_at is None


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
