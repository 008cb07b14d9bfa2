"""Approval of an exhibition as a whole: its steps, what was submitted, what was decided."""

from __future__ import annotations

from typing import Any, NoReturn

from django.contrib.auth.models import Group
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.deletion import Collector, ProtectedError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.models import Page, Revision

from core.models.append_only import AppendOnlyError, AppendOnlyModel
from core.models.text import NormalisedTextModel
from exhibitions.models.vocabulary import SubmissionScope, Verdict


class ApprovalStep(NormalisedTextModel):
    """A step every submission goes through. Without any, Wagtail's right to publish decides."""

    position = models.PositiveSmallIntegerField(
        _("place in the order"),
        unique=True,
        validators=[MinValueValidator(1)],
        help_text=_("1 comes first."),
        error_messages={"unique": _("Another step has this place already. Choose the next one.")},
    )
    name = models.CharField(
        _("step"),
        max_length=120,
        help_text=_("Who approves, for example: Trưởng phòng Quản lý văn thư, lưu trữ."),
    )
    group = models.ForeignKey(
        Group,
        verbose_name=_("approved by members of"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    panels = [
        HelpPanel(
            _(
                "Once there is a step, nothing of an exhibition is published but what went "
                "through all of them. What is under approval keeps the steps it began with."
            )
        ),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("position"), FieldPanel("group")]),
    ]

    class Meta:
        verbose_name = _("step of approval")
        verbose_name_plural = _("steps of approval")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"


class Submission(AppendOnlyModel):
    """What was put before those who approve. Written by exhibitions.approval only.

    ``steps`` keeps the steps as they were then, in order: a list of ``{"name", "group"}``
    with the group's number. The reviewed content is in :class:`SubmittedPage`.
    """

    exhibition = models.ForeignKey(
        "exhibitions.ExhibitionPage",
        verbose_name=_("exhibition"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="submissions",
    )
    exhibition_title = models.CharField(_("title at the time"), max_length=255)
    scope = models.CharField(_("what"), max_length=12, choices=SubmissionScope.choices)
    steps = models.JSONField(_("steps"), default=list, editable=False)
    last_step = models.PositiveSmallIntegerField(_("number of the last step"), editable=False)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-pk"]
        permissions = [
            ("submit_exhibition", gettext_noop("Can submit exhibitions for approval")),
            ("record_approval", gettext_noop("Can record the decision of a leader")),
        ]

    def __str__(self) -> str:
        return f"{self.exhibition_title}: {self.get_scope_display()}"


def goes_with_its_page(collector: Collector, field: Any, rows: Any, using: str) -> None:
    """What becomes of a submitted page whose version is deleted.

    With the page it goes, and the row is kept without it. By itself it is not deleted, as
    when old versions are purged: raises ProtectedError, which ``purge_revisions`` heeds.
    """
    is_purged = isinstance(collector.origin, Revision) or (
        getattr(collector.origin, "model", None) is Revision
    )
    if is_purged:
        raise ProtectedError("This version was submitted for approval.", set(rows))
    models.SET_NULL(collector, field, rows, using)


class SubmittedPage(models.Model):
    """A page of a submission, in exactly the version that is reviewed.

    When the page is deleted, Wagtail deletes its versions; the row keeps its title.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="pages")
    page = models.ForeignKey(
        Page, verbose_name=_("page"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title at the time"), max_length=255)
    revision = models.ForeignKey(
        Revision,
        verbose_name=_("version"),
        null=True,
        on_delete=goes_with_its_page,
        related_name="+",
    )
    position = models.PositiveIntegerField(_("place in reading order"))

    class Meta:
        verbose_name = _("submitted page")
        verbose_name_plural = _("submitted pages")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "position"], name="exhibitions_submitted_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, once."""
        if not self._state.adding:
            raise AppendOnlyError("What was submitted is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused."""
        raise AppendOnlyError("What was submitted is never removed.")


class ApprovalDecision(AppendOnlyModel):
    """What became of a submission at one step. Written by exhibitions.approval only.

    ``leader`` names who decided where an authorised person recorded it for them, with
    the number, date and signed PDF of the paper.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="decisions")
    step = models.PositiveSmallIntegerField(_("number of the step"), help_text=_("From 0."))
    step_name = models.CharField(_("step"), max_length=120, blank=True)
    verdict = models.CharField(_("decision"), max_length=12, choices=Verdict.choices)
    publishes = models.BooleanField(
        _("publishes"), default=False, editable=False, help_text=_("Approved at the last step.")
    )
    leader = models.CharField(_("decided by"), max_length=160, blank=True)
    decision_number = models.CharField(_("decision number"), max_length=60, blank=True)
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    signed_pdf = models.ForeignKey(
        "core.CustomDocument",
        verbose_name=_("signed PDF"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("decision on a submission")
        verbose_name_plural = _("decisions on submissions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.step_name}: {self.get_verdict_display()}"
