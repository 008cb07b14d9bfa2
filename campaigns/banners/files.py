"""A campaign's banners as files: made when first asked for, kept, and made anew on a change.

The name of a kept file is a digest of everything that goes into its picture: title,
organiser, opening state, cover or artwork, and how banners are drawn. So a file is never
out of date: what has changed has another name, and what nobody asks for any more is removed
by :func:`prune_banner_files`, a duty of the clockwork.

Whether the campaign itself may be seen is for the caller to check.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from PIL import Image
from PIL import __version__ as PILLOW_VERSION

from campaigns.banners.artwork import PictureUnreadable, finished_artwork, open_picture
from campaigns.banners.drawing import DRAWING_VERSION, MIDDLE, BannerText, draw_banner
from campaigns.banners.encoding import encode
from campaigns.banners.shelf import keep, remove_unused
from campaigns.banners.wording import alt_text, banner_text, file_stem, instructions
from campaigns.models import BANNER_SIZES, Banner, CampaignPage
from core.media.storage import rendition_folder
from core.models import CustomImage, RenditionSet
from core.pictures import Frame, PublicationProfile
from exhibitions.models import ExhibitionPage
from exhibitions.visibility import named_exhibitions, showable_illustrations

KINDS = {"jpg": "jpeg", "png": "png", "webp": "webp"}
"""Extensions, in the order they are offered, with the kind of file they stand for."""

UNUSED_FOR = timedelta(days=30)
INSTRUCTIONS_NAME = "HUONG-DAN.txt"

# The cover's place in any form; a rendition at least as large is sharp.
_COVER_SIZE = (440, 310)
# The earliest moment a ZIP archive can name: equal files make an equal archive.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class BannerUnavailable(Exception):
    """A banner cannot be given now: nothing may be shown, or its file cannot be made."""


@dataclass(frozen=True)
class BannerFile:
    """A banner's file as it lies on the disk; ``etag`` is quoted, as HTTP wants it."""

    path: Path
    etag: str
    content_type: str
    width: int
    height: int
    length: int


@dataclass(frozen=True)
class _Cover:
    """The published picture of a cover: its file, and the point of it that must be seen."""

    path: Path
    focus: tuple[float, float]


@dataclass(frozen=True)
class _Plan:
    """What a banner's picture is made of: a digest of it all, and the way to make it."""

    digest: str
    draw: Callable[[], Image.Image]


def banner_file(banner: Banner, extension: str) -> BannerFile:
    """The file of ``banner``, made if it is not kept yet.

    ``extension`` is one of :data:`KINDS`, else KeyError. Raises BannerUnavailable while the
    public may know of none of the campaign's exhibitions, when a picture cannot be read, and
    when the disk is full.
    """
    kind = KINDS[extension]
    plan = _plan(banner)
    path = _folder() / f"{plan.digest}.{extension}"
    try:
        length = keep(path, lambda: encode(plan.draw(), kind))
    except (OSError, PictureUnreadable) as error:
        raise BannerUnavailable(f"the banner cannot be made: {error}") from error
    width, height = banner.size
    return BannerFile(
        path=path,
        etag=f'"{plan.digest}-{extension}"',
        content_type=f"image/{kind}",
        width=width,
        height=height,
        length=length,
    )


def alt_text_of(banner: Banner) -> str:
    """The description of the picture: the editor's, else what a drawn banner says.

    The campaign's title while the public may know of none of its exhibitions.
    """
    if banner.alt_text:
        return str(banner.alt_text)
    exhibition = promoted_exhibition(banner.page)
    return alt_text(_text_of(exhibition)) if exhibition else str(banner.page.title)


def file_name(banner: Banner, extension: str) -> str:
    """ "lang-son-75-nam-thi-dua-yeu-nuoc-ngang.jpg": what a download of ``banner`` is called."""
    promoted = promoted_exhibition(banner.page)
    title = promoted.display_title if promoted else banner.page.title
    return f"{file_stem(title, banner.form)}.{extension}"


def kit_archive(campaign: CampaignPage) -> bytes:
    """A ZIP of every form in every kind of file, with a text that says how to place them.

    Equal banners give equal bytes. Raises BannerUnavailable as :func:`banner_file` does, and
    for a campaign without banners.
    """
    banners = _one_of_each_form(campaign)
    if not banners:
        raise BannerUnavailable("the campaign has no banners")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as package:
        for banner in banners:
            for extension in KINDS:
                content = _content(banner_file(banner, extension))
                _put(package, file_name(banner, extension), content)
        described = [(file_name(each, "jpg"), each.size, alt_text_of(each)) for each in banners]
        text = instructions(campaign.title, described, campaign.contact)
        # With its mark of order and the line ends that the oldest editor of Windows needs.
        _put(package, INSTRUCTIONS_NAME, text.replace("\n", "\r\n").encode("utf-8-sig"))
    return archive.getvalue()


def prune_banner_files() -> int:
    """Remove the files nobody has asked for in thirty days; how many they were."""
    return remove_unused(_folder(), UNUSED_FOR)


