"""Pictures within a text, numbered and captioned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.images.blocks import ImageChooserBlock

from core.audience import View
from core.pictures import Frame, PictureShelf


class FigureBlock(blocks.StructBlock):
    """A picture with its caption and credit. The number is given by its place on the page."""

    image = ImageChooserBlock(label=_("Image"))
    alt_text = blocks.CharBlock(
        label=_("Image description"),
        required=False,
        help_text=_("What a person who cannot see the picture should know. Empty: the caption."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=400)
    credit = blocks.CharBlock(label=_("Source"), required=False, max_length=160)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture with caption and source.")
        template = "components/streamfield/figure.html"
        preview_value = {"caption": "Chú thích của hình ảnh", "credit": "(mẫu)"}


def prepare_figures(body: StreamValue, view: View) -> None:
    """Number the figures of ``body`` and give each its picture, with one query for all.

    Sets ``number`` and ``picture`` on the value of every figure block, in place.
    """
    values = [child.value for child in body if isinstance(child.block, FigureBlock)]
    frames = [Frame.of(value["image"]) for value in values if value.get("image")]
    shelf = PictureShelf(illustrations=frames, view=view)
    for number, value in enumerate(values, start=1):
        image = value.get("image")
        value.number = number
        value.picture = (
            shelf.picture(Frame.of(image), alt=value.get("alt_text") or value.get("caption", ""))
            if image
            else None
        )
