"""An exhibit: one document, picture or object, with an address of its own."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from core.audience import View
from core.blocks import PLAIN_FEATURES
from core.fields import PartialDateField
from core.models import BasePage, CustomDocument, CustomImage
from core.partial_dates import PartialDateError, parse
from core.pictures import absolute_url
from exhibitions.credit_line import Credit, Holding
from exhibitions.models.approvable import ApprovablePage
from exhibitions.models.exhibitions import EXHIBITION_DEPTH, ExhibitionPage
from exhibitions.models.vocabulary import AccessLevel, ItemKind, Secrecy


class ItemPage(ApprovablePage):
    """One exhibit. Its description follows NĐ 113/2025/NĐ-CP's basic data of a document."""

    template = "pages/item_page.html"
    parent_page_types = ["exhibitions.PartPage"]
    subpage_types: list[str] = []
    page_description = _("A document, picture, object or quotation on display.")
    # A copy is another exhibit; two with one reference could not both be published.
    exclude_fields_in_copy = [*ApprovablePage.exclude_fields_in_copy, "reference"]

    reference = models.CharField(
        _("reference"),
        max_length=60,
        blank=True,
        help_text=_("Unique within the exhibition, for example LS-012."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=ItemKind.choices, default=ItemKind.DOCUMENT
    )
    caption = models.TextField(
        _("caption"), blank=True, help_text=_("Printed under the picture, without source.")
    )
    description = RichTextField(_("description"), blank=True, features=PLAIN_FEATURES)
    quotation = models.TextField(_("quotation"), blank=True)

    type_name = models.CharField(
        _("type of document"), max_length=80, blank=True, help_text=_("For example: Công văn.")
    )
    document_number = models.CharField(_("number"), max_length=40, blank=True)
    document_symbol = models.CharField(
        _("symbol"),
        max_length=60,
        blank=True,
        help_text=_("As written: VP, or with its slash /QĐ-TTg."),
    )
    issuing_body = models.CharField(_("issuing body"), max_length=255, blank=True)
    abstract = models.TextField(_("abstract"), blank=True)

    date = PartialDateField(
        _("date"),
        blank=True,
        help_text=_("14/7/1948 · 7/1948 · 1952 · 1965-1973 · khoảng 1945 · không rõ ngày"),
    )
    date_display = models.CharField(
        _("date as printed"),
        max_length=160,
        blank=True,
        help_text=_("Only when the date reads otherwise than above."),
    )
    date_earliest = models.DateField(null=True, editable=False, db_index=True)
    date_latest = models.DateField(null=True, editable=False)
    date_qualifier = models.CharField(max_length=16, blank=True, default="", editable=False)
    place = models.CharField(_("place"), max_length=160, blank=True)

    source_organisation = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("source: organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    source_person = models.CharField(_("source: person"), max_length=120, blank=True)
    source_person_title = models.CharField(
        _("title of the person"), max_length=40, blank=True, help_text=_("For example NSNA.")
    )
    repository = models.CharField(_("repository"), max_length=160, blank=True)
    fonds = models.CharField(_("fonds"), max_length=255, blank=True)
    inventory = models.CharField(_("inventory no."), max_length=40, blank=True)
    box = models.CharField(_("box"), max_length=40, blank=True)
    file = models.CharField(_("file no."), max_length=40, blank=True)
    sheet = models.CharField(_("sheet"), max_length=40, blank=True)

    language = models.CharField(_("language"), max_length=80, blank=True)
    extent = models.PositiveIntegerField(_("number of pages"), null=True, blank=True)
    keywords = models.CharField(
        _("keywords"), max_length=255, blank=True, help_text=_("Separated by commas.")
    )
    first_published = models.BooleanField(_("published here for the first time"), default=False)

    access_level = models.CharField(
        _("access level"), max_length=12, choices=AccessLevel.choices, default=AccessLevel.OPEN
    )
    original_secrecy = models.CharField(
        _("original secrecy"), max_length=12, choices=Secrecy.choices, default=Secrecy.NONE
    )
    declassification = models.CharField(_("declassification decision"), max_length=160, blank=True)
    rights = models.TextField(_("rights"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("kind"), FieldPanel("reference")]), FieldPanel("caption")],
            heading=_("What it is"),
        ),
        InlinePanel("media", heading=_("Pictures and recordings"), label=_("Medium")),
        MultiFieldPanel(
            [
                FieldPanel("source_organisation"),
                FieldRowPanel([FieldPanel("source_person_title"), FieldPanel("source_person")]),
            ],
            heading=_("Source"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("date"), FieldPanel("date_display")]), FieldPanel("place")],
            heading=_("Date and place"),
        ),
        MultiFieldPanel([FieldPanel("description"), FieldPanel("quotation")], heading=_("To read")),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("type_name"),
                        FieldPanel("document_number"),
                        FieldPanel("document_symbol"),
                    ]
                ),
                FieldPanel("issuing_body"),
                FieldPanel("abstract"),
            ],
            heading=_("The document"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("repository"),
                FieldPanel("fonds"),
                FieldRowPanel([FieldPanel("inventory"), FieldPanel("box")]),
                FieldRowPanel([FieldPanel("file"), FieldPanel("sheet")]),
                FieldRowPanel([FieldPanel("language"), FieldPanel("extent")]),
                FieldPanel("keywords"),
            ],
            heading=_("Archival information"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("access_level"), FieldPanel("first_published")]),
                FieldRowPanel([FieldPanel("original_secrecy"), FieldPanel("declassification")]),
                FieldPanel("rights"),
            ],
            heading=_("Access and rights"),
        ),
    ]

    search_fields = [
        *BasePage.search_fields,
        index.FilterField("kind"),
        index.FilterField("date_earliest"),
        index.FilterField("reference"),
    ]

    class Meta:
        verbose_name = _("item on display")
        verbose_name_plural = _("items on display")

    @property
    def credit(self) -> Credit:
        """Who it comes from."""
        organisation = self.source_organisation
        return Credit(
            organisation=organisation.name if organisation else "",
            person=f"{self.source_person_title} {self.source_person}".strip(),
        )

    @property
    def holding(self) -> Holding:
        """Where it lies in the archive."""
        return Holding(
            repository=self.repository,
            fonds=self.fonds,
            inventory=self.inventory,
            box=self.box,
            file=self.file,
            sheet=self.sheet,
        )

    @property
    def date_text(self) -> str:
        """The date as it is printed."""
        return self.date_display or self.date_in_words

    @property
    def date_in_words(self) -> str:
        """The date said in Vietnamese, from its EDTF form."""
        return PartialDateField.in_words(self.date)

    def search_texts(self) -> tuple[str, ...]:
        """Everything a reader may remember of it."""
        transcriptions = (f"{each.transcription} {each.translation}" for each in self.media.all())
        return (
            self.title,
            self.caption,
            self.description,
            self.quotation,
            self.abstract,
            self.type_name,
            f"{self.document_number} {self.document_symbol}",
            self.issuing_body,
            self.date_text,
            self.place,
            self.keywords,
            self.reference,
            self.credit.text,
            *transcriptions,
        )

    def derive_date_bounds(self) -> None:
        """Fill the columns that dates are sorted and filtered by, from the EDTF text."""
        if not self.date:
            self.date_earliest = self.date_latest = None
            self.date_qualifier = ""
            return
        try:
            parsed = parse(self.date)
        except PartialDateError:
            # Validation refuses it; a script that saves without is not stopped here.
            self.date_earliest = self.date_latest = None
            self.date_qualifier = ""
            return
        self.date_earliest, self.date_latest = parsed.earliest, parsed.latest
        self.date_qualifier = parsed.qualifier

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the page with its date's bounds beside it (computed, nothing is fetched)."""
        self.derive_date_bounds()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a reference that another item of the exhibition has.

        The other one is named to who sees it.
        """
        super().clean()
        if self.reference and not self.alias_of_id and (twin := self._twin()):
            from core.confinement import reader_sees  # it imports the admin

            taken = _("Another item of the exhibition has this reference already.")
            named = _("“%(title)s” has this reference already.") % {"title": twin.title}
            raise ValidationError({"reference": named if reader_sees(twin.pk) else taken})

    def _twin(self) -> ItemPage | None:
        # Treebeard knows no parent of a page that has no place in the tree yet.
        parent = self.get_parent() or getattr(self, "_cached_parent_obj", None)
        if parent is None:
            return None
        exhibition_path = parent.path[: ExhibitionPage.steplen * EXHIBITION_DEPTH]
        return (
            ItemPage.objects.filter(
                reference=self.reference, path__startswith=exhibition_path, alias_of=None
            )
            .exclude(pk=self.pk)
            .first()
        )

    def is_public(self) -> bool:
        """Whether the public may see it now."""
        from exhibitions.visibility import page_is_public  # it imports this model

        return page_is_public(self)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The item large, its archival information, and its neighbours across Parts."""
        from exhibitions.cards import item_context  # cards import these models

        return item_context(self, request, view)

    def meta_description(self) -> str:
        """Caption and source."""
        return f"{self.caption or self.title}. {self.credit.text}".strip()

    def meta_image_url(self, context: dict[str, Any]) -> str:
        """The first picture."""
        picture = context["item"].picture
        return absolute_url(picture.src) if picture and picture.ready else ""


