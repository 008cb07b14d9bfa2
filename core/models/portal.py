"""What the portal says of itself on every page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from core.models.text import NormalisedTextModel


@register_setting(icon="home")
class PortalSettings(NormalisedTextModel, BaseSiteSetting):
    """The department's name, contacts and the strip above the header."""

    department = models.CharField(_("department"), max_length=160, default="Sở Nội vụ")
    parent_body = models.CharField(_("parent body"), max_length=160, blank=True)
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    crest = models.ForeignKey(
        "core.CustomImage",
        verbose_name=_("crest"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Only an emblem the office may rightly use; the name alone is enough."),
    )
    address = models.CharField(_("address"), max_length=255, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    responsible_person = models.CharField(_("person responsible"), max_length=160, blank=True)
    licence = models.CharField(_("licence of the site"), max_length=160, blank=True)
    reuse_note = models.CharField(_("note on reuse"), max_length=255, blank=True)
    strip_text = models.CharField(
        _("anniversary strip"),
        max_length=160,
        blank=True,
        help_text=_("One line above the header; empty means no strip."),
    )
    strip_url = models.URLField(_("address of the strip"), blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("department"),
                FieldPanel("parent_body"),
                FieldPanel("tagline"),
                FieldPanel("crest"),
            ],
            heading=_("Who we are"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("responsible_person"),
                FieldPanel("licence"),
                FieldPanel("reuse_note"),
            ],
            heading=_("Foot of every page"),
        ),
        MultiFieldPanel(
            [FieldPanel("strip_text"), FieldPanel("strip_url")], heading=_("Anniversary strip")
        ),
    ]

    class Meta:
        verbose_name = _("portal")
