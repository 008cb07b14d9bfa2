"""What follows when a page is published or moved: its pictures are made ready.

Nothing of this happens when a page is merely saved, because the editor saves a draft
every half second. Whether a picture may be shown is decided elsewhere; here it is
only seen to that it exists under the profile of the exhibition it hangs in.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django_tasks import task
from wagtail.models import Page
from wagtail.signals import page_published, post_page_move

from core.models import RenditionSet
from core.tasks import ensure_renditions
from exhibitions.clearance import publish_renditions, withdraw_if_gated
from exhibitions.models import ExhibitionPage, ItemMedium, ItemPage, PartPage
from exhibitions.visibility import exhibition_of


def connect() -> None:
    """Listen to Wagtail's signals; called once, when the app is ready."""
    page_published.connect(when_item_published, sender=ItemPage, dispatch_uid="item_renditions")
    page_published.connect(
        when_exhibition_published, sender=ExhibitionPage, dispatch_uid="exhibition_renditions"
    )
    for model in (ItemPage, PartPage):
        post_page_move.connect(when_moved, sender=model, dispatch_uid=f"move_{model.__name__}")


def when_item_published(instance: ItemPage, **_kwargs: Any) -> None:
    """Make its pictures under its exhibition's profile; withdraw it if the gate is against it."""
    publish_renditions([instance])
    withdraw_if_gated(instance)


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

    Two queries tell what is missing, so publishing an exhibition of 400 items whose
    pictures are all there costs no more than one of four.
    """
    exhibition = ExhibitionPage.objects.filter(pk=exhibition_id).first()
    if exhibition is None:
        return
    profile = exhibition.publication_profile
    media = ItemMedium.objects.filter(item__path__startswith=exhibition.path, image__isnull=False)
    wanted = set(media.values_list("image_id", "frame"))
    present = RenditionSet.objects.filter(
        ceiling=profile.ceiling,
        mark=profile.mark,
        image__item_media__item__path__startswith=exhibition.path,
        image__item_media__frame=F("frame"),
    )
    for image_id, frame in sorted(wanted - set(present.values_list("image_id", "frame"))):
        ensure_renditions(image_id, profile, frame)
