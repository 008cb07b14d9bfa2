"""Figures, what they are of, and how far the journal has been read.

No row here is about a person: figures are sums over an hour or a day, and neither
addresses, agents nor visitors' hashes are stored in the database.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page

from analytics.vocabulary import Kind, Metric, Reason, Source
from core.models import Organisation
from core.models.text import NormalisedTextModel

WHOLE_PORTAL = 0
"""Number of the :class:`CountedPage` that stands for the portal as a whole."""

NO_EXHIBITION = 0
"""The exhibition of what stands in none, and of the portal as a whole."""

NO_CODE = ""
"""Code of the :class:`CountedCode` that stands for "by no invitation"."""


class CountedPage(models.Model):
    """A page as it was when it was last counted; stays when the page is deleted.

    ``views`` is the sum of its views over all days (metric VIEWS, repeats merged), kept
    with the figures. ``exhibition`` is where it stands now; where it stood when something
    was counted is said by each figure.
    """

    number = models.PositiveBigIntegerField(_("page number"), primary_key=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    exhibition = models.PositiveBigIntegerField(_("exhibition number"), null=True)
    views = models.PositiveBigIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("counted page")
        verbose_name_plural = _("counted pages")
        ordering = ["-views"]

    def __str__(self) -> str:
        return self.title or str(_("Page number %(number)s") % {"number": self.number})


class CountedCode(models.Model):
    """An invitation as it was when it was last counted; stays when its campaign is deleted."""

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    organisation_name = models.CharField(_("name of the organisation"), max_length=255, blank=True)
    campaign = models.PositiveBigIntegerField(_("campaign number"), null=True, db_index=True)
    campaign_title = models.CharField(_("campaign"), max_length=255, blank=True)
    channel = models.CharField(_("channel"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("counted invitation")
        verbose_name_plural = _("counted invitations")

    def __str__(self) -> str:
        if not self.code:
            return "–"
        return f"{self.organisation_name} ({self.code})" if self.organisation_name else self.code


class FigureModel(models.Model):
    """How often something was counted for one page, by one code, from one source.

    Impressions, clicks and downloads belong to a code and to no page
    (:data:`WHOLE_PORTAL`); visits and visitors are kept for the portal as a whole and
    for each exhibition, under the exhibition's own page. ``exhibition`` is the one in
    which the page was read: it stays when the page is moved. Readers who asked not to be
    tracked (DNT, GPC) are counted in rows of their own, for their repeats cannot be told
    from others' views.
    """

    metric = models.PositiveSmallIntegerField(_("figure"), choices=Metric.choices)
    page = models.ForeignKey(
        CountedPage, verbose_name=_("page"), on_delete=models.PROTECT, related_name="+"
    )
    # A number, not a reference: most pages stand in none, and NULL would not be unique.
    exhibition = models.PositiveBigIntegerField(_("exhibition number"), default=NO_EXHIBITION)
    code = models.ForeignKey(
        CountedCode, verbose_name=_("invitation"), on_delete=models.PROTECT, related_name="+"
    )
    source = models.PositiveSmallIntegerField(
        _("came from"), choices=Source.choices, default=Source.UNKNOWN
    )
    unmerged = models.BooleanField(_("asked not to be tracked"), default=False)
    count = models.PositiveBigIntegerField(_("number"), default=0)

    class Meta:
        abstract = True


class HourFigure(FigureModel):
    """A figure of one hour, kept for 13 months."""

    hour = models.DateTimeField(_("hour"))

    class Meta:
        verbose_name = _("figure of an hour")
        verbose_name_plural = _("figures by the hour")
        ordering = ["-hour"]
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "metric", "page", "exhibition", "code", "source", "unmerged"],
                name="analytics_one_hour_figure",
            )
        ]

    def __str__(self) -> str:
        hour = timezone.localtime(self.hour, timezone.get_default_timezone())
        return f"{date_format(hour, 'H:i j/n/Y')}: {self.get_metric_display()} {self.count}"


class DayFigure(FigureModel):
    """A figure of one day of Asia/Ho_Chi_Minh, kept for good."""

    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("figure of a day")
        verbose_name_plural = _("figures by the day")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "metric", "page", "exhibition", "code", "source", "unmerged"],
                name="analytics_one_day_figure",
            )
        ]
        indexes = [
            models.Index(fields=["page", "metric", "day"], name="analytics_day_of_page"),
            models.Index(
                fields=["exhibition", "metric", "day"], name="analytics_day_of_exhibition"
            ),
            models.Index(fields=["code", "metric", "day"], name="analytics_day_of_code"),
        ]

    def __str__(self) -> str:
        return f"{date_format(self.day, 'j/n/Y')}: {self.get_metric_display()} {self.count}"


class DroppedFigure(models.Model):
    """What was not counted on one day, by the reason."""

    day = models.DateField(_("day"))
    kind = models.PositiveSmallIntegerField(_("what"), choices=Kind.choices)
    reason = models.PositiveSmallIntegerField(_("reason"), choices=Reason.choices)
    count = models.PositiveBigIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("not counted")
        verbose_name_plural = _("not counted")
        ordering = ["-day", "kind", "reason"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "kind", "reason"], name="analytics_one_dropped_figure"
            )
        ]

    def __str__(self) -> str:
        return f"{date_format(self.day, 'j/n/Y')}: {self.get_reason_display()} {self.count}"


class Sighting(models.Model):
    """When something of an invitation was last seen on a site of its organisation.

    The host is one that was registered for the organisation, never any other.
    """

    code = models.ForeignKey(
        CountedCode, verbose_name=_("invitation"), on_delete=models.CASCADE, related_name="+"
    )
    host = models.CharField(_("host name"), max_length=253)
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        constraints = [
            models.UniqueConstraint(fields=["code", "host"], name="analytics_one_sighting")
        ]

    def __str__(self) -> str:
        return f"{self.code_id}: {self.host}"


class JournalPosition(models.Model):
    """How many bytes of one journal file have been folded into the figures."""

    file = models.CharField(_("file"), max_length=80, primary_key=True)
    position = models.PositiveBigIntegerField(_("bytes read"), default=0)

    class Meta:
        verbose_name = _("journal position")
        verbose_name_plural = _("journal positions")

    def __str__(self) -> str:
        return f"{self.file}: {self.position}"


class SaltDestruction(models.Model):
    """That the key of a day's anonymous hashes was destroyed, and when.

    The record that de-identification was done (Luật 91/2025/QH15, Đ14): after it nobody,
    we included, can tell whether two events of that day came from the same address.
    """

    day = models.DateField(_("day"), primary_key=True)
    destroyed_at = models.DateTimeField(_("key destroyed"))
    events = models.PositiveBigIntegerField(_("events of the day"), default=0)

    class Meta:
        verbose_name = _("destroyed key")
        verbose_name_plural = _("destroyed keys")
        ordering = ["-day"]

    def __str__(self) -> str:
        return date_format(self.day, "j/n/Y")


class BalanceUnit(models.TextChoices):
    """In what unit an earlier site gave its figure. Never added into another unit."""

    VIEWS = "views", _("views")
    VISITS = "visits", _("visits")


class BalanceQualifier(models.TextChoices):
    """How exact an earlier figure is said to be."""

    EXACT = "", _("exactly")
    NEARLY = "nearly", _("nearly")
    ABOUT = "about", _("about")
    MORE_THAN = "more_than", _("more than")


class OpeningBalance(NormalisedTextModel, models.Model):
    """What an earlier site counted for a page, in its own unit, as it was published."""

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )
    count = models.PositiveBigIntegerField(_("number"))
    unit = models.CharField(_("unit"), max_length=8, choices=BalanceUnit.choices)
    qualifier = models.CharField(
        _("how exact"),
        max_length=10,
        blank=True,
        choices=BalanceQualifier.choices,
        default=BalanceQualifier.EXACT,
    )
    until = models.DateField(_("counted until"), null=True, blank=True)
    origin = models.CharField(
        _("where the figure is from"),
        max_length=255,
        help_text=_("For example the article or site that published it."),
    )

    panels = [
        FieldPanel("page"),
        FieldRowPanel([FieldPanel("qualifier"), FieldPanel("count"), FieldPanel("unit")]),
        FieldRowPanel([FieldPanel("until"), FieldPanel("origin")]),
    ]

    class Meta:
        verbose_name = _("figure taken over")
        verbose_name_plural = _("figures taken over")
        constraints = [
            models.UniqueConstraint(fields=["page", "unit"], name="analytics_one_balance_a_unit")
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """ "gần 6.800 lượt người truy cập (đến 14/7/2023)"."""
        words = {
            BalanceUnit.VIEWS: _("%(number)s views"),
            BalanceUnit.VISITS: _("%(number)s visits by people"),
        }[BalanceUnit(self.unit)] % {"number": number_format(self.count, force_grouping=True)}
        how = str(BalanceQualifier(self.qualifier).label) if self.qualifier else ""
        said = f"{how} {words}".strip()
        if self.until is None:
            return said
        return str(
            _("%(figure)s (until %(day)s)")
            % {"figure": said, "day": date_format(self.until, "j/n/Y")}
        )

    def clean(self) -> None:
        """Refuse nothing as a figure."""
        super().clean()
        if self.count is not None and self.count < 1:
            raise ValidationError({"count": _("Write a number above zero.")})
