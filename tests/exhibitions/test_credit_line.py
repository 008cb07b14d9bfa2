"""How sources are credited, as in the client's own captions."""

from __future__ import annotations

import pytest
from django.test import Client

from exhibitions.credit_line import Credit, Holding, compose
from tests import factories
from tests.portal import Hall


@pytest.mark.parametrize(
    ("credit", "text"),
    [
        (
            Credit(organisation="Trung tâm Lưu trữ quốc gia III"),
            "Nguồn: Trung tâm Lưu trữ quốc gia III",
        ),
        (Credit(person="NSNA Vũ Bách"), "Nguồn: NSNA Vũ Bách"),
        (Credit(person="(mẫu)"), "Nguồn: (mẫu)"),
        (
            Credit(organisation="Bảo tàng tỉnh", person="NSNA Vũ Bách"),
            "Nguồn: Bảo tàng tỉnh, NSNA Vũ Bách",
        ),
        (Credit(), ""),
    ],
)
def test_a_picture_is_credited_to_its_source(credit: Credit, text: str) -> None:
    assert credit.text == text


def test_a_full_credit_goes_from_the_archive_down_to_the_sheet() -> None:
    holding = Holding(fonds="Phủ Thủ tướng", inventory="1", box="7", file="1234", sheet="5")
    assert compose(Credit(organisation="TTLTQG III"), holding) == (
        "Nguồn: TTLTQG III, Phông Phủ Thủ tướng, Mục lục số 1, Hộp số 7, Hồ sơ 1234, tờ 5"
    )


def test_a_fonds_that_names_itself_is_not_named_twice() -> None:
    assert Holding(fonds="Phông Tỉnh ủy").text == "Phông Tỉnh ủy"


def test_without_a_holding_only_the_source_is_said() -> None:
    assert compose(Credit(person="NSNA Vũ Bách"), Holding()) == "Nguồn: NSNA Vũ Bách"


@pytest.mark.django_db
def test_the_credit_stands_on_the_items_page_and_where_it_hangs(client: Client, hall: Hall) -> None:
    item = hall.items[0]
    item.source_person_title, item.source_person = "NSNA", "Vũ Bách"
    item.fonds, item.caption = "Tỉnh ủy", "Ảnh chụp"
    item.save()
    factories.hang(item)
    page = client.get(item.get_url()).content.decode()
    assert 'item__credit">Nguồn: NSNA Vũ Bách, Phông Tỉnh ủy' in page
    part = client.get(hall.parts[0].get_url()).content.decode()
    assert 'hung__credit">Nguồn: NSNA Vũ Bách<' in part
