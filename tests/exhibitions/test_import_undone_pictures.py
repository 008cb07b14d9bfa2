"""Taking an import back: no picture goes that anything in the portal shows, published or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from core.models import CustomDocument, CustomImage, User
from exhibitions.importing import jobs, undoing
from exhibitions.importing.draft_references import named_by_drafts
from exhibitions.importing.undoing import undo_import
from exhibitions.models import (
    ExhibitionIndexPage,
    ExhibitionPage,
    Import,
    ImportState,
    ItemPage,
)
from tests import factories
from tests.exhibitions.lists import begin, carry_out, send_named, take_back, workbook
from tests.exhibitions.test_admin_clearance import staff
from tests.images import jpeg, mp3
from tests.portal import Hall

SHORT = ("Ký hiệu trưng bày", "Phần", "Tên tài liệu")
ROWS = [["LS-90", "Phần mới", "Thư"], ["LS-91", "Phần mới", "Băng ghi âm"]]


@pytest.fixture
def editor(exhibition_index: ExhibitionIndexPage) -> User:
    return staff("bientap", exhibition_index, on_pages=("add_page", "change_page"))


@pytest.fixture
def done(exhibition_index: ExhibitionIndexPage, editor: User) -> Import:
    """An import that made an item with a picture, and one with a sound recording."""
    exhibition = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    send_named(job, {"LS-90.jpg": jpeg(60, 40), "LS-91.mp3": mp3()})
    carry_out(job, editor)
    assert CustomImage.objects.count() == CustomDocument.objects.count() == 1
    return job


def news(hall: Hall, **fields: Any) -> Page:
    index = factories.NewsIndexPageFactory(parent=hall.exhibition.get_site().root_page)
    return factories.NewsPageFactory(parent=index, **fields)


def figure(image: CustomImage) -> dict[str, Any]:
    return {"type": "figure", "value": {"image": image.pk, "caption": "Thư", "alt_text": ""}}


def in_the_text_of_news(hall: Hall, image: CustomImage, document: CustomDocument) -> None:
    page = news(hall)
    link = {"type": "document_link", "value": {"document": document.pk, "label": "Băng"}}
    page.body = [figure(image), link]
    page.save_revision()


def beside_news_that_were_never_published(
    hall: Hall, image: CustomImage, document: CustomDocument
) -> None:
    page = news(hall, live=False)
    page.picture = image
    page.body = [
        {"type": "paragraph", "value": f'<p><a linktype="document" id="{document.pk}">b</a></p>'}
    ]
    page.save_revision()


def in_an_item_of_another_exhibition(
    hall: Hall, image: CustomImage, document: CustomDocument
) -> None:
    item = ItemPage.objects.get(pk=hall.items[0].pk)
    factories.hang(item)
    item = ItemPage.objects.get(pk=item.pk)
    for field in ({"image": image}, {"document": document}):
        item.media.add(item.media.model(sort_order=5, **field))
    item.save_revision()


def in_a_version_that_waits_for_its_hour(
    hall: Hall, image: CustomImage, document: CustomDocument
) -> None:
    page = news(hall)
    live = page.save_revision()
    live.publish()
    page = page.specific_class.objects.get(pk=page.pk)
    page.body = [figure(image), {"type": "document_link", "value": {"document": document.pk}}]
    waiting = page.save_revision()
    waiting.approved_go_live_at = timezone.now() + timedelta(days=1)
    waiting.save(update_fields=["approved_go_live_at"])
    page = page.specific_class.objects.get(pk=page.pk)
    page.body = []
    page.save_revision()


def in_published_news(hall: Hall, image: CustomImage, document: CustomDocument) -> None:
    page = news(hall)
    page.body = [figure(image), {"type": "document_link", "value": {"document": document.pk}}]
    page.save_revision().publish()


@pytest.mark.parametrize(
    "show",
    [
        in_the_text_of_news,
        beside_news_that_were_never_published,
        in_an_item_of_another_exhibition,
        in_a_version_that_waits_for_its_hour,
        in_published_news,
    ],
)
def test_what_anything_in_the_portal_shows_stays_when_the_import_is_taken_back(
    hall, editor, done, show: Callable[..., None]
):
    image, document = CustomImage.objects.get(), CustomDocument.objects.get()
    show(hall, image, document)
    take_back(done, editor)
    assert done.state == ImportState.UNDONE
    assert not ItemPage.objects.filter(reference__startswith="LS-9").exists()
    assert CustomImage.objects.filter(pk=image.pk).exists()
    assert CustomDocument.objects.filter(pk=document.pk).exists()
    assert Path(default_storage.path(image.file.name)).exists()


def test_what_only_a_former_draft_showed_goes(hall, editor, done):
    image, document = CustomImage.objects.get(), CustomDocument.objects.get()
    page = news(hall)
    page.body = [figure(image)]
    page.save_revision()
    page.body = []
    page.save_revision()
    take_back(done, editor)
    assert not CustomImage.objects.filter(pk=image.pk).exists()
    assert not CustomDocument.objects.filter(pk=document.pk).exists()
    assert not Path(default_storage.path(image.file.name)).exists()


def test_the_numbers_in_drafts_that_are_no_pictures_keep_none(hall, editor, done):
    image = CustomImage.objects.get()
    page = news(hall, source_name=str(image.pk))
    page.body = [
        {"type": "heading", "value": str(image.pk)},
        {"type": "button_link", "value": {"label": "Xem", "page": image.pk}},
    ]
    page.save_revision()
    take_back(done, editor)
    assert not CustomImage.objects.filter(pk=image.pk).exists()


def test_drafts_are_asked_in_as_many_queries_however_many_there_are(hall, done):
    image = CustomImage.objects.get()
    page = news(hall)
    page.body = [figure(image)]
    page.save_revision()
    named_by_drafts()
    with CaptureQueriesContext(connection) as few:
        named_by_drafts()
    for _number in range(12):
        other = factories.NewsPageFactory(parent=page.get_parent(), live=False)
        other.body = [figure(image), figure(image)]
        other.save_revision()
    with CaptureQueriesContext(connection) as many:
        named = named_by_drafts()
    assert len(many) == len(few) == 1 and image.pk in named.images


def test_a_kill_at_the_end_of_taking_back_leaves_no_file_behind(editor, done, monkeypatch):
    """The state that nothing resumes is written last."""

    class Killed(BaseException):
        pass

    def kill(_job: Import) -> None:
        raise Killed

    with monkeypatch.context() as power:
        power.setattr(undoing, "remove_unused_files", kill)
        power.setattr(jobs, "undo_import", type("Queue", (), {"enqueue": staticmethod(int)}))
        assert jobs.undo(done, by=editor) == []
        with pytest.raises(Killed):
            undo_import.call(done.pk)
    done.refresh_from_db()
    assert done.state == ImportState.UNDOING
    undo_import.call(done.pk)
    done.refresh_from_db()
    assert done.state == ImportState.UNDONE
    assert not ExhibitionPage.objects.get(pk=done.exhibition_id).get_children().exists()
