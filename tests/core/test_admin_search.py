"""Whatever is typed into a search of the admin gets an answer."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, hall: Hall) -> Client:
    factories.CustomImageFactory(title="Khẩu hiệu “Thi đua”")
    client.force_login(factories.UserFactory(is_superuser=True))
    return client


@pytest.mark.parametrize("typed", ['"', '"abc', "*", "(", "'", "AND", "…"])
@pytest.mark.parametrize(
    "address",
    [
        "/admin/images/",
        "/admin/images/chooser/",
        "/admin/documents/",
        "/admin/pages/",
        "/admin/choose-page/search/",
    ],
)
def test_a_strange_query_is_no_failure(office: Client, address: str, typed: str) -> None:
    assert office.get(address, {"q": typed}).status_code == 200


def test_the_library_finds_without_marks(office: Client) -> None:
    assert "Khẩu hiệu" in office.get("/admin/images/", {"q": "khau hieu"}).content.decode()
    assert "Khẩu hiệu" not in office.get("/admin/images/", {"q": "dong bao"}).content.decode()


def test_many_images_can_be_added_at_once(office: Client) -> None:
    assert office.get("/admin/images/multiple/add/").status_code == 200
