"""Publishing and unpublishing what has come to its hour, each page by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


def publish_due_pages() -> None:
    """Publish and unpublish every page whose hour has come.

    One page that cannot be published stops no other: it keeps its hour, is logged
    with the reason, and is tried again a minute later. (Wagtail's own command stops
    at the first that fails, and forgets that it was due.)
    """
    now = timezone.now()
    for page in Page.objects.filter(live=True, expire_at__lt=now).specific():
        _attempt(f"unpublish {page.pk}", partial(_unpublish, page))
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    for revision in due:
        _attempt(f"publish revision {revision.pk}", partial(_publish, revision))


def _unpublish(page: Page) -> None:
    page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision) -> None:
    revision.publish(log_action="wagtail.publish.scheduled")


def _attempt(what: str, do: Callable[[], None]) -> None:
    try:
        with transaction.atomic():
            do()
    except Exception:  # whatever one page runs into, the others are due as well
        logger.exception("Could not %s at its hour.", what)
