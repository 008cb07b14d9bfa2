"""What holds for every page type: text, addresses, tree rules."""

from __future__ import annotations

import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from wagtail.models import Page

from core.models import BasePage, Organisation
from core.models.base import BasePageForm, VietnameseSlugInput, available_slug
from exhibitions.models import ClearanceState, ExhibitionPage, ItemPage
from home.models import HomePage
from tests import factories
from tests.portal import Hall

PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, BasePage)]


def test_every_page_type_has_a_factory() -> None:
    made = {
        each._meta.model
        for each in vars(factories).values()
        if isinstance(each, type) and hasattr(each, "_meta") and each._meta.model
    }
    assert [model.__name__ for model in PAGE_TYPES if model not in made] == []


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_every_page_type_says_where_it_may_stand(model: type[BasePage]) -> None:
    assert "parent_page_types" in vars(model)
    assert "subpage_types" in vars(model)
    assert model.page_description
    assert "template" in vars(model)
    for child in model.allowed_subpage_models():
        if issubclass(child, BasePage):
            assert model in child.allowed_parent_page_models()


@pytest.mark.django_db
def test_decomposed_text_is_stored_composed(hall: Hall) -> None:
    typed = unicodedata.normalize("NFD", "Thời kỳ kháng chiến ở Lạng Sơn")
    item = factories.ItemPageFactory(parent=hall.parts[0], title=typed, caption=typed)
    item.refresh_from_db()
    assert item.title == item.caption == unicodedata.normalize("NFC", typed)
    organisation = Organisation.objects.create(name=typed)
    organisation.refresh_from_db()
    assert organisation.name == unicodedata.normalize("NFC", typed)


@pytest.mark.django_db
def test_a_slug_is_the_folded_title(exhibition_index) -> None:
    page = factories.ExhibitionPageFactory(
        parent=exhibition_index, title="Lạng Sơn 75 năm thi đua yêu nước"
    )
    assert page.slug == "lang-son-75-nam-thi-dua-yeu-nuoc"


@pytest.mark.django_db
def test_equal_titles_get_a_suffix(hall: Hall) -> None:
    pages = [factories.ItemPageFactory(parent=hall.parts[0], title="Đồng Đăng") for _n in range(3)]
    assert [page.slug for page in pages] == ["dong-dang", "dong-dang-2", "dong-dang-3"]


@pytest.mark.django_db
def test_a_title_of_250_characters_gets_a_slug_cut_at_a_word(hall: Hall) -> None:
    title = ("thi đua yêu nước " * 20)[:250].strip()
    first = factories.ItemPageFactory(parent=hall.parts[0], title=title)
    second = factories.ItemPageFactory(parent=hall.parts[0], title=title)
    assert len(first.slug) <= 80 and first.slug.endswith("-yeu")
    assert len(second.slug) <= 80 and second.slug.endswith("-2")


@pytest.mark.django_db
def test_four_equal_titles_get_addresses_where_a_long_word_leaves_little_room_for_a_suffix(
    hall: Hall,
) -> None:
    title = " ".join(["abcde"] * 9 + ["y" * 26])
    pages = [factories.ItemPageFactory(parent=hall.parts[0], title=title) for _n in range(4)]
    stem = "-".join(["abcde"] * 9)
    assert [page.slug for page in pages[1:]] == [f"{stem}-2", f"{stem}-3", f"{stem}-4"]


@pytest.mark.django_db
def test_a_title_of_marks_only_still_gets_an_address(hall: Hall) -> None:
    page = factories.ItemPageFactory(parent=hall.parts[0], title="… – « » …")
    assert page.slug == "trang"


def test_a_typed_slug_is_folded_by_the_server() -> None:
    widget = VietnameseSlugInput()
    assert widget.value_from_datadict({"slug": " Đảng bộ Đồng Đăng "}, {}, "slug") == (
        "dang-bo-dong-dang"
    )
    assert len(widget.value_from_datadict({"slug": "a" * 250}, {}, "slug")) == 80
    # What folds to nothing stays, so that the form can refuse it instead of inventing one.
    assert widget.value_from_datadict({"slug": "´ˆ~"}, {}, "slug") == "´ˆ~"


@pytest.mark.django_db
def test_two_items_of_one_exhibition_cannot_have_one_reference(hall: Hall) -> None:
    first, second = hall.items[0], hall.items[3]
    first.reference = "LS-001"
    first.save()
    second.reference = "LS-001"
    with pytest.raises(ValidationError) as refused:
        second.full_clean()
    assert "reference" in refused.value.message_dict
    elsewhere = factories.ExhibitionPageFactory(parent=hall.exhibition.get_parent())
    part = factories.PartPageFactory(parent=elsewhere)
    factories.ItemPageFactory(parent=part, reference="LS-001").full_clean()


@pytest.mark.django_db
def test_a_date_that_does_not_exist_is_refused_with_an_example(hall: Hall) -> None:
    item = hall.items[0]
    item.date = "31/2/1948"
    with pytest.raises(ValidationError) as refused:
        item.clean_fields()
    assert "14/7/1948" in str(refused.value.message_dict["date"])


@pytest.mark.django_db
def test_an_exhibition_cannot_close_before_it_opens(hall: Hall) -> None:
    hall.exhibition.closes_at = hall.exhibition.opens_at
    with pytest.raises(ValidationError):
        hall.exhibition.full_clean()


@pytest.mark.django_db
def test_a_renamed_page_leaves_a_redirect_that_tells_nothing_once_the_page_is_hidden(
    client, hall: Hall, django_capture_on_commit_callbacks
) -> None:
    item = ItemPage.objects.get(pk=hall.items[0].pk)
    old = item.get_url()
    item.slug = "ten-moi"
    with django_capture_on_commit_callbacks(execute=True):
        item.save_revision().publish()
    answer = client.get(old)
    assert answer.status_code == 301
    assert answer["Location"].endswith("/ten-moi/")
    factories.clear(item, state=ClearanceState.WITHDRAWN)
    for address in (old, f"{old}?q=1"):
        assert client.get(address).status_code == 404


def test_forms_of_all_pages_are_ours() -> None:
    assert all(issubclass(model.base_form_class, BasePageForm) for model in PAGE_TYPES)


@pytest.mark.django_db
def test_a_free_slug_is_found_among_siblings(home: HomePage) -> None:
    assert available_slug("tim-kiem", home, None) == "tim-kiem-2"
    assert available_slug("gioi-thieu", home, None) == "gioi-thieu"


@pytest.mark.django_db
def test_nobody_can_put_a_second_lock_on_a_page(hall: Hall) -> None:
    assert ExhibitionPage.private_page_options == []
    assert not hall.exhibition.get_view_restrictions().exists()
    assert Page.objects.get(pk=hall.exhibition.pk).specific.get_view_restrictions().count() == 0