class ItemMedium(Orderable):
    """One page, side or recording of an item. Its ``uid`` never changes once given."""

    item = ParentalKey(ItemPage, on_delete=models.CASCADE, related_name="media")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    image = models.ForeignKey(
        "core.CustomImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="item_media",
    )
    frame = models.PositiveSmallIntegerField(
        _("page in the file"), default=1, help_text=_("For a TIFF of several pages.")
    )
    document = models.ForeignKey(
        "core.CustomDocument",
        verbose_name=_("document, film or sound"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="item_media",
    )
    label = models.CharField(
        _("label"), max_length=60, blank=True, help_text=_("For example: Mặt trước, Trang 2.")
    )
    alt_text = models.CharField(
        _("image description"),
        max_length=400,
        blank=True,
        help_text=_("For people who cannot see the picture. Empty: the item's caption."),
    )
    decorative = models.BooleanField(_("decorative"), default=False)
    transcription = RichTextField(_("transcription"), blank=True, features=PLAIN_FEATURES)
    translation = RichTextField(_("translation"), blank=True, features=PLAIN_FEATURES)

    panels = [
        FieldRowPanel([FieldPanel("image"), FieldPanel("document")]),
        FieldRowPanel([FieldPanel("label"), FieldPanel("frame")]),
        FieldRowPanel([FieldPanel("alt_text"), FieldPanel("decorative")]),
        FieldPanel("transcription"),
        FieldPanel("translation"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("medium")
        verbose_name_plural = _("media")

    def __str__(self) -> str:
        return self.label or str(self.uid)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, and mark its files as an exhibit's for good (see MediaOfItems)."""
        super().save(*args, **kwargs)
        for model, number in ((CustomImage, self.image_id), (CustomDocument, self.document_id)):
            if number:
                model.objects.filter(pk=number, hung_in_item=False).update(hung_in_item=True)

    def clean(self) -> None:
        """Require an image or a document, and a page that the image file has."""
        super().clean()
        if not self.image_id and not self.document_id:
            raise ValidationError({"image": _("Choose an image or a document.")})
        if self.image and not 1 <= self.frame <= self.image.frames:
            raise ValidationError(
                {"frame": _("The file has %(count)d pages.") % {"count": self.image.frames}}
            )
