"""Finding things with and without Vietnamese marks, alike on both databases."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exhibitions.models import ClearanceState
from home.search import by_date, find
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(hall: Hall):
    """The letter of 14 July 1948, with its real caption."""
    return factories.cleared_item(
        hall.parts[1],
        title="Công văn số 39 VP ngày 14/7/1948",
        caption=(
            "Công văn số 39 VP ngày 14/7/1948 của Ban Lãnh đạo thi đua ái quốc tỉnh Lạng Sơn "
            "về việc kê khai khẩu hiệu thi đua ái quốc"
        ),
        document_number="39",
        document_symbol="VP",
        date="14/7/1948",
    )


@pytest.fixture
def appeal(hall: Hall):
    """The appeal of 1948, with its real caption."""
    return factories.cleared_item(
        hall.parts[0],
        title="Lời kêu gọi thi đua yêu nước",
        caption=(
            "Lời kêu gọi của Chủ tịch Hồ Chí Minh gửi tới toàn thể Đồng bào yêu quý cả nước "
            "về việc tham gia phong trào “Thi đua yêu nước” năm 1948"
        ),
        keywords="Đảng",
        date="1948",
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("khau hieu", "letter"),
        ("khẩu hiệu", "letter"),
        ("KHẨU HIỆU", "letter"),
        (unicodedata.normalize("NFD", "khẩu hiệu"), "letter"),
        ("39 VP", "letter"),
        ("39/VP", "letter"),
        ("dong bao", "appeal"),
        ("đồng bào", "appeal"),
        ("dang", "appeal"),
        ("bac ho keu goi thi dua", "appeal"),
        ("thi đua ái quốc đồng bào", "appeal"),
    ],
)
def test_people_find_it_the_way_they_type_it(query, expected, letter, appeal) -> None:
    wanted = {"letter": letter, "appeal": appeal}[expected]
    assert wanted.pk in [page.pk for page in find(query)]


def test_what_carries_the_typed_marks_comes_first(hall: Hall) -> None:
    without = factories.cleared_item(hall.parts[0], title="Đặng Văn Mẫu")
    with_marks = factories.cleared_item(hall.parts[1], title="Đảng bộ tỉnh")
    assert [page.pk for page in find("đảng")] == [with_marks.pk, without.pk]
    assert [page.pk for page in find("đặng")] == [without.pk, with_marks.pk]


def test_hits_by_date_begin_with_the_earliest_and_end_with_the_undated(hall: Hall) -> None:
    dates = ["không rõ ngày", "1965-1973", "14/7/1948", "", "khoảng 1945", "12/1948"]
    items = [
        factories.cleared_item(hall.parts[0], title=f"Mốc {number}", date=date)
        for number, date in enumerate(dates)
    ]
    numbers = [item.pk for item in items]
    ordered = [numbers.index(page.pk) for page in by_date(find("moc"))]
    assert ordered[:4] == [4, 2, 5, 1]
    assert set(ordered[4:]) == {0, 3}


@pytest.mark.parametrize(
    "query",
    [
        "a" * 10_240,
        "thi đua\x00yêu nước",
        "\x00",
        "<script>alert(1)</script>",
        "%%%",
        '"',
        "-- '",
        "*",
    ],
    ids=["10 kB", "NUL within", "NUL alone", "HTML", "percent", "quote", "SQL", "star"],
)
def test_a_strange_query_gets_a_plain_answer(client: Client, hall: Hall, query: str) -> None:
    answer = client.get("/tim-kiem/", {"q": query})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "\x00" not in page
    assert len(page) < 100_000


def test_strange_pages_and_filters_of_the_search_are_answered(client: Client, hall: Hall) -> None:
    for parameters in ({"trang": "x"}, {"trang": "-1"}, {"loai": "'"}, {"sap-xep": "\x00"}):
        answer = client.get("/tim-kiem/", {"q": "tai lieu", **parameters})
        assert answer.status_code == 200


def test_search_keeps_to_the_kind_that_was_chosen(client: Client, hall: Hall) -> None:
    news_index = factories.NewsIndexPageFactory(parent=hall.exhibition.get_parent().get_parent())
    news = factories.NewsPageFactory(parent=news_index, title="Tài liệu và bản tin")
    answer = client.get("/tim-kiem/", {"q": "tai lieu", "loai": "tin-tuc"}).content.decode()
    assert news.get_url() in answer
    assert hall.items[0].get_url() not in answer


def test_search_never_names_what_is_not_public(client: Client, hall: Hall) -> None:
    item = factories.ItemPageFactory(parent=hall.parts[0], title="Chưa công bố bao giờ")
    assert find("chua cong bo bao gio") == []
    factories.clear(item)
    assert [page.pk for page in find("chua cong bo bao gio")] == [item.pk]
    factories.clear(item, state=ClearanceState.WITHDRAWN)
    assert find("chua cong bo bao gio") == []
    hall.exhibition.unpublish()
    assert find(hall.items[0].title) == []


def test_hidden_hits_never_crowd_out_a_public_one(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("home.search.HITS_LIMIT", 5)
    for _number in range(12):
        factories.ItemPageFactory(parent=hall.parts[0], title="Thi đua yêu nước")
    public = factories.cleared_item(hall.parts[1], title="Phong trào thi đua yêu nước các xã")
    assert [page.pk for page in find("thi dua yeu nuoc") if page.pk == public.pk]


def test_a_search_takes_the_same_queries_for_few_hits_and_for_many(
    client: Client, hall: Hall
) -> None:
    counts = []
    for size in (10, 60):
        while len(find("khau hieu")) < size:
            factories.cleared_item(hall.parts[0], title="Khẩu hiệu thi đua")
        client.get("/tim-kiem/", {"q": "khau hieu"})
        with CaptureQueriesContext(connection) as captured:
            client.get("/tim-kiem/", {"q": "khau hieu"})
        counts.append(len(captured))
    print(f"queries by hits: {dict(zip((10, 60), counts, strict=True))}")
    assert counts[1] - counts[0] <= 2, "only the shown dozen may cost queries"


def test_a_search_takes_the_same_queries_for_one_picture_of_the_news_and_for_a_dozen(
    client: Client, hall: Hall
) -> None:
    home = hall.exhibition.get_parent().get_parent()
    index = factories.NewsIndexPageFactory(parent=home)
    counts = []
    for size in (1, 11):
        while index.get_children().count() < size:
            picture = factories.CustomImageFactory()
            factories.NewsPageFactory(parent=index, title="Khẩu hiệu mới", picture=picture)
        client.get("/tim-kiem/", {"q": "khau hieu"})
        with CaptureQueriesContext(connection) as captured:
            client.get("/tim-kiem/", {"q": "khau hieu"})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_search_does_not_show_a_hidden_scan_as_the_picture_of_news(
    client: Client, hall: Hall
) -> None:
    renditions = factories.render(factories.hang(hall.items[0]).image)
    index = factories.NewsIndexPageFactory(parent=hall.exhibition.get_parent().get_parent())
    factories.NewsPageFactory(parent=index, title="Khẩu hiệu mới", picture=renditions.image)
    answer = client.get("/tim-kiem/", {"q": "khau hieu"}).content.decode()
    assert renditions.key in answer
    factories.clear(hall.items[0], state=ClearanceState.WITHDRAWN)
    answer = client.get("/tim-kiem/", {"q": "khau hieu"}).content.decode()
    assert "Khẩu hiệu mới" in answer and renditions.key not in answer


def test_a_range_is_sorted_by_its_first_day(hall: Hall) -> None:
    long = factories.cleared_item(hall.parts[0], title="Mốc một", date="1965-1973")
    year = factories.cleared_item(hall.parts[0], title="Mốc hai", date="1968")
    assert [page.pk for page in by_date(find("moc"))] == [long.pk, year.pk]


def test_before_a_year_is_not_undated(hall: Hall) -> None:
    year = factories.cleared_item(hall.parts[0], title="Mốc hai", date="1968")
    before = factories.cleared_item(hall.parts[0], title="Mốc một", date="trước 1945")
    assert [page.pk for page in by_date(find("moc"))] == [before.pk, year.pk]


def test_typed_marks_in_a_caption_rank_first(hall: Hall) -> None:
    name = factories.cleared_item(hall.parts[0], title="Một", caption="Đặng Văn Mẫu")
    party = factories.cleared_item(hall.parts[0], title="Hai", caption="Đảng bộ tỉnh")
    assert [page.pk for page in find("đảng")] == [party.pk, name.pk]
    assert [page.pk for page in find("đặng")] == [name.pk, party.pk]


def test_what_editors_type_is_text_and_never_markup(client: Client, hall: Hall) -> None:
    factories.cleared_item(hall.parts[0], title="Mốc <img src=x>", caption="Mốc a < b & c")
    page = client.get("/tim-kiem/", {"q": "moc"}).content.decode()
    assert "<img src=x>" not in page and "&lt;img src=x&gt;" in page
    assert "a &lt; b &amp; c" in page
