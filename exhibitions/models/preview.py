"""Preview links, and the opinions that come through them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.models.text import NormalisedTextModel

NAME_LENGTH = 160
OPINION_LENGTH = 2000
"""Characters of an opinion: a page of writing."""


class PreviewLink(NormalisedTextModel):
    """Shows an exhibition before it is published to whoever has its address.

    The secret in the address is not kept, only its SHA-256 (hexadecimal): neither the
    database nor a backup of it opens anything. Made by exhibitions.preview_links.
    """

    exhibition = models.ForeignKey(
        "exhibitions.ExhibitionPage",
        verbose_name=_("exhibition"),
        on_delete=models.CASCADE,
        related_name="preview_links",
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    for_whom = models.CharField(
        _("for whom"), max_length=NAME_LENGTH, help_text=_("For example: Phó Giám đốc phụ trách.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    by_name = models.CharField(_("name at the time"), max_length=255)
    at = models.DateTimeField(_("at"), default=timezone.now)
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.for_whom

    @property
    def works(self) -> bool:
        """Whether it opens the exhibition now."""
        return self.revoked_at is None and timezone.now() < self.expires_at


class Opinion(NormalisedTextModel):
    """What somebody wrote about one page of an exhibition in its preview ("Ý kiến").

    It waits for the editors until one of them marks it as settled. ``author`` is the
    name that was typed, else the one the link was made for.
    """

    exhibition = models.ForeignKey(
        "exhibitions.ExhibitionPage", on_delete=models.CASCADE, related_name="opinions"
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    page_title = models.CharField(_("title at the time"), max_length=255)
    link = models.ForeignKey(
        PreviewLink, null=True, on_delete=models.SET_NULL, related_name="opinions"
    )
    author = models.CharField(_("name"), max_length=NAME_LENGTH)
    text = models.TextField(_("opinion"), max_length=OPINION_LENGTH)
    at = models.DateTimeField(_("at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by_name = models.CharField(_("settled by"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.author}: {self.page_title}"
