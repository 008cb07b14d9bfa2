"""Taking an import back ("Hoàn tác lần nhập này"): exactly what it made and changed.

Step by step from the last, each in a transaction of its own. What somebody has worked on
since is not the import's any more: it stays, and the report says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.models import Page, ReferenceIndex

from core.media.storage import remove_rendition_folder
from core.models import CustomDocument, CustomImage, RenditionSet
from exhibitions.arranging import move_into, order_of, put_in_order
from exhibitions.drafts import as_compared, newest_content, write_content
from exhibitions.importing.draft_references import named_by_drafts
from exhibitions.importing.library import remove_unused_files
from exhibitions.importing.running import (
    Halted,
    hold_or_halt,
    may_reorder,
    said_of_a_failure,
)
from exhibitions.models import (
    Import,
    ImportAction,
    ImportState,
    ImportStep,
    ItemMedium,
    ItemPage,
    PartPage,
)

logger = logging.getLogger(__name__)


NO_FIELDS = ("parent", "order", "revision")
"""What a step keeps of where an item stood and of its version; no fields of it."""


@dataclass(frozen=True)
class Outcome:
    """What became of a step, for people, and whether something of it stays."""

    said: str
    stays: bool


def _taken_back() -> Outcome:
    return Outcome(_("Taken back."), stays=False)


def _had_been_deleted() -> Outcome:
    return Outcome(_("It had been deleted."), stays=False)


def _stays(said: str) -> Outcome:
    return Outcome(said, stays=True)


@task(backend="jobs")
def undo_import(import_id: int) -> None:
    """Take back what is not yet taken back of an import."""
    job = Import.objects.select_related("exhibition", "by").filter(pk=import_id).first()
    if job is None or job.state != ImportState.UNDOING:
        return
    with translation.override("vi"):
        try:
            for step in job.steps.filter(undone="").order_by("-pk"):
                _take_back(job, step)
            _remove_media(job)
        except Halted as halt:
            _end(job, ImportState.STOPPED, str(halt))
        except Exception as error:
            logger.exception("Taking back the import %d stopped.", job.pk)
            _end(job, ImportState.STOPPED, said_of_a_failure(error))
        else:
            _end(job, ImportState.UNDONE)


def _end(job: Import, state: ImportState, failure: str = "") -> None:
    # Before the state that nothing resumes: a kill in between would leave the files.
    remove_unused_files(job)
    Import.objects.filter(pk=job.pk, state=ImportState.UNDOING).update(
        state=state, failure=failure, ended_at=timezone.now()
    )


def _take_back(job: Import, step: ImportStep) -> None:
    """Take one step back whole, or say why what it did stays. Raises what stops it all."""
    try:
        _do(job, step)
    except (Halted, OSError, DatabaseError):
        raise
    except ValidationError as error:
        _say(step, _stays(" ".join(error.messages)))
    except Exception:
        logger.exception("Step %d of the import %d was not taken back.", step.pk, job.pk)
        _say(step, _stays(_("It stays: something unforeseen happened.")))


@transaction.atomic
def _do(job: Import, step: ImportStep) -> None:
    hold_or_halt(job.exhibition)
    undo = {
        ImportAction.MADE_ITEM: _remove_item,
        ImportAction.MADE_PART: _remove_part,
        ImportAction.CHANGED_ITEM: _change_back,
        ImportAction.ORDERED: _order_back,
    }.get(ImportAction(step.action))
    _say(step, undo(job, step) if undo else _taken_back())


def _say(step: ImportStep, outcome: Outcome) -> None:
    step.undone, step.stays = outcome.said, outcome.stays
    step.save(update_fields=["undone", "stays"])


def _remove_item(job: Import, step: ImportStep) -> Outcome:
    item = ItemPage.objects.filter(pk=step.page).first()
    if item is None:
        return _had_been_deleted()
    if reason := _reason_to_stay(item, step):
        return _stays(reason)
    if item.aliases.exists():
        return _stays(_("It stays: it is shown in another place as well."))
    if not _may_delete(job, item):
        return _stays(_("It stays: you may not delete it."))
    item.delete(user=job.by)
    return _taken_back()


def _may_delete(job: Import, page: Page) -> bool:
    """Rights may have been taken since the import."""
    return job.by is not None and page.permissions_for_user(job.by).can_delete()


def _remove_part(job: Import, step: ImportStep) -> Outcome:
    part = PartPage.objects.filter(pk=step.page).first()
    if part is None:
        return _had_been_deleted()
    if part.numchild:
        return _stays(_("It stays: there is something in it."))
    if reason := _reason_to_stay(part, step):
        return _stays(reason)
    if not _may_delete(job, part):
        return _stays(_("It stays: you may not delete it."))
    part.delete(user=job.by)
    return _taken_back()


def _reason_to_stay(page: Page, step: ImportStep) -> str:
    """Why a page that was made is not the import's any more, or ""."""
    if page.locked:
        return _("It stays: it is locked or under approval.")
    if page.live:
        return _("It stays: it has been published.")
    if page.latest_revision_id != step.after["revision"]:
        return _("It stays: somebody has changed it since.")
    if page.get_parent().pk != step.after["parent"]:
        return _("It stays: somebody has moved it since.")
    return ""


