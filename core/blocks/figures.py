"""Pictures within a text, numbered and captioned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.images.blocks import ImageChooserBlock

from core.audience import View
from core.models import CustomImage
from core.pictures import DEFAULT_PROFILE, Frame, PictureShelf, PublicationProfile


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


def prepare_figures(
    body: StreamValue, view: View, profile: PublicationProfile = DEFAULT_PROFILE
) -> None:
    """Number the figures of ``body`` and give each its picture, with one query for all.

    Sets ``number`` and ``picture`` on the value of every figure block, in place. The
    pictures are those published under ``profile``.
    """
    figures = [child.value for child in body if isinstance(child.block, FigureBlock)]
    frames = {image.pk: Frame.of(image, profile=profile) for image in figure_images(body)}
    shelf = PictureShelf(illustrations=frames.values(), view=view)
    for number, value in enumerate(figures, start=1):
        image = value.get("image")
        alt = value.get("alt_text") or value.get("caption", "")
        value.number = number
        value.picture = shelf.picture(frames[image.pk], alt=alt) if image else None


def figure_images(body: StreamValue) -> list[CustomImage]:
    """The images of the figures of ``body``; of a figure whose image was deleted nothing."""
    figures = [child.value for child in body if isinstance(child.block, FigureBlock)]
    return [image for value in figures if (image := value.get("image"))]
