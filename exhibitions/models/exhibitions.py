"""The list of exhibitions, and an exhibition."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.url_routing import RouteResult

from core.audience import View
from core.blocks import PLAIN_FEATURES, LegalTextBlock
from core.models import BasePage, PublicationCeiling
from core.pictures import PublicationProfile, absolute_url
from exhibitions.models.approvable import TO_OPEN, ApprovablePage
from exhibitions.models.vocabulary import ExhibitionKind, OrganiserRole

# Root, home and list of exhibitions lie above an exhibition in the tree.
EXHIBITION_DEPTH = 4


class ExhibitionIndexPage(ApprovablePage):
    """All exhibitions, newest first."""

    template = "pages/exhibition_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["exhibitions.ExhibitionPage"]
    max_count = 1
    page_description = _("The list of all exhibitions.")

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("list of exhibitions")

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """Cards of all exhibitions that may be named, and chips to choose a state."""
        from exhibitions.cards import exhibition_index_context  # cards import these models

        return exhibition_index_context(self, request, view)


class ExhibitionPage(ApprovablePage):
    """An exhibition: its frame, not its exhibits. They stand in Parts beneath it."""

    template = "pages/exhibition_page.html"
    parent_page_types = ["exhibitions.ExhibitionIndexPage"]
    subpage_types = ["exhibitions.PartPage"]
    page_description = _("An exhibition with its foreword, organisers and Parts.")
    # A copy is another exhibition: it is announced until somebody says when it opens.
    exclude_fields_in_copy = [*ApprovablePage.exclude_fields_in_copy, "opens_at", "closes_at"]

    short_title = models.CharField(
        _("short title"),
        max_length=80,
        blank=True,
        help_text=_("For cards and menus, where the full title is too long."),
    )
    summary = models.TextField(
        _("in one sentence"), blank=True, help_text=_("Shown on cards and when the page is shared.")
    )
    occasion = models.ForeignKey(
        "core.Occasion",
        verbose_name=_("occasion"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=ExhibitionKind.choices, default=ExhibitionKind.ONLINE
    )
    cover = models.ForeignKey(
        "core.CustomImage",
        verbose_name=_("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "A wide picture without text. An item's scan is shown only once it is cleared."
        ),
    )
    foreword = RichTextField(_("foreword"), blank=True, features=PLAIN_FEATURES)
    foreword_signature = models.CharField(
        _("signature of the foreword"), max_length=160, blank=True, default="BAN TỔ CHỨC"
    )
    legal_texts = StreamField(
        [("legal_text", LegalTextBlock())], verbose_name=_("texts referred to"), blank=True
    )
    opens_at = models.DateTimeField(
        _("opens at"),
        null=True,
        blank=True,
        help_text=_(
            "The exhibition opens by itself at this time. Empty: by hand. "
            "An hour set later on the screen of its opening comes before this one."
        ),
    )
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    readable_after_closing = models.BooleanField(_("can still be read after closing"), default=True)
    declared_figures = models.CharField(
        _("declared figures"),
        max_length=120,
        blank=True,
        help_text=_("As announced, for example: trên 120 tài liệu, hình ảnh, câu trích."),
    )
    trailer = models.URLField(_("trailer"), blank=True, help_text=_("Shown as a link."))
    tour = models.URLField(_("3D tour"), blank=True, help_text=_("Shown as a link."))
    credits = RichTextField(_("credits"), blank=True, features=PLAIN_FEATURES)
    keywords = models.CharField(
        _("keywords"), max_length=255, blank=True, help_text=_("Separated by commas.")
    )
    publication_ceiling = models.PositiveIntegerField(
        _("quality of published images"),
        choices=PublicationCeiling.choices,
        default=PublicationCeiling.GOOD,
        help_text=_("Nothing larger is ever published; full scans stay in the reading room."),
    )
    faint_mark = models.CharField(
        _("faint mark"),
        max_length=80,
        blank=True,
        help_text=_("Words laid faintly over published images, for example the archive's name."),
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("short_title"),
                FieldPanel("summary"),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("occasion")]),
                FieldPanel("cover"),
            ],
            heading=_("On the cover"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        # The clock opens it at its hours: setting them is opening it.
                        FieldPanel("opens_at", permission=TO_OPEN),
                        FieldPanel("closes_at", permission=TO_OPEN),
                    ]
                ),
                FieldPanel("readable_after_closing", permission=TO_OPEN),
                HelpPanel(
                    _(
                        "Only people who may open exhibitions set these hours. Everybody who works "
                        "on the exhibition sees them on its screen “Opening”."
                    )
                ),
            ],
            heading=_("Opening"),
        ),
        MultiFieldPanel(
            [FieldPanel("foreword"), FieldPanel("foreword_signature")], heading=_("Foreword")
        ),
        InlinePanel("organisers", heading=_("Organisers"), label=_("Organiser")),
        FieldPanel("declared_figures"),
        FieldPanel("legal_texts"),
        MultiFieldPanel(
            [
                FieldPanel("trailer"),
                FieldPanel("tour"),
                FieldPanel("credits"),
                FieldPanel("keywords"),
            ],
            heading=_("More"),
        ),
        MultiFieldPanel(
            [FieldPanel("publication_ceiling"), FieldPanel("faint_mark")],
            heading=_("Published images"),
        ),
    ]

    class Meta:
        verbose_name = _("exhibition")
        verbose_name_plural = _("exhibitions")

    @property
    def publication_profile(self) -> PublicationProfile:
        """How its images are published."""
        return PublicationProfile(ceiling=self.publication_ceiling, mark=self.faint_mark)

    @property
    def display_title(self) -> str:
        """The short title, or the title."""
        return self.short_title or self.title

    def search_texts(self) -> tuple[str, ...]:
        """Title, summary, foreword and keywords."""
        return (self.title, self.short_title, self.summary, self.foreword, self.keywords)

    def clean(self) -> None:
        """Refuse an exhibition that closes before it opens."""
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The exhibition closes before it opens.")})

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Route to this page, or to one below it that the public may see."""
        from exhibitions.routing import route_below  # it imports this model

        if path_components:
            return route_below(self, request, path_components)
        return super().route(request, path_components)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The cover, foreword and organisers; the Parts when it can be read."""
        from exhibitions.cards import exhibition_context  # cards import these models

        return exhibition_context(self, request, view)

    def meta_description(self) -> str:
        """The one-sentence summary."""
        return self.summary

    def meta_image_url(self, context: dict[str, Any]) -> str:
        """The cover."""
        cover = context["exhibition"].cover
        return absolute_url(cover.src) if cover and cover.ready else ""


class ExhibitionOrganiser(Orderable):
    """An organisation's role in an exhibition. Order is kept as given."""

    page = ParentalKey(ExhibitionPage, on_delete=models.CASCADE, related_name="organisers")
    organisation = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    role = models.CharField(
        _("role"), max_length=16, choices=OrganiserRole.choices, default=OrganiserRole.COOPERATING
    )

    panels = [FieldRowPanel([FieldPanel("organisation"), FieldPanel("role")])]

    class Meta(Orderable.Meta):
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.organisation}"
