"""The official letter (công văn) of a campaign, its corrections and replacements."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.locks import BaseLock
from wagtail.models import Orderable, Page, PagePermissionTester
from wagtail.signals import page_unpublished, pre_page_move

from campaigns.models.campaigns import CampaignIndexPage, CampaignPage
from campaigns.models.vocabulary import SignerPrefix
from core.audience import View
from core.blocks import PLAIN_FEATURES, LegalTextBlock
from core.models import BasePage, User
from core.models.text import NormalisedTextModel

# What a released letter keeps for good: its words and its address.
HELD_FIELDS = (
    "title",
    "draft_title",
    "slug",
    "seo_title",
    "search_description",
    "parent_body",
    "agency",
    "number",
    "symbol",
    "issued_on",
    "place",
    "subject",
    "texts_referred_to",
    "body",
    "signer_prefix",
    "signer_position",
    "signer_name",
    "signed_pdf",
)
HELD_LISTS = ("recipients", "requests", "distribution")


def numbered(number: str) -> str:
    """The number of a letter as it is printed: below ten with a leading zero."""
    number = number.strip()
    return number.lstrip("0").zfill(2) if number.isdigit() else number


class NoticePermissionTester(PagePermissionTester):
    """Offers neither deleting nor moving of a released letter, to nobody."""

    page: NoticePage

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Never once it is released."""
        return not self.page.is_released and super().can_delete(ignore_bulk)

    def can_move(self) -> bool:
        """Never once it is released."""
        return not self.page.is_released and super().can_move()

    def can_unpublish(self) -> bool:
        """Never once it is released."""
        return not self.page.is_released and super().can_unpublish()


