"""Decisions on items and exhibitions, as rows that are only ever added."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.models.append_only import AppendOnlyModel
from exhibitions.models.vocabulary import ClearanceState, OpeningState


class Clearance(AppendOnlyModel):
    """A decision on whether an item may be published. Written by exhibitions.clearance only.

    Belongs to the source page of an alias. Title and reference are kept as they
    were, so that the history stays readable after the page is deleted.
    """

    item = models.ForeignKey(
        "exhibitions.ItemPage",
        verbose_name=_("item"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="clearances",
    )
    item_title = models.CharField(_("title at the time"), max_length=255)
    item_reference = models.CharField(_("reference at the time"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ClearanceState.choices)
    decision_number = models.CharField(_("decision number"), max_length=60, blank=True)
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        ordering = ["-pk"]
        permissions = [("decide_clearance", gettext_noop("Can clear items for publication"))]

    def __str__(self) -> str:
        return f"{self.item_title}: {self.get_state_display()}"


class Opening(AppendOnlyModel):
    """An exhibition opened, closed, archived or put back by hand. Written by exhibitions.opening.

    Without any row the clock decides, from the page's opening and closing times.
    """

    exhibition = models.ForeignKey(
        "exhibitions.ExhibitionPage",
        verbose_name=_("exhibition"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="openings",
    )
    exhibition_title = models.CharField(_("title at the time"), max_length=255)
    state = models.CharField(_("state"), max_length=12, choices=OpeningState.choices)
    opens_at = models.DateTimeField(
        _("opens at"),
        null=True,
        blank=True,
        help_text=_("Set for one that is announced; of one that is ended, when it had opened."),
    )

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        ordering = ["-pk"]
        permissions = [("open_exhibition", gettext_noop("Can open and close exhibitions"))]

    def __str__(self) -> str:
        return f"{self.exhibition_title}: {self.get_state_display()}"

    @property
    def said(self) -> str:
        """The decision in words."""
        return OpeningState(self.state).as_decision(self.opens_at)
