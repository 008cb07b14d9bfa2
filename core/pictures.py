"""What a template gets of an image: addresses and sizes, taken from stored rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from core.audience import View
from core.models import CustomImage, PublicationCeiling, RenditionSet


@dataclass(frozen=True)
class PublicationProfile:
    """How much of an image may be shown: the longer side in pixels, and a faint mark."""

    ceiling: int = PublicationCeiling.GOOD
    mark: str = ""


DEFAULT_PROFILE = PublicationProfile()


@dataclass(frozen=True)
class Frame:
    """One picture of an image file: the whole image, or a page of a multi-page TIFF (from 1)."""

    image: CustomImage
    number: int = 1
    profile: PublicationProfile = DEFAULT_PROFILE


@dataclass(frozen=True)
class Picture:
    """An image as a page shows it. Not ``ready`` while its widths are still being made."""

    alt: str
    width: int
    height: int
    decorative: bool = False
    src: str = ""
    webp_srcset: str = ""
    jpeg_srcset: str = ""
    largest_url: str = ""

    @property
    def ready(self) -> bool:
        """Whether there is something to show."""
        return bool(self.src)

    @property
    def portrait(self) -> bool:
        """Whether it is taller than wide."""
        return self.height > self.width


class PictureShelf:
    """The pictures of one page, fetched with one query however many there are."""

    def __init__(self, frames: Iterable[Frame], *, view: View = View.PUBLIC) -> None:
        self._route = "rendition" if view is View.PUBLIC else "staff_rendition"
        self._sets = self._fetch({frame.image.pk for frame in frames})

    @staticmethod
    def _fetch(image_ids: set[int]) -> Mapping[tuple[int, int, PublicationProfile], RenditionSet]:
        if not image_ids:
            return {}
        sets = RenditionSet.objects.filter(image_id__in=image_ids, made_at__isnull=False)
        return {
            (each.image_id, each.frame, PublicationProfile(each.ceiling, each.mark)): each
            for each in sets
        }

    def picture(self, frame: Frame, *, alt: str = "", decorative: bool = False) -> Picture:
        """The picture of ``frame``, with ``alt`` as its description ("" when decorative)."""
        image = frame.image
        description = "" if decorative else (alt or image.description or image.title)
        renditions = self._sets.get((image.pk, frame.number, frame.profile))
        if renditions is None or not renditions.widths:
            return Picture(description, image.width, image.height, decorative)
        return self._published(renditions, description, decorative)

    def _published(self, renditions: RenditionSet, alt: str, decorative: bool) -> Picture:
        # One reverse a set, not one a width: only the last segment differs.
        folder = reverse(self._route, args=[renditions.key, "1.jpg"]).removesuffix("1.jpg")
        widths = [width for width, _height in renditions.widths]
        width, height = renditions.widths[-1]
        return Picture(
            alt=alt,
            width=width,
            height=height,
            decorative=decorative,
            src=f"{folder}{_nearest(widths, 640)}.jpg",
            webp_srcset=", ".join(f"{folder}{each}.webp {each}w" for each in widths),
            jpeg_srcset=", ".join(f"{folder}{each}.jpg {each}w" for each in widths),
            largest_url=f"{folder}{width}.jpg",
        )


def _nearest(widths: list[int], wanted: int) -> int:
    """The smallest width that is at least ``wanted``, else the largest there is."""
    return next((width for width in widths if width >= wanted), widths[-1])


def single_picture(
    image: CustomImage | None, *, alt: str = "", view: View = View.PUBLIC
) -> Picture | None:
    """The picture of one image outside an exhibition, or None without an image."""
    if image is None:
        return None
    frame = Frame(image)
    return PictureShelf([frame], view=view).picture(frame, alt=alt)


def absolute_url(path: str) -> str:
    """``path`` with the portal's own scheme and host, for metadata read elsewhere."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