def _change_back(job: Import, step: ImportStep) -> Outcome:
    """Give an item back the fields that still are as the import left them."""
    item = ItemPage.objects.select_for_update(of=("self",)).filter(pk=step.page).first()
    if item is None:
        return _had_been_deleted()
    if item.locked:
        return _stays(_("It stays: it is locked or under approval."))
    if job.by is None or not item.permissions_for_user(job.by).can_edit():
        return _stays(_("It stays: you may not change it."))
    kept: list[str] = []
    if "parent" in step.before:
        item = _move_back(job, item, step, kept)
    content = newest_content(item)
    back = {}
    for name, value in step.before.items():
        if name in NO_FIELDS:
            continue
        if as_compared(content.get(name)) == as_compared(step.after.get(name)):
            back[name] = value
        else:
            kept.append(str(ItemPage._meta.get_field(name).verbose_name))
    if back:
        write_content(item, {**content, **back}, by=job.by)
    if kept:
        fields = ", ".join(kept)
        said = _("Taken back, except what somebody has changed since: %(fields)s.")
        return _stays(said % {"fields": fields})
    _let_it_be_as_it_was_made(step)
    return _taken_back()


def _let_it_be_as_it_was_made(step: ImportStep) -> None:
    """An item that is again as this import found it is again as an earlier one left it.

    So that earlier one can be taken back whole as well: nobody else has worked on the item.
    """
    pages = ItemPage.objects.filter(pk=step.page).values_list("latest_revision", flat=True)
    for earlier in ImportStep.objects.filter(page=step.page, undone="").exclude(pk=step.pk):
        if earlier.after.get("revision") == step.before.get("revision"):
            earlier.after["revision"] = pages.get()
            earlier.save(update_fields=["after"])


def _move_back(job: Import, item: ItemPage, step: ImportStep, kept: list[str]) -> ItemPage:
    former = PartPage.objects.filter(pk=step.before["parent"]).first()
    stays = former is None or item.get_parent().pk != step.after["parent"]
    if stays or job.by is None or not item.permissions_for_user(job.by).can_move_to(former):
        kept.append(_("Part"))
        return item
    moved = move_into(item, former, by=job.by)
    _put_behind_its_former_neighbour(moved, former, step.before["order"], job)
    return ItemPage.objects.get(pk=moved.pk)


def _put_behind_its_former_neighbour(
    item: ItemPage, part: PartPage, former_order: list[int], job: Import
) -> None:
    """Whatever order people have given the Part since, what came before it still does."""
    order = [number for number in order_of(part) if number != item.pk]
    above = former_order[: former_order.index(item.pk)]
    place = max((order.index(each) + 1 for each in above if each in order), default=0)
    put_in_order(part, [*order[:place], item.pk, *order[place:]], by=job.by)


def _order_back(job: Import, step: ImportStep) -> Outcome:
    part = PartPage.objects.filter(pk=step.page).first()
    if part is None:
        return _had_been_deleted()
    there = order_of(part)
    left_by_import = [number for number in step.after["order"] if number in there]
    if [number for number in there if number in left_by_import] != left_by_import:
        return _stays(_("Its order stays: somebody has put it in another one since."))
    if not may_reorder(job, part):
        return _stays(_("It stays: you may not put this Part in another order."))
    put_in_order(part, step.before["order"], by=job.by)
    return _taken_back()


# Files


def _remove_media(job: Import) -> None:
    """Remove the images and documents the import made that nothing shows any more.

    Not a page of the portal, published or not, and nothing else that refers to them.
    """
    images = _numbers(job.steps.values_list("images", flat=True))
    documents = _numbers(job.steps.values_list("documents", flat=True))
    drafts = named_by_drafts()
    for image in CustomImage.objects.filter(pk__in=images - drafts.images):
        _remove(image, ItemMedium.objects.filter(image=image).exists())
    for document in CustomDocument.objects.filter(pk__in=documents - drafts.documents):
        _remove(document, ItemMedium.objects.filter(document=document).exists())


def _numbers(lists: Iterable[list[int]]) -> set[int]:
    return {number for numbers in lists for number in numbers}


@transaction.atomic
def _remove(medium: CustomImage | CustomDocument, is_shown: bool) -> None:
    if is_shown or ReferenceIndex.get_references_to(medium).exists():
        return
    keys = (
        list(RenditionSet.objects.filter(image=medium).values_list("key", flat=True))
        if isinstance(medium, CustomImage)
        else []
    )
    try:
        medium.delete()
    except ProtectedError:
        return
    for key in keys:
        transaction.on_commit(partial(remove_rendition_folder, key))


def reason_against_undoing(job: Import) -> str:
    """Why an import cannot be taken back now, or ""."""
    if job.state not in (ImportState.FINISHED, ImportState.STOPPED):
        return _("Only an import that has ended can be taken back.")
    if job.steps.filter(undone="").exclude(action=ImportAction.SKIPPED).exists():
        return ""
    return _("There is nothing to take back.")
