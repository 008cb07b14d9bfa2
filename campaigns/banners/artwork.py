"""Pictures of the library as banners need them: opened from their private files.

What comes out is RGB, 8 bits a channel, in sRGB, turned as its EXIF says, with what is
transparent laid on white; none of the file's metadata goes with it.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from campaigns.banners.drawing import lay_label
from core.media.vetting import MediaRefused, open_image, read_image_header
from core.models import CustomImage

# What Pillow raises at a file that is damaged in its middle, past what the upload looks at.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, MediaRefused)


class PictureUnreadable(Exception):
    """A picture of the library cannot be opened: its file is missing or damaged."""


def open_picture(path: Path) -> Image.Image:
    """The picture in the file at ``path``; of a file of several pages the first.

    Raises PictureUnreadable.
    """
    try:
        with path.open("rb") as file:
            facts = read_image_header(file)
            with open_image(file, facts.format) as opened:
                opened.load()
                return _in_srgb(ImageOps.exif_transpose(opened), opened.info.get("icc_profile"))
    except _DAMAGED as error:
        raise PictureUnreadable(f"{path.name}: {error}") from error


def finished_artwork(artwork: CustomImage, state: str) -> Image.Image:
    """Uploaded artwork, with a label in its corner that says ``state``; without one for "".

    Raises PictureUnreadable.
    """
    picture = open_picture(Path(artwork.file.path))
    lay_label(picture, state, (0, 0, picture.width, picture.height))
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if picture.mode.startswith("I;16"):
        # Converting alone would clip at 255, which turns a 16-bit scan white.
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture).convert("RGB")
    if profile:
        picture = _by_profile(picture, profile)
    flat = Image.new("RGB", picture.size)
    flat.paste(picture.convert("RGB"))
    return flat


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    """``picture`` in sRGB by its embedded ``profile``; as it is if the profile does not fit."""
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture
