"""Rows of the campaigns app that are only ever added: releases and placements."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from campaigns.models.campaigns import Invitation
from campaigns.models.vocabulary import PlacementState, ReleaseState
from core.models import AppendOnlyModel


class NoticeRelease(AppendOnlyModel):
    """What the office's document system did with a letter, as the clerk recorded it.

    Written by campaigns.release only. A row of state "released" carries the letter as
    it went out (``content``, the page as Wagtail serialises it): that is what the public
    page prints from then on, whatever is later done to the page.
    """

    notice = models.ForeignKey(
        "campaigns.NoticePage",
        verbose_name=_("official letter"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="releases",
    )
    notice_title = models.CharField(_("title at the time"), max_length=255)
    state = models.CharField(_("state"), max_length=12, choices=ReleaseState.choices)
    number = models.CharField(_("number"), max_length=20, blank=True)
    symbol = models.CharField(_("symbol"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    signed_pdf = models.ForeignKey(
        "core.CustomDocument",
        verbose_name=_("signed PDF"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    by_letter = models.ForeignKey(
        "campaigns.NoticePage",
        verbose_name=_("by the letter"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The letter that corrects, amends, replaces or recalls this one."),
    )
    content = models.JSONField(_("the letter as released"), null=True, editable=False)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-pk"]
        permissions = [
            ("record_release", gettext_noop("Can record what was done with an official letter"))
        ]

    def __str__(self) -> str:
        return f"{self.notice_title}: {self.get_state_display()}"


class Placement(AppendOnlyModel):
    """Where an agency says its banner is, or what an officer found there.

    The address is shown to officers as text and link; the portal never fetches it. An
    agency declares without an account: then ``by`` is empty and ``by_name`` the agency's.
    """

    invitation = models.ForeignKey(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.PROTECT,
        related_name="placements",
    )
    address = models.URLField(_("address of the page"), max_length=500, blank=True)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=PlacementState.choices,
        default=PlacementState.DECLARED,
    )

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["-pk"]
        permissions = [
            ("record_placement", gettext_noop("Can record what was found of an agency's banner"))
        ]

    def __str__(self) -> str:
        return self.address or self.get_state_display()
