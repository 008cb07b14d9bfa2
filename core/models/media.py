"""Images and documents: private originals, and the sets of renditions made from them."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.search import index

from core.media.vetting import read_image_header
from core.models.text import NormalisedTextModel
from core.vietnamese import fold


class PublicationCeiling(models.IntegerChoices):
    """The longer side, in pixels, beyond which nothing is published."""

    MODEST = 1280, _("Modest (1280 px)")
    GOOD = 1920, _("Good (1920 px)")


class HeaderSizedImageFile(WagtailImageFieldFile):
    """An image file whose size is read from its header, never by decoding it."""

    def _get_image_dimensions(self) -> tuple[int, int]:
        if not hasattr(self, "_dimensions_cache"):
            close = self.closed
            self.open()
            facts = read_image_header(self)
            self._dimensions_cache = (facts.width, facts.height)
            if close:
                self.close()
            else:
                self.seek(0)
        return self._dimensions_cache


class HeaderSizedImageField(WagtailImageField):
    """Wagtail's image field with :class:`HeaderSizedImageFile`."""

    attr_class = HeaderSizedImageFile


class MediaOfItems(models.Model):
    """A file that remembers for good that an exhibit has shown it.

    Such a file is public through a public item only. Were it judged by today's items
    alone, deleting a withdrawn item would turn its scan into an ordinary picture.
    """

    hung_in_item = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Its title, as in every list of files."""
        return str(getattr(self, "title", self.pk))


class CustomImage(NormalisedTextModel, MediaOfItems, AbstractImage):
    """An image of the library. Its original is private; see :class:`RenditionSet`."""

    file = HeaderSizedImageField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )
    frames = models.PositiveSmallIntegerField(_("pages in the file"), default=1, editable=False)
    rendered_file = models.CharField(max_length=255, default="", editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    search_fields = [
        *AbstractImage.search_fields,
        index.SearchField("folded_text"),
        index.AutocompleteField("folded_text"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; a new file queues the making of its renditions after the commit.

        What was made of a former file is not shown any more from the same moment.
        """
        super().save(*args, **kwargs)
        if self.file.name != self.rendered_file:
            from core.tasks import queue_renditions  # imports this module's models

            self.rendition_sets.update(made_at=None, failure="")
            type(self).objects.filter(pk=self.pk).update(rendered_file=self.file.name)
            self.rendered_file = self.file.name
            image_id = self.pk
            transaction.on_commit(lambda: queue_renditions(image_id))

    def folded_text(self) -> str:
        """What a search without marks finds it by."""
        return fold(f"{self.title} {self.description}")


class CustomRendition(AbstractRendition):
    """Wagtail's own rendition, used for thumbnails in the admin only."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="core_rendition_unique_filter",
            )
        ]


class CustomDocument(NormalisedTextModel, MediaOfItems, AbstractDocument):
    """A document of the library (signed PDF, film, sound), served only while a page shows it."""

    admin_form_fields = ("title", "file", "collection", "tags")

    search_fields = [
        *AbstractDocument.search_fields,
        index.SearchField("folded_text"),
        index.AutocompleteField("folded_text"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def folded_text(self) -> str:
        """What a search without marks finds it by."""
        return fold(self.title)


def random_key() -> str:
    """128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


class RenditionSet(models.Model):
    """The widths made of one frame of one image under one publication profile.

    A page takes addresses and sizes from here and never touches the file. The set
    lies in a folder named by ``key``; a new key makes every old address a 404.
    """

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="rendition_sets")
    frame = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    ceiling = models.PositiveIntegerField(default=PublicationCeiling.GOOD)
    mark = models.CharField(max_length=80, blank=True, default="")
    key = models.CharField(max_length=32, unique=True, default=random_key)
    widths = models.JSONField(default=list, help_text="[[width, height], …] in pixels, ascending")
    made_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True, default="")

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "frame", "ceiling", "mark"],
                name="core_renditionset_unique_profile",
            )
        ]

    def __str__(self) -> str:
        return f"{self.image_id}/{self.frame} ≤{self.ceiling}"
