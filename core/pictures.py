"""What a template gets of an image: addresses and sizes, taken from stored rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from core.audience import View
from core.models import CustomImage, PublicationCeiling, RenditionSet


@dataclass(frozen=True, slots=True)
class PublicationProfile:
    """How much of an image may be shown: the longer side in pixels, and a faint mark."""

    ceiling: int = PublicationCeiling.GOOD
    mark: str = ""


DEFAULT_PROFILE = PublicationProfile()
NO_KEY = "0" * 32

# Image, frame, ceiling, mark: what a rendition set is found by.
_SetName = tuple[int, int, int, str]
# Width and height of each rendition, in pixels, ascending.
_Sizes = list[tuple[int, int]]
# Key, sizes, whether the image is an exhibit's scan: of a picture that is not made.
NO_SET: tuple[str, _Sizes, bool] = ("", [], False)


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of an image file: the whole image, or a page of a multi-page TIFF (from 1).

    ``width`` and ``height`` are the original's, in pixels; ``fallback_alt`` is said of
    the picture where nothing better is known.
    """

    image_id: int
    width: int
    height: int
    fallback_alt: str = ""
    number: int = 1
    profile: PublicationProfile = DEFAULT_PROFILE

    @classmethod
    def of(
        cls, image: CustomImage, number: int = 1, profile: PublicationProfile = DEFAULT_PROFILE
    ) -> Frame:
        """The frame of a loaded image."""
        alt = image.description or image.title
        return cls(image.pk, image.width, image.height, alt, number, profile)


@dataclass(frozen=True, slots=True)
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


IllustrationRule = Callable[[Collection[Frame]], set[Frame]]
"""Of exhibits' scans used as covers or figures, those that may be shown to the public."""

_rules: list[IllustrationRule] = []


def set_illustration_rule(rule: IllustrationRule) -> None:
    """Let the app that knows what is public say which illustrations may be shown."""
    _rules[:] = [rule]


class PictureShelf:
    """The pictures of one page, fetched with one query however many there are.

    ``frames`` are pictures whose right to be shown is settled: those of the items a
    page shows. ``illustrations`` are covers, news pictures and figures; of them the
    public gets what :func:`set_illustration_rule`'s rule lets through.
    """

    def __init__(
        self,
        frames: Iterable[Frame] = (),
        *,
        illustrations: Collection[Frame] = (),
        view: View = View.PUBLIC,
    ) -> None:
        # One reverse a page, not one a width: only the key and the last segment differ.
        route = "rendition" if view is View.PUBLIC else "staff_rendition"
        self._address = reverse(route, args=[NO_KEY, "1.jpg"]).partition(NO_KEY)[0]
        self._sets = self._fetch({frame.image_id for frame in (*frames, *illustrations)})
        self._hidden = self._withheld(illustrations) if view is View.PUBLIC else set()

    @staticmethod
    def _fetch(image_ids: set[int]) -> dict[_SetName, tuple[str, _Sizes, bool]]:
        if not image_ids:
            return {}
        sets = RenditionSet.objects.filter(image_id__in=image_ids, made_at__isnull=False)
        rows = sets.values_list(
            "image_id", "frame", "ceiling", "mark", "key", "widths", "image__hung_in_item"
        )
        return {
            (image, frame, ceiling, mark): (key, sizes, is_scan)
            for image, frame, ceiling, mark, key, sizes, is_scan in rows
        }

    def _withheld(self, illustrations: Collection[Frame]) -> set[Frame]:
        """The illustrations that are exhibits' scans and not shown by a public item."""
        scans = {frame for frame in illustrations if self._set_of(frame)[2]}
        shown = scans
        for rule in _rules if scans else ():
            shown = rule(shown)
        return scans - shown

    def _set_of(self, frame: Frame) -> tuple[str, _Sizes, bool]:
        profile = frame.profile
        name = (frame.image_id, frame.number, profile.ceiling, profile.mark)
        return self._sets.get(name, NO_SET)

    def picture(self, frame: Frame, *, alt: str = "", decorative: bool = False) -> Picture:
        """The picture of ``frame``, with ``alt`` as its description ("" when decorative)."""
        description = "" if decorative else (alt or frame.fallback_alt)
        key, sizes, _is_scan = self._set_of(frame)
        if not sizes or frame in self._hidden:
            return Picture(description, frame.width, frame.height, decorative)
        return self._published(f"{self._address}{key}/", sizes, description, decorative)

    @staticmethod
    def _published(folder: str, sizes: _Sizes, alt: str, decorative: bool) -> Picture:
        width, height = sizes[-1]
        return Picture(
            alt=alt,
            width=width,
            height=height,
            decorative=decorative,
            src=f"{folder}{_nearest(sizes, 640)}.jpg",
            webp_srcset=", ".join([f"{folder}{each}.webp {each}w" for each, _height in sizes]),
            jpeg_srcset=", ".join([f"{folder}{each}.jpg {each}w" for each, _height in sizes]),
            largest_url=f"{folder}{width}.jpg",
        )


def _nearest(sizes: _Sizes, wanted: int) -> int:
    """The smallest width that is at least ``wanted``, else the largest there is."""
    return next((width for width, _height in sizes if width >= wanted), sizes[-1][0])


def single_picture(
    image: CustomImage | None, *, alt: str = "", view: View = View.PUBLIC
) -> Picture | None:
    """The picture of one image outside an exhibition, or None without an image."""
    if image is None:
        return None
    frame = Frame.of(image)
    return PictureShelf(illustrations=[frame], view=view).picture(frame, alt=alt)


def absolute_url(path: str) -> str:
    """``path`` with the portal's own scheme and host, for metadata read elsewhere."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
