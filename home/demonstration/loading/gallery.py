"""Every picture the content asks for, drawn and put into the image library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.media.storage import rendition_folder
from core.models import CustomImage, RenditionSet, User
from core.pictures import DEFAULT_PROFILE
from exhibitions.credit_line import Credit
from home.demonstration import content
from home.demonstration.content.records import Cover, Figure, Item, Medium
from home.demonstration.loading.drawing import (
    Commission,
    CoverSketch,
    Drawn,
    MountSketch,
    SampleSketch,
    Sketch,
    carry_out_all,
)
from home.demonstration.pictures import WAITING

Images = Mapping[Sketch, CustomImage]
"""The library's images by what they were drawn from."""

TITLE_LENGTH = 255
PROGRESS_STEP = 15

_ORGANISATION_NAMES = {each.key: each.name for each in content.ORGANISATIONS}


@dataclass(frozen=True)
class Wanted:
    """A picture the content asks for, and what the library says of it."""

    sketch: Sketch
    title: str
    description: str = ""


def cover_sketch(cover: Cover) -> CoverSketch:
    """What a cover is drawn from."""
    return CoverSketch(palette=cover.palette, seed=cover.seed)


def medium_sketch(item: Item, medium: Medium) -> MountSketch | SampleSketch:
    """What a page of an item is drawn from: a mount for a real record, else a sample."""
    drawing = medium.drawing
    if drawing.kind != "mount":
        return SampleSketch(kind=drawing.kind, seed=drawing.seed, shape=drawing.shape)
    credit = Credit(
        organisation=_ORGANISATION_NAMES.get(item.source_organisation, ""),
        person=f"{item.source_person_title} {item.source_person}".strip(),
    )
    return MountSketch(
        source=credit.source, seed=drawing.seed, shape=drawing.shape, waiting=WAITING
    )


def figure_sketch(figure: Figure) -> MountSketch:
    """What a picture within a text is drawn from."""
    return MountSketch(
        source=figure.source, seed=figure.seed, shape="landscape", waiting=figure.waiting
    )


def figure_alt_text(figure: Figure) -> str:
    """What is to be seen in the place of ``figure``."""
    return f"Khung giấy {figure.waiting[0].lower()}{figure.waiting[1:]}: {figure.caption}"


def wanted_pictures() -> list[Wanted]:
    """Every picture of the demonstration, each once."""
    pictures = [*_covers(), *_media(), *_figures()]
    return list({each.sketch: each for each in pictures}.values())


def _covers() -> Iterator[Wanted]:
    for exhibition in content.EXHIBITIONS:
        yield Wanted(cover_sketch(exhibition.cover), f"Bìa triển lãm: {exhibition.short_title}")
    for news in content.NEWS:
        yield Wanted(cover_sketch(news.cover), f"Hình đầu bài: {news.title}")


def _media() -> Iterator[Wanted]:
    for exhibition in content.EXHIBITIONS:
        for item in exhibition.all_items:
            for medium in item.media:
                title = ", ".join(part for part in (item.title, medium.label) if part)
                yield Wanted(medium_sketch(item, medium), title, medium.alt_text)


def _figures() -> Iterator[Wanted]:
    for news in content.NEWS:
        for block in news.body:
            if isinstance(block, Figure):
                yield Wanted(figure_sketch(block), block.caption, figure_alt_text(block))


@dataclass(frozen=True)
class Hung:
    """A picture whose files lie in their places, before any row speaks of them."""

    wanted: Wanted
    drawn: Drawn
    name: str
    key: str


def draw_pictures(scale: float, report: Callable[[int, int], None]) -> list[Hung]:
    """Draw all pictures; ``report`` is told from time to time how many of how many are done.

    Files come before the rows that name them: what a killed run leaves is seen by
    nobody, and replaced by the next run, for names and keys are the same each time.
    A key is as hard to guess as a random one, being made with the secret key.
    """
    wanted = wanted_pictures()
    names = [f"original_images/trinh-dien-{number:03}.jpg" for number in range(1, len(wanted) + 1)]
    keys = [_key(name) for name in names]
    commissions = [
        Commission(
            sketch=each.sketch,
            scale=scale,
            original=Path(default_storage.path(name)),
            renditions=rendition_folder(key),
            ceiling=int(DEFAULT_PROFILE.ceiling),
        )
        for each, name, key in zip(wanted, names, keys, strict=True)
    ]
    finished: list[Hung] = []
    for each, name, key, drawn in zip(wanted, names, keys, carry_out_all(commissions), strict=True):
        finished.append(Hung(each, drawn, name, key))
        if len(finished) % PROGRESS_STEP == 0 or len(finished) == len(wanted):
            report(len(finished), len(wanted))
    return finished


def _key(name: str) -> str:
    """128 bits as 32 hexadecimal digits, the same for the same name on the same portal."""
    return salted_hmac("home.demonstration", name, algorithm="sha256").hexdigest()[:32]


def put_into_library(pictures: list[Hung], by: User) -> Images:
    """Make the library's rows for ``pictures``, each with its finished set of renditions."""
    return {each.wanted.sketch: _image(each, by) for each in pictures}


def _image(hung: Hung, by: User) -> CustomImage:
    width, height = hung.drawn.size
    image = CustomImage(
        title=hung.wanted.title[:TITLE_LENGTH],
        description=hung.wanted.description[:TITLE_LENGTH],
        file=hung.name,
        width=width,
        height=height,
        # Its renditions are there already: saving must not queue them once more.
        rendered_file=hung.name,
        uploaded_by_user=by,
    )
    image._set_image_file_metadata()
    image.save()
    RenditionSet.objects.create(
        image=image,
        ceiling=DEFAULT_PROFILE.ceiling,
        mark=DEFAULT_PROFILE.mark,
        key=hung.key,
        widths=[list(size) for size in hung.drawn.widths],
        made_at=timezone.now(),
    )
    return image
