"""What follows when a page is published or moved: its pictures are made ready.

Nothing of this happens when a page is merely saved, because the editor saves a draft
every half second. Whether a picture may be shown is decided elsewhere; here it is
only seen to that it exists under the profile of the exhibition it hangs in.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django_tasks import task
from wagtail.models import Page
from wagtail.signals import page_published, post_page_move

from core.blocks import figure_images
from core.models import RenditionSet
from core.tasks import ensure_renditions
from exhibitions.clearance import publish_renditions, withdraw_if_gated
from exhibitions.models import ExhibitionPage, ItemMedium, ItemPage, PartPage
from exhibitions.visibility import exhibition_of


def connect() -> None:
    """Listen to Wagtail's signals; called once, when the app is ready."""
    page_published.connect(when_item_published, sender=ItemPage, dispatch_uid="item_renditions")
    page_published.connect(when_part_published, sender=PartPage, dispatch_uid="part_renditions")
    page_published.connect(
        when_exhibition_published, sender=ExhibitionPage, dispatch_uid="exhibition_renditions"
    )
    post_save.connect(when_item_saved, sender=ItemPage, dispatch_uid="item_alias")
    post_save.connect(when_part_saved, sender=PartPage, dispatch_uid="part_alias")
    for model in (ItemPage, PartPage):
        post_page_move.connect(when_moved, sender=model, dispatch_uid=f"move_{model.__name__}")


def when_item_published(instance: ItemPage, **_kwargs: Any) -> None:
    """Make its pictures under its exhibition's profile; withdraw it if the gate is against it."""
    publish_renditions([instance])
    withdraw_if_gated(instance)


def when_part_published(instance: PartPage, **_kwargs: Any) -> None:
    """Make the pictures of its narrative under its exhibition's profile."""
    exhibition = exhibition_of(instance)
    if exhibition is not None:
        for image in figure_images(instance.narrative):
            ensure_renditions(image.pk, exhibition.publication_profile)


def when_item_saved(instance: ItemPage, created: bool, **_kwargs: Any) -> None:
    """A new alias shows its pictures in another place; Wagtail sends no signal of its own."""
    if created and instance.alias_of_id:
        publish_renditions([instance])


def when_part_saved(instance: PartPage, created: bool, **_kwargs: Any) -> None:
    """The same for an alias of a Part."""
    if created and instance.alias_of_id:
        when_part_published(instance)


def when_exhibition_published(instance: ExhibitionPage, **_kwargs: Any) -> None:
    """The cover at once, and all items' pictures in the background: the profile may be new."""
    if instance.cover_id:
        ensure_renditions(instance.cover_id, instance.publication_profile)
    ensure_exhibition_renditions.enqueue(instance.pk)


def when_moved(instance: Page, **_kwargs: Any) -> None:
    """A Part or item may have come into an exhibition with another profile."""
    exhibition = exhibition_of(Page.objects.get(pk=instance.pk))
    if exhibition is not None:
        ensure_exhibition_renditions.enqueue(exhibition.pk)


@task(backend="jobs")
def ensure_exhibition_renditions(exhibition_id: int) -> None:
    """See to it that every picture in the exhibition has a set under its profile.

    What is there already is told by one query, so publishing an exhibition of 400 items
    whose pictures are all made costs little more than publishing one of four.
    """
    exhibition = ExhibitionPage.objects.filter(pk=exhibition_id).first()
    if exhibition is None:
        return
    profile = exhibition.publication_profile
    wanted = _pictures_of(exhibition)
    present = RenditionSet.objects.filter(
        ceiling=profile.ceiling,
        mark=profile.mark,
        image_id__in={image_id for image_id, _frame in wanted},
    )
    for image_id, frame in sorted(wanted - set(present.values_list("image_id", "frame"))):
        ensure_renditions(image_id, profile, frame)


def _pictures_of(exhibition: ExhibitionPage) -> set[tuple[int, int]]:
    """Image and frame of everything that hangs in ``exhibition`` or stands in its narratives."""
    media = ItemMedium.objects.filter(item__path__startswith=exhibition.path, image__isnull=False)
    parts = PartPage.objects.filter(path__startswith=exhibition.path)
    figures = {(image.pk, 1) for part in parts for image in figure_images(part.narrative)}
    return set(media.values_list("image_id", "frame")) | figures
