"""Campaigns: what agencies are asked to promote, and with what."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from campaigns.models.vocabulary import BANNER_SIZES, BannerForm, Channel
from core.audience import View
from core.blocks import PLAIN_FEATURES
from core.models import BasePage
from core.models.text import NormalisedTextModel
from exhibitions.models import ExhibitionPage

# Crockford's base 32: no I, L, O or U, so a code can be read out on the phone.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8


class CampaignIndexPage(BasePage):
    """What agencies come for: campaigns with their kits, and programmes."""

    template = "pages/campaign_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["campaigns.CampaignPage", "campaigns.ProgrammePage"]
    max_count = 1
    page_description = _("The part of the portal for agencies.")

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("page for agencies")

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """Campaigns and programmes, and the exhibitions one can visit meanwhile."""
        from campaigns.cards import campaign_index_context  # cards import these models

        return campaign_index_context(self, request, view)


class CampaignPage(BasePage):
    """A campaign for one or more exhibitions. Stays editable when its letter is frozen."""

    template = "pages/campaign_page.html"
    parent_page_types = ["campaigns.CampaignIndexPage"]
    subpage_types = ["campaigns.NoticePage"]
    page_description = _("A campaign with its letter and banner kit.")

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)
    kit_text = RichTextField(
        _("text of the banner kit"),
        blank=True,
        features=PLAIN_FEATURES,
        help_text=_("What agencies should know before they take a banner."),
    )
    contact = models.CharField(
        _("whom to call"), max_length=160, blank=True, help_text=_("Name and phone number.")
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        InlinePanel("exhibitions", heading=_("Exhibitions"), label=_("Exhibition")),
        InlinePanel("banners", heading=_("Banner kit"), label=_("Banner")),
        MultiFieldPanel([FieldPanel("kit_text"), FieldPanel("contact")], heading=_("For agencies")),
    ]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def clean(self) -> None:
        """Refuse an hour at which a released letter would go with its campaign."""
        super().clean()
        if self.expire_at and self.pk:
            from campaigns.release import refusal, released_below  # release imports these models

            if released := released_below(self):
                titles = ", ".join(f"“{letter.title}”" for letter in released)
                raise ValidationError({"expire_at": refusal(titles)})

    def search_texts(self) -> tuple[str, ...]:
        """Title and introduction."""
        return (self.title, self.introduction)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The exhibitions it promotes and the letters it holds."""
        from campaigns.cards import campaign_context  # cards import these models

        return campaign_context(self, request, view)


class CampaignExhibition(Orderable):
    """An exhibition promoted by a campaign."""

    page = ParentalKey(CampaignPage, on_delete=models.CASCADE, related_name="exhibitions")
    exhibition = models.ForeignKey(
        ExhibitionPage,
        verbose_name=_("exhibition"),
        on_delete=models.CASCADE,
        related_name="campaigns",
    )

    panels = [FieldPanel("exhibition")]

    class Meta(Orderable.Meta):
        verbose_name = _("exhibition of the campaign")
        verbose_name_plural = _("exhibitions of the campaign")

    def __str__(self) -> str:
        return str(self.exhibition)


class Banner(Orderable):
    """One form of a campaign's banner: artwork of exactly the form's size, or drawn."""

    page = ParentalKey(CampaignPage, on_delete=models.CASCADE, related_name="banners")
    form = models.CharField(_("form"), max_length=8, choices=BannerForm.choices)
    artwork = models.ForeignKey(
        "core.CustomImage",
        verbose_name=_("artwork"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Of exactly this size. Empty: drawn from the exhibition's cover and title."),
    )
    alt_text = models.CharField(_("image description"), max_length=255, blank=True)

    panels = [FieldRowPanel([FieldPanel("form"), FieldPanel("artwork")]), FieldPanel("alt_text")]

    class Meta(Orderable.Meta):
        verbose_name = _("banner")
        verbose_name_plural = _("banners")

    def __str__(self) -> str:
        return self.get_form_display()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return BANNER_SIZES[self.form]

    def clean(self) -> None:
        """Refuse artwork that is not exactly of the form's size."""
        super().clean()
        if self.artwork and self.form and (self.artwork.width, self.artwork.height) != self.size:
            width, height = self.size
            raise ValidationError(
                {
                    "artwork": _(
                        "The picture is %(is_width)d × %(is_height)d pixels; "
                        "this form needs exactly %(width)d × %(height)d."
                    )
                    % {
                        "is_width": self.artwork.width,
                        "is_height": self.artwork.height,
                        "width": width,
                        "height": height,
                    }
                }
            )


# What the lists of ad blockers look for in an address, and a code can spell by chance.
_BLOCKED = re.compile("[0-9]X[0-9]|AD|BANNER|TRACK|STAT")


def new_code() -> str:
    """Eight random characters of Crockford's base 32, none that a blocker would hide."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _position in range(CODE_LENGTH))
        if not _BLOCKED.search(code):
            return code


class Invitation(NormalisedTextModel):
    """A code under which one organisation, on one channel, leads people to a page.

    A code is never given to anyone else, so rows are kept when nothing uses them.
    """

    code = models.CharField(
        _("code"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    campaign = models.ForeignKey(
        CampaignPage,
        verbose_name=_("campaign"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="invitations",
    )
    organisation = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    channel = models.CharField(
        _("channel"), max_length=12, choices=Channel.choices, default=Channel.WEB
    )
    place = models.CharField(
        _("place"), max_length=120, blank=True, help_text=_("Where the poster hangs.")
    )
    target = models.ForeignKey(
        Page,
        verbose_name=_("leads to"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(
        _("withdrawn"),
        null=True,
        blank=True,
        help_text=_("From then on the link answers as if it had never been."),
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation", "channel", "target", "place"],
                condition=models.Q(organisation__isnull=False),
                name="campaigns_invitation_unique_use",
            ),
            models.UniqueConstraint(
                fields=["campaign", "channel", "target", "place"],
                condition=models.Q(organisation__isnull=True),
                name="campaigns_invitation_unique_public_use",
            ),
        ]

    def __str__(self) -> str:
        return self.code
