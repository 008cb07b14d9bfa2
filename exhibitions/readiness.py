"""Whether the items of an exhibition are ready: what stands in the way, what is advised.

Judged by the newest version of each page, published or not, from the content Wagtail
keeps of it: the number of queries does not depend on how many items there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exhibitions.models import (
    AccessLevel,
    ClearanceState,
    ExhibitionPage,
    ItemKind,
    ItemPage,
    Secrecy,
)
from exhibitions.newest import Content, newest_contents
from exhibitions.querysets import with_clearance
from exhibitions.visibility import Reason

# What is written for the exhibition has no shelf mark, no date of its own and no scan.
WRITTEN_FOR_IT = (ItemKind.TEXT, ItemKind.QUOTATION)
TO_BE_READ = (ItemKind.DOCUMENT,)
AGAINST_CLEARANCE = ("no_source", "secrecy_unsettled", "conditional_access")
"""Codes of the checks that stand against clearing an item (see gates.clearance_gate)."""

SCHEDULE = "schedule-publishing-dialog"
"""The window of the editor in which the hours of a page are set."""
MEDIA = "id_media-FORMS"
"""The part of the editor with the pictures and recordings."""


class Weight(StrEnum):
    """What a check means for the way to the public."""

    BLOCKS = "blocks"
    """Stands against submission."""
    HIDES = "hides"
    """The item stays hidden, the exhibition goes on."""
    ADVISED = "advised"


@dataclass(frozen=True)
class Check(Reason):
    """One thing that is missing, how much that weighs, and the field where it is given."""

    weight: Weight = Weight.BLOCKS
    anchor: str = ""


@dataclass(frozen=True)
class ItemReadiness:
    """What is missing of one item, in its newest version."""

    number: int
    title: str
    path: str
    checks: tuple[Check, ...]

    def of(self, weight: Weight) -> list[Check]:
        """Those of one weight."""
        return [check for check in self.checks if check.weight is weight]


@dataclass(frozen=True)
class Readiness:
    """What is missing of an exhibition's items, in reading order."""

    items: tuple[ItemReadiness, ...] = field(default=())

    def count(self, weight: Weight) -> int:
        """How many items have something of this weight."""
        return sum(bool(item.of(weight)) for item in self.items)

    @property
    def obstacles(self) -> int:
        """How many things stand against submission, of all the items together."""
        return sum(len(item.of(Weight.BLOCKS)) for item in self.items)

    @property
    def blocking(self) -> list[ItemReadiness]:
        """Those that stand against submission."""
        return [item for item in self.items if item.of(Weight.BLOCKS)]


def readiness_of(exhibition: ExhibitionPage) -> Readiness:
    """What is missing of every item of ``exhibition``, in reading order. Three queries."""
    return Readiness(_judged(ItemPage.objects.filter(path__startswith=exhibition.path)))


def readiness_of_item(item: ItemPage) -> ItemReadiness:
    """What is missing of one item; an alias is cleared with its source. Three queries."""
    [judged] = _judged(ItemPage.objects.filter(pk=item.pk))
    return judged


def _judged(items: QuerySet[ItemPage]) -> tuple[ItemReadiness, ...]:
    every = list(with_clearance(items).prefetch_related("media").order_by("path"))
    contents = newest_contents(every)
    return tuple(
        ItemReadiness(
            number=item.pk,
            title=item.draft_title or item.title,
            path=item.path,
            checks=tuple(
                checks_of(
                    contents.get(item.pk) or item.serializable_data(),
                    is_cleared=item.clearance_state == ClearanceState.CLEARED,
                )
            ),
        )
        for item in every
    )


def checks_of(content: Content, *, is_cleared: bool) -> list[Check]:
    """What is missing of one item, the weightiest first."""
    checks = [*_blocking(content), *_hiding(content, is_cleared=is_cleared), *_advised(content)]
    return checks


def has_hours(content: Content) -> bool:
    """Whether Wagtail's clock would publish, or take down, the page by itself."""
    return bool(content.get("go_live_at") or content.get("expire_at"))


def _said(content: Content, name: str) -> str:
    return str(content.get(name) or "").strip()


def _blocking(content: Content) -> list[Check]:
    checks = []
    if not content.get("source_organisation") and not _said(content, "source_person"):
        checks.append(
            Check(
                "no_source",
                _("Enter the source of the item."),
                anchor="id_source_organisation-chooser",
            )
        )
    if content.get("kind") not in WRITTEN_FOR_IT and not _said(content, "reference"):
        checks.append(Check("no_reference", _("Enter the reference."), anchor="id_reference"))
    stamped = content.get("original_secrecy", Secrecy.NONE) != Secrecy.NONE
    if stamped and not _said(content, "declassification"):
        checks.append(
            Check(
                "secrecy_unsettled",
                _("Enter the decision that lifts the secrecy."),
                anchor="id_declassification",
            )
        )
    if has_hours(content):
        checks.append(
            Check(
                "scheduled",
                _("Take back the hours of this page: the exhibition opens as a whole."),
                anchor=SCHEDULE,
            )
        )
    return checks


def _hiding(content: Content, *, is_cleared: bool) -> list[Check]:
    if content.get("access_level") == AccessLevel.CONDITIONAL:
        text = _("Conditional access: it will not be shown.")
        return [Check("conditional_access", text, Weight.HIDES, "id_access_level")]
    if not is_cleared:
        return [Check("not_cleared", _("Not cleared for publication yet."), Weight.HIDES)]
    return []


def _advised(content: Content) -> list[Check]:
    if content.get("kind") in WRITTEN_FOR_IT:
        return []
    media: list[Content] = content.get("media") or []
    pictures = [each for each in media if each.get("image")]
    checks = []

    def advise(code: str, text: str, anchor: str) -> None:
        checks.append(Check(code, text, Weight.ADVISED, anchor))

    if not media:
        advise("no_picture", _("There is no picture or recording."), MEDIA)
    if not _said(content, "date"):
        advise("no_date", _("The date is missing; “không rõ ngày” is one."), "id_date")
    undescribed = [e for e in pictures if not e.get("decorative") and not _said(e, "alt_text")]
    if undescribed and not _said(content, "caption"):
        advise("no_alt_text", _("A picture has no description."), MEDIA)
    unread = pictures and not any(_said(each, "transcription") for each in media)
    if unread and content.get("kind") in TO_BE_READ:
        advise("no_transcription", _("There is no transcription."), MEDIA)
    if not _said(content, "rights"):
        advise("no_rights", _("The rights of use are not stated."), "id_rights")
    return checks
