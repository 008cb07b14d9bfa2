"""Two usual page types: a gallery of inline rows, and one of StreamField blocks."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.blocks import CharBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Orderable, Page


class InlineGalleryPage(Page):
    """Rows with an image and a caption, as in Wagtail's tutorial."""

    template = "usual_wagtail/inline_gallery_page.html"


class GalleryRow(Orderable):
    """One picture of an inline gallery."""

    page = ParentalKey(InlineGalleryPage, on_delete=models.CASCADE, related_name="gallery")
    image = models.ForeignKey("core.CustomImage", on_delete=models.CASCADE, related_name="+")
    caption = models.CharField(max_length=400)
    credit = models.CharField(max_length=255)


class StreamGalleryPage(Page):
    """Blocks with an image and a caption, as in Wagtail's demonstration site."""

    template = "usual_wagtail/stream_gallery_page.html"

    body = StreamField(
        [
            (
                "picture",
                StructBlock(
                    [
                        ("image", ImageChooserBlock()),
                        ("caption", CharBlock()),
                        ("credit", CharBlock()),
                    ]
                ),
            )
        ]
    )
