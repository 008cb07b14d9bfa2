"""Links that show an exhibition before it is published.

Whoever has the address may read, without an account, until it expires or is revoked.
That is why it is made for somebody, ends by itself, and shows no item whose secrecy is
unsettled or whose access is conditional (exhibitions.visibility.withheld).
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.models import User
from exhibitions.approval import may_submit
from exhibitions.models import ExhibitionPage, PreviewLink

SECRET_BYTES = 24
"""192 bits: nobody guesses one."""

SECRET_IN_ADDRESS = re.compile(r"(/xem-truoc/)[^/]+")

DAYS = (3, 7, 14, 30)
"""How long a link may work; there is none without an end."""


class SecretsFilter(logging.Filter):
    """Leaves the secret out of what Django writes about a request that went wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with its secret blotted out."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                SECRET_IN_ADDRESS.sub(r"\1…", each) if isinstance(each, str) else each
                for each in record.args
            )
        return True


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def may_share(user: User, exhibition: ExhibitionPage) -> bool:
    """Whether ``user`` may give links to ``exhibition``: who may put it before a leader."""
    return may_submit(user, exhibition)


def make_link(
    exhibition: ExhibitionPage, *, by: User, for_whom: str, days: int
) -> tuple[PreviewLink, str]:
    """A new link and its secret, which cannot be had again.

    Raises PermissionDenied unless ``by`` may share, ValueError for other ``days``.
    """
    if not may_share(by, exhibition):
        raise PermissionDenied
    if days not in DAYS:
        raise ValueError(f"A preview link works for one of {DAYS} days.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = PreviewLink.objects.create(
        exhibition=exhibition,
        secret_hash=hash_of(secret),
        for_whom=for_whom,
        by=by,
        by_name=str(by),
        expires_at=timezone.now() + timedelta(days=days),
    )
    return link, secret


def find_link(secret: str) -> PreviewLink | None:
    """The link with this secret, whether it works or not; None when there never was one."""
    rows = PreviewLink.objects.select_related("exhibition")
    return rows.filter(secret_hash=hash_of(secret)).first()


def revoke(link: PreviewLink, *, by: User) -> None:
    """End a link now. Doing it twice changes nothing. Raises PermissionDenied."""
    if not may_share(by, link.exhibition):
        raise PermissionDenied
    rows = PreviewLink.objects.filter(pk=link.pk, revoked_at__isnull=True)
    rows.update(revoked_at=timezone.now())
