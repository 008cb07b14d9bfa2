"""Carrying out an import: in a task, row by row, so that a kill at any moment loses nothing.

Each row is one transaction, which also writes the step that says it is done. Begun again,
the task passes over the rows that have a step. Nothing is published and nothing cleared:
an import writes drafts, as its editor could by hand.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from core.media.vetting import MediaRefused
from core.models import CustomImage
from core.tasks import is_waiting
from exhibitions.arranging import hold, move_into, order_of, put_in_order
from exhibitions.drafts import newest_content, write_content
from exhibitions.importing.folder import file_path, kept_plan
from exhibitions.importing.library import make_medium, remove_unused_files
from exhibitions.importing.plan import (
    PartPlace,
    Plan,
    PlannedMedium,
    PlannedPart,
    PlannedRow,
    from_json,
)
from exhibitions.models import (
    KNOWN_BY,
    ExhibitionPage,
    Import,
    ImportAction,
    ImportState,
    ImportStep,
    ItemMedium,
    ItemPage,
    PartPage,
)
from exhibitions.newest import media_of

logger = logging.getLogger(__name__)

NAMED_FILES = 20
"""Files of no row that a report names; of more it says that there are."""
MEDIUM_TEXTS = ("label", "alt_text", "decorative", "transcription", "translation")


class Halted(Exception):
    """The import cannot go on now; ``str()`` says why, for people."""


class RowRefused(Exception):
    """A row is left out, because the exhibition is not as it was when it was checked."""


@task(backend="jobs")
def run_import(import_id: int) -> None:
    """Do what is left to do of an import."""
    job = Import.objects.select_related("exhibition", "by").filter(pk=import_id).first()
    if job is None or not _begin(job):
        return
    with translation.override("vi"):
        try:
            _require_somebody(job)
            _carry_out(job, _plan_of(job))
        except Halted as halt:
            _end(job, ImportState.STOPPED, str(halt))
        except Exception as error:
            logger.exception("The import %d stopped.", job.pk)
            _end(job, ImportState.STOPPED, said_of_a_failure(error))
        else:
            _end(job, ImportState.FINISHED)


def said_of_a_failure(error: Exception) -> str:
    """What people are told when disk or database fail, or what nobody foresaw happens."""
    if isinstance(error, OSError | DatabaseError):
        return _(
            "The disk is full or the database does not answer. What was imported so far is "
            "there; tell the administrator, and go on then."
        )
    return _(
        "Something unforeseen happened. What was imported so far is there; tell the administrator."
    )


def _require_somebody(job: Import) -> None:
    """An import has no rights but those of whoever began it. Raises Halted."""
    if job.by is None or not job.by.is_active:
        raise Halted(
            _("The account that began this import is closed. Somebody else may go on with it.")
        )


def _plan_of(job: Import) -> Plan:
    """What was checked. Raises Halted when it cannot be read any more."""
    try:
        return from_json(kept_plan(job))
    except (FileNotFoundError, ValueError, LookupError, TypeError) as error:
        logger.exception("The plan of the import %d cannot be read.", job.pk)
        raise Halted(
            _(
                "What was checked is not on the portal's disk any more. What was imported so "
                "far is there; import the list once more for the rest."
            )
        ) from error


def _begin(job: Import) -> bool:
    waiting = Import.objects.filter(pk=job.pk, state__in=(ImportState.WAITING, ImportState.RUNNING))
    return bool(waiting.update(state=ImportState.RUNNING))


def _end(job: Import, state: ImportState, failure: str = "") -> None:
    # Before the state that nothing resumes: a kill in between would leave the files.
    remove_unused_files(job)
    Import.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
        state=state, failure=failure, ended_at=timezone.now(), stop_requested=False
    )


def _carry_out(job: Import, plan: Plan) -> None:
    _note_what_is_left_out(job, plan)
    done = set(job.steps.values_list("key", flat=True))
    parts = {part.key: part for part in plan.parts}
    for row in plan.rows:
        if f"row:{row.row}" in done:
            continue
        if Import.objects.filter(pk=job.pk, stop_requested=True).exists():
            raise Halted(_("Stopped by hand."))
        _do(job, row, parts)
    for place, rows in plan.order.items():
        if f"order:{place}" not in done:
            _put_rows_in_order(job, plan, place, rows)


def _note_what_is_left_out(job: Import, plan: Plan) -> None:
    """Keep for the report what the check left out: rows to be mended, and files of no row."""
    left_out = [
        ImportStep(
            of_import=job,
            key=f"left-out:{row}",
            row=row,
            action=ImportAction.SKIPPED,
            title=title,
            note=why,
        )
        for row, title, why in plan.to_be_mended
    ]
    if files := plan.files_without_row:
        named = ", ".join(files[:NAMED_FILES])
        why = f"{named} …" if len(files) > NAMED_FILES else named
        title = _("Files that belong to no row")
        left_out.append(
            ImportStep(
                of_import=job,
                key="left-out:files",
                action=ImportAction.SKIPPED,
                title=title,
                note=why,
            )
        )
    ImportStep.objects.bulk_create(left_out, ignore_conflicts=True)


def _do(job: Import, row: PlannedRow, parts: dict[str, PlannedPart]) -> None:
    """Do one row whole, or leave it out with the reason. Raises Halted and what stops it all."""
    try:
        _Row(job, row, parts).carry_out()
    except (Halted, OSError, OperationalError, InterfaceError):
        raise
    except (RowRefused, MediaRefused) as refusal:
        _leave_out(job, row, str(refusal))
    except ValidationError as error:
        _leave_out(job, row, " ".join(error.messages))
    except Exception:
        logger.exception("Row %d of the import %d was left out.", row.row, job.pk)
        _leave_out(job, row, _("Something unforeseen happened at this row; it was left out."))


def _leave_out(job: Import, row: PlannedRow, why: str) -> None:
    with transaction.atomic():
        ImportStep.objects.create(
            of_import=job,
            key=f"row:{row.row}",
            row=row.row,
            action=ImportAction.SKIPPED,
            title=row.title,
            note=why,
        )
        _count(job)


def _count(job: Import) -> None:
    Import.objects.filter(pk=job.pk).update(done=F("done") + 1)


class _Row:
    """One row while it is carried out."""

    def __init__(self, job: Import, planned: PlannedRow, parts: dict[str, PlannedPart]) -> None:
        assert job.by is not None
        self._job, self._by = job, job.by
        self._planned = planned
        self._parts = parts
        self._images: list[int] = []
        self._documents: list[int] = []

    @transaction.atomic
    def carry_out(self) -> None:
        """Make or change the item, and write the step. Raises RowRefused and Halted."""
        hold_or_halt(self._job.exhibition)
        there = self._planned.page
        step = self._make() if there is None else self._change(there)
        step.of_import = self._job
        step.key, step.row = f"row:{self._planned.row}", self._planned.row
        step.images, step.documents = self._images, self._documents
        step.save()
        _count(self._job)

    # A new item

    def _make(self) -> ImportStep:
        values = dict(self._planned.values)
        self._refuse_taken_reference(values.get("reference", ""))
        assert self._planned.part is not None
        part = self._part(self._planned.part)
        self._require_right_to_add(part)
        organisation = values.pop("source_organisation", None)
        item = ItemPage(**values, source_organisation_id=organisation, owner=self._by, live=False)
        item.media = [
            ItemMedium(**self._medium(medium, place), sort_order=place)
            for place, medium in enumerate(self._planned.media or [])
        ]
        item._cached_parent_obj = part
        part.add_child(instance=item)
        log(instance=item, action="wagtail.create", user=self._by, content_changed=True)
        revision = item.save_revision(user=self._by, clean=False)
        return ImportStep(
            action=ImportAction.MADE_ITEM,
            page=item.pk,
            title=item.title,
            after={
                "revision": revision.pk,
                "parent": part.pk,
                **{name: getattr(item, name) for name in KNOWN_BY},
                "fingerprint": self._planned.fingerprint,
            },
        )

    def _require_right_to_add(self, page: ExhibitionPage | PartPage) -> None:
        """Rights may have been taken since the list was checked."""
        if not page.permissions_for_user(self._by).can_add_subpage():
            raise RowRefused(_("You may not add anything to this Part."))

    def _refuse_taken_reference(self, reference: str) -> None:
        below = {"path__startswith": self._job.exhibition.path, "alias_of": None}
        if reference and ItemPage.objects.filter(reference=reference, **below).exists():
            raise RowRefused(_("An item with this reference has come meanwhile. Check again."))

    # An item that is there

    def _change(self, number: int) -> ImportStep:
        item = ItemPage.objects.select_for_update(of=("self",)).filter(pk=number).first()
        if item is None:
            raise RowRefused(_("The item has been deleted meanwhile."))
        if item.locked:
            raise RowRefused(_("The item is locked or under approval and stays as it is."))
        if item.latest_revision_id != self._planned.revision:
            raise RowRefused(_("The item has been changed by somebody meanwhile. Check again."))
        tester = item.permissions_for_user(self._by)
        if not tester.can_edit():
            raise RowRefused(_("You may not change this item."))
        before: dict[str, Any] = {"revision": item.latest_revision_id}
        after: dict[str, Any] = {}
        if self._planned.part is not None:
            former, part = item.get_parent(), self._part(self._planned.part)
            if not (tester.can_move() and tester.can_move_to(part)):
                raise RowRefused(_("You may not move this item to that Part."))
            before |= {"parent": former.pk, "order": order_of(former)}
            item = move_into(item, part, by=self._by)
            after["parent"] = item.get_parent().pk
        if self._planned.values or self._planned.media is not None:
            content = newest_content(item)
            changed = dict(self._planned.values)
            if self._planned.media is not None:
                changed["media"] = self._media_content(content)
            before |= {name: content.get(name) for name in changed}
            written = write_content(item, {**content, **changed}, by=self._by)
            after |= {name: written.get(name) for name in changed}
        after["fingerprint"] = self._planned.fingerprint
        after["revision"] = ItemPage.objects.values_list("latest_revision", flat=True).get(
            pk=number
        )
        return ImportStep(
            action=ImportAction.CHANGED_ITEM,
            page=number,
            title=after.get("title") or item.title,
            before=before,
            after=after,
        )

    # Its Part

    def _part(self, place: PartPlace) -> PartPage:
        """The Part an item comes to, made now if it is the first."""
        if isinstance(place, int):
            part: PartPage | None = PartPage.objects.filter(
                pk=place, path__startswith=self._job.exhibition.path
            ).first()
            if part is None:
                raise RowRefused(_("The Part has been deleted meanwhile. Check again."))
            return part
        key = f"part:{place}"
        made = self._job.steps.filter(key=key).values_list("page", flat=True).first()
        if made is not None:
            part = PartPage.objects.filter(pk=made).first()
            if part is None:
                raise RowRefused(_("The Part has been deleted meanwhile. Check again."))
            return part
        return self._make_part(key, self._parts[str(place)])

    def _make_part(self, key: str, planned: PlannedPart) -> PartPage:
        parent = (
            ExhibitionPage.objects.get(pk=self._job.exhibition_id)
            if planned.parent is None
            else self._part(planned.parent)
        )
        self._require_right_to_add(parent)
        part = PartPage(
            title=planned.title, numeral_style=planned.style, owner=self._by, live=False
        )
        part._cached_parent_obj = parent
        parent.add_child(instance=part)
        log(instance=part, action="wagtail.create", user=self._by, content_changed=True)
        revision = part.save_revision(user=self._by, clean=False)
        ImportStep.objects.create(
            of_import=self._job,
            key=key,
            row=planned.row,
            action=ImportAction.MADE_PART,
            page=part.pk,
            title=part.title,
            after={"revision": revision.pk, "parent": parent.pk},
        )
        return part

    # Its pictures

    def _medium(self, planned: PlannedMedium, place: int) -> dict[str, Any]:
        """The fields of a new medium."""
        told = {name: getattr(planned, name) for name in MEDIUM_TEXTS}
        fields: dict[str, Any] = {name: text for name, text in told.items() if text is not None}
        medium = self._file(planned)
        if isinstance(medium, CustomImage):
            return {**fields, "image": medium, "frame": planned.frame}
        return {**fields, "document": medium}

    def _file(self, planned: PlannedMedium) -> Any:
        files = self._job.files.select_related("of_import", "image", "document")
        file = files.filter(pk=planned.file or 0).first()
        if file is None or not (file.image or file.document or file_path(file).exists()):
            raise RowRefused(
                _("A file of this row is not there any more. Import the row again with its files.")
            )
        medium, is_new = make_medium(file, self._by)
        if is_new:
            made = self._images if isinstance(medium, CustomImage) else self._documents
            made.append(medium.pk)
        return medium

    def _media_content(self, content: dict[str, Any]) -> list[dict[str, Any]]:
        """All media of the item as a version keeps them."""
        there = media_of(content)
        rows = []
        for place, planned in enumerate(self._planned.media or []):
            row = dict(there[planned.kept]) if planned.kept is not None else _new_row(content)
            if planned.file is not None:
                medium = self._file(planned)
                is_image = isinstance(medium, CustomImage)
                row |= {
                    "image": medium.pk if is_image else None,
                    "document": None if is_image else medium.pk,
                    "frame": planned.frame,
                }
            texts = {name: getattr(planned, name) for name in MEDIUM_TEXTS}
            row |= {name: text for name, text in texts.items() if text is not None}
            rows.append({**row, "sort_order": place})
        return rows


def _new_row(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "pk": None,
        "item": content["pk"],
        "uid": str(uuid.uuid4()),
        "image": None,
        "document": None,
        "frame": 1,
        "label": "",
        "alt_text": "",
        "decorative": False,
        "transcription": "",
        "translation": "",
    }


def hold_or_halt(exhibition: ExhibitionPage) -> None:
    """Keep submissions out until the row is done. Raises Halted when one is under way."""
    if reasons := hold(exhibition):
        raise Halted(reasons[0].text)


@transaction.atomic
def _put_rows_in_order(job: Import, plan: Plan, place: str, rows: Sequence[int]) -> None:
    """Let the items of one Part stand as the rows of the list do."""
    hold_or_halt(job.exhibition)
    steps = {
        step.row: step.page for step in job.steps.filter(key__startswith="row:").exclude(page=None)
    }
    steps |= {row: page for row, page in plan.pages_that_stay.items() if row not in steps}
    number = int(place) if place.isdigit() else None
    if number is None:
        number = job.steps.filter(key=f"part:{place}").values_list("page", flat=True).first()
    part = PartPage.objects.filter(pk=number).first()
    if part is None:
        return
    before = order_of(part)
    wanted = [page for row in rows if (page := steps.get(row)) in before]
    if wanted == [page for page in before if page in wanted]:
        return
    moved = may_reorder(job, part) and put_in_order(part, wanted, by=job.by)
    ImportStep.objects.create(
        of_import=job,
        key=f"order:{place}",
        action=ImportAction.ORDERED if moved else ImportAction.SKIPPED,
        page=part.pk,
        title=part.title,
        note="" if moved else _("You may not put this Part in another order."),
        before={"order": before} if moved else {},
        after={"order": order_of(part)} if moved else {},
    )


def may_reorder(job: Import, part: PartPage) -> bool:
    """Whether whoever imports may put the items of ``part`` in another order."""
    return job.by is not None and part.permissions_for_user(job.by).can_reorder_children()


def resume_imports() -> None:
    """A duty of the clockwork: go on where an import was killed, or its task failed."""
    from exhibitions.importing.undoing import undo_import  # it builds upon this module

    at_work = {
        ImportState.WAITING: run_import,
        ImportState.RUNNING: run_import,
        ImportState.UNDOING: undo_import,
    }
    for number, state in Import.objects.filter(state__in=at_work).values_list("pk", "state"):
        job = at_work[ImportState(state)]
        if not is_waiting(job, number):
            job.enqueue(number)