class NoticePage(BasePage):
    """A letter, laid out by NĐ 30/2020/NĐ-CP, Phụ lục I.

    Number and date stay empty until the office's document system has given them;
    the portal records them and never invents one.
    """

    template = "pages/notice_page.html"
    parent_page_types = ["campaigns.CampaignPage"]
    subpage_types: list[str] = []
    page_description = _("An official letter, its correction or replacement.")

    parent_body = models.CharField(
        _("parent body"), max_length=160, blank=True, help_text=_("For example UBND TỈNH LẠNG SƠN.")
    )
    agency = models.CharField(_("issuing agency"), max_length=160, blank=True)
    number = models.CharField(
        _("number"), max_length=20, blank=True, help_text=_("Given by the document system.")
    )
    symbol = models.CharField(
        _("symbol"), max_length=60, blank=True, help_text=_("For example SNV-TĐKT.")
    )
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    place = models.CharField(_("place name"), max_length=80, blank=True)
    subject = models.CharField(_("subject (V/v)"), max_length=400, blank=True)
    texts_referred_to = StreamField(
        [("legal_text", LegalTextBlock())], verbose_name=_("texts referred to"), blank=True
    )
    body = RichTextField(_("text of the letter"), blank=True, features=PLAIN_FEATURES)
    signer_prefix = models.CharField(
        _("authority"), max_length=8, blank=True, choices=SignerPrefix.choices, default=""
    )
    signer_position = models.CharField(_("position of the signer"), max_length=120, blank=True)
    signer_name = models.CharField(_("name of the signer"), max_length=120, blank=True)
    signed_pdf = models.ForeignKey(
        "core.CustomDocument",
        verbose_name=_("signed PDF"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("parent_body"), FieldPanel("agency")]),
                FieldRowPanel([FieldPanel("number"), FieldPanel("symbol")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("issued_on")]),
                FieldPanel("subject"),
            ],
            heading=_("Head of the letter"),
        ),
        InlinePanel("recipients", heading=_("To"), label=_("Recipient")),
        FieldPanel("texts_referred_to"),
        FieldPanel("body"),
        InlinePanel("requests", heading=_("Requests"), label=_("Request")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("signer_prefix"), FieldPanel("signer_position")]),
                FieldPanel("signer_name"),
            ],
            heading=_("Signature"),
        ),
        InlinePanel("distribution", heading=_("Distribution list"), label=_("Line")),
        FieldPanel("signed_pdf"),
    ]

    # A copy is another letter, which nobody has numbered yet.
    exclude_fields_in_copy = ["number", "issued_on", "signed_pdf"]

    class Meta:
        verbose_name = _("official letter")
        verbose_name_plural = _("official letters")

    @property
    def number_and_symbol(self) -> str:
        """ "05/SNV-TĐKT": a number below ten has a leading zero; "" while there is neither."""
        if not self.number and not self.symbol:
            return ""
        return f"{numbered(self.number)}/{self.symbol}"

    @property
    def is_released(self) -> bool:
        """Whether its release is recorded: from then on nothing changes it."""
        from campaigns.release import is_released  # release imports these models

        return is_released(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the letter; once released, as it was released, whatever draft comes back."""
        if self.pk is not None:
            from campaigns.release import hold  # release imports these models

            hold(self)
        super().save(*args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Take a letter back that is not released; a released one stays."""
        if self.is_released:
            _refuse(self)
        super().unpublish(*args, **kwargs)

    def get_lock(self) -> BaseLock | None:
        """Locked for everyone once it is released."""
        from campaigns.release import ReleasedLock  # release imports these models

        return ReleasedLock(self) if self.is_released else super().get_lock()

    def permissions_for_user(self, user: User) -> NoticePermissionTester:
        """What ``user`` may do with the letter."""
        return NoticePermissionTester(user, self)

    def search_texts(self) -> tuple[str, ...]:
        """Subject, number and text."""
        return (self.title, self.subject, self.number_and_symbol, self.body)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The letter's parts as a template prints them."""
        from campaigns.letters import notice_context  # letters import these models

        return notice_context(self, request, view)


class NoticeLine(NormalisedTextModel, Orderable):
    """A line of a list within a letter, as written."""

    text = models.CharField(_("text"), max_length=400)

    panels = [FieldPanel("text")]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.text


class NoticeRecipient(NoticeLine, ClusterableModel):
    """Whom the letter is addressed to, as written, and which organisations that means."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="recipients")
    organisations = ParentalManyToManyField(
        "core.Organisation", verbose_name=_("organisations"), blank=True, related_name="+"
    )

    panels = [FieldPanel("text"), FieldPanel("organisations")]

    class Meta(NoticeLine.Meta):
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")


class NoticeRequest(NoticeLine):
    """A numbered request of the letter."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="requests")
    text = models.TextField(_("text"))

    class Meta(NoticeLine.Meta):
        verbose_name = _("request")
        verbose_name_plural = _("requests")


class NoticeDistribution(NoticeLine):
    """A line of "Nơi nhận"."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="distribution")

    class Meta(NoticeLine.Meta):
        verbose_name = _("line of the distribution list")
        verbose_name_plural = _("distribution list")


def _refuse(letter: Page) -> NoReturn:
    from campaigns.release import ReleasedLetterError  # release imports these models

    raise ReleasedLetterError([letter])


@receiver(pre_delete, sender=NoticePage)
def keep_released_letter(instance: NoticePage, **kwargs: Any) -> None:
    """Refuse to delete a released letter, by itself or with the pages above it."""
    if instance.is_released:
        _refuse(instance)


@receiver(pre_page_move, sender=NoticePage)
def keep_place_of_released_letter(
    instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    """Refuse to move a released letter to another address; its place in a list may change."""
    if url_path_before != url_path_after and instance.specific.is_released:
        _refuse(instance)


@receiver(page_unpublished, sender=NoticePage)
def keep_released_letter_published(instance: NoticePage, **kwargs: Any) -> None:
    """Bring a released letter back that was unpublished together with its campaign."""
    if not instance.live and instance.is_released:
        instance.save()


@receiver(page_unpublished, sender=CampaignIndexPage)
@receiver(page_unpublished, sender=CampaignPage)
def keep_what_holds_released_letters_published(instance: Page, **kwargs: Any) -> None:
    """Bring back what was unpublished, at its hour or by a command, above a released letter."""
    from campaigns.release import released_below  # release imports these models

    if not instance.live and released_below(instance):
        instance.live, instance.expired, instance.expire_at = True, False, None
        instance.save()
