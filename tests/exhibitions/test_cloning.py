"""An exhibition used as the pattern of another; items shown again; Parts copied."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from exhibitions.arranging import show_again
from exhibitions.clearance import current_state
from exhibitions.cloning import clone_as_pattern
from exhibitions.models import ExhibitionPage, ItemPage, PartPage
from tests import factories
from tests.exhibitions.test_admin_clearance import staff


@pytest.fixture
def editor(exhibition_index):
    return staff("bientap", exhibition_index, on_pages=("add_page", "change_page", "publish_page"))


def test_the_pattern_has_the_parts_and_none_of_the_items(hall, editor):
    section = factories.PartPageFactory(parent=hall.parts[1], title="Lạng Sơn")
    factories.cleared_item(section)
    made = clone_as_pattern(hall.exhibition, title="Triển lãm năm sau", by=editor)
    below = PartPage.objects.filter(path__startswith=made.path).order_by("path")
    titles = [part.title for part in below]
    assert titles == [hall.parts[0].title, hall.parts[1].title, "Lạng Sơn"]
    assert not ItemPage.objects.filter(path__startswith=made.path).exists()
    assert (made.title, made.live, made.opens_at) == ("Triển lãm năm sau", False, None)
    assert made.foreword == ExhibitionPage.objects.get(pk=hall.exhibition.pk).foreword


def test_a_pattern_says_nothing_that_only_the_former_exhibition_can_say(hall, editor):
    former = hall.exhibition
    former.short_title, former.declared_figures = "75 năm", "trên 120 tài liệu"
    former.summary = "Nhân 75 năm"
    former.save_revision()
    made = clone_as_pattern(former, title="Tám mươi năm", by=editor)
    assert (made.short_title, made.summary, made.occasion, made.declared_figures) == (
        "",
        "",
        None,
        "",
    )


def test_the_public_sees_nothing_of_a_pattern(hall, editor, client):
    made = clone_as_pattern(hall.exhibition, title="Triển lãm năm sau", by=editor)
    assert client.get(made.get_url()).status_code == 404


def test_a_pattern_takes_its_own_address(hall, editor):
    first = clone_as_pattern(hall.exhibition, title="Năm sau", by=editor)
    second = clone_as_pattern(hall.exhibition, title="Năm sau", by=editor)
    assert {first.slug, second.slug} == {"nam-sau", "nam-sau-2"}


def test_who_may_not_add_exhibitions_makes_no_pattern(hall):
    with pytest.raises(PermissionDenied):
        clone_as_pattern(hall.exhibition, title="Năm sau", by=factories.UserFactory())


def test_an_item_shown_again_is_decided_on_where_it_comes_from(hall, editor):
    item = hall.items[0]
    assert show_again(hall.exhibition, [item.pk], hall.parts[1], by=editor) == []
    alias = ItemPage.objects.child_of(hall.parts[1]).get(alias_of=item)
    assert current_state(alias) == current_state(item)
    assert not alias.clearances.exists()


def test_clearance_never_travels_with_a_copied_part(hall, editor, client):
    part = PartPage.objects.get(pk=hall.parts[0].pk)
    copied = part.copy(
        recursive=True, to=hall.exhibition, update_attrs={"slug": "ban-sao"}, user=editor
    )
    for item in ItemPage.objects.child_of(copied):
        assert not item.clearances.exists()
        assert client.get(item.get_url()).status_code == 404