def promoted_exhibition(campaign: CampaignPage) -> ExhibitionPage | None:
    """The campaign's first exhibition of which the public may know, asked for once an instance."""
    if not hasattr(campaign, "promoted_exhibition"):
        # A row without a place stands first: databases disagree on where to sort it.
        rows = list(campaign.exhibitions.all())
        rows.sort(key=lambda row: (row.sort_order or 0, row.pk or 0))
        promoted = [row.exhibition_id for row in rows]
        named = {each.pk: each for each in named_exhibitions(promoted)}
        campaign.promoted_exhibition = next(
            (named[number] for number in promoted if number in named), None
        )
    found: ExhibitionPage | None = campaign.promoted_exhibition
    return found


def _one_of_each_form(campaign: CampaignPage) -> list[Banner]:
    first: dict[str, Banner] = {}
    for banner in campaign.banners.all():
        banner.page = campaign  # which knows its exhibition already
        first.setdefault(banner.form, banner)
    return list(first.values())


def _text_of(exhibition: ExhibitionPage) -> BannerText:
    """The words of its banners, asked for once an instance."""
    if not hasattr(exhibition, "banner_text"):
        exhibition.banner_text = banner_text(exhibition)
    text: BannerText = exhibition.banner_text
    return text


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "banners"


def _put(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    # Readable by everyone; without it some systems unpack files nobody may open.
    entry.external_attr = 0o644 << 16
    package.writestr(entry, content)


def _content(file: BannerFile) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise BannerUnavailable(f"the banner cannot be read: {error}") from error


def _plan(banner: Banner) -> _Plan:
    """What the picture of ``banner`` is made of now. Raises BannerUnavailable."""
    exhibition = promoted_exhibition(banner.page)
    if exhibition is None:
        raise BannerUnavailable("the public may know of none of the campaign's exhibitions")
    text = _text_of(exhibition)
    artwork = banner.artwork
    if artwork is not None and _is_usable(artwork, banner, exhibition.publication_profile):
        state = text.state
        digest = _digest("artwork", banner.form, _identity(artwork), state)
        return _Plan(digest, lambda: finished_artwork(artwork, state))
    cover = _cover_of(exhibition)
    shown = (cover.path.parent.name, cover.path.name, *cover.focus) if cover else ()
    digest = _digest("drawn", banner.form, astuple(text), shown)
    return _Plan(digest, lambda: _drawn(banner.form, text, cover))


def _digest(*parts: object) -> str:
    whole = json.dumps([DRAWING_VERSION, PILLOW_VERSION, *parts], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:40]


def _drawn(form: str, text: BannerText, cover: _Cover | None) -> Image.Image:
    if cover is None:
        return draw_banner(form, text, None)
    return draw_banner(form, text, open_picture(cover.path), cover.focus)


def _is_usable(artwork: CustomImage, banner: Banner, profile: PublicationProfile) -> bool:
    """Whether artwork has the form's size still, and may be shown.

    Its file may have been replaced in the library since the campaign was edited.
    """
    fits = (artwork.width, artwork.height) == BANNER_SIZES[banner.form]
    return fits and _may_be_shown(artwork, profile)


def _may_be_shown(image: CustomImage, profile: PublicationProfile) -> bool:
    """Whether ``image`` is no exhibit's scan, or one that a public item shows."""
    if not image.hung_in_item:
        return True
    return bool(showable_illustrations([Frame.of(image, profile=profile)]))


def _identity(image: CustomImage) -> tuple[object, ...]:
    """What changes when another file takes the place of the image's."""
    try:
        found = Path(image.file.path).stat()
    except OSError as error:
        raise BannerUnavailable(f"the artwork cannot be read: {error}") from error
    return (image.pk, image.file.name, found.st_size, found.st_mtime_ns)


def _cover_of(exhibition: ExhibitionPage) -> _Cover | None:
    """The published picture of the cover that is just large enough; None while there is none.

    Always a published one, never the original: under the exhibition's faint mark, and small
    enough to be opened while a reader waits.
    """
    cover, profile = exhibition.cover, exhibition.publication_profile
    if cover is None or not _may_be_shown(cover, profile):
        return None
    made = RenditionSet.objects.filter(
        image=cover, frame=1, ceiling=profile.ceiling, mark=profile.mark, made_at__isnull=False
    ).first()
    if made is None or not made.widths:
        return None
    wide, high = _COVER_SIZE
    enough = (width for width, height in made.widths if width >= wide and height >= high)
    path = rendition_folder(made.key) / f"{next(enough, made.widths[-1][0])}.jpg"
    return _Cover(path, _focus_of(cover)) if path.is_file() else None


def _focus_of(cover: CustomImage) -> tuple[float, float]:
    """The middle of the part an editor marked as what must be seen, else of the picture."""
    if not cover.has_focal_point():
        return MIDDLE
    return (cover.focal_point_x / cover.width, cover.focal_point_y / cover.height)
