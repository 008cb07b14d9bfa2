"""Opinions ("Ý kiến") on single pages of an exhibition that is being decided on.

They come from leaders: through a preview link, without an account, or on the screen of
what was submitted. An editor settles each.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.models import User
from exhibitions.approval import Standing, may_decide, may_record
from exhibitions.models import ExhibitionPage, Opinion, PreviewLink
from exhibitions.models.preview import NAME_LENGTH, OPINION_LENGTH
from exhibitions.visibility import Reason

OPINIONS_A_LINK = 500
"""More than a leader ever writes, less than what a prankster could fill a disk with."""


@transaction.atomic
def give_opinion(link: PreviewLink, page: Page, *, text: str, author: str = "") -> list[Reason]:
    """Keep what was written about ``page`` through ``link``; gives what stands against it.

    What a double tap sends again is kept once.
    """
    # One after the other: two taps at once are still one opinion.
    link = PreviewLink.objects.select_for_update().get(pk=link.pk)
    text = text.strip()
    reasons = _against_link(link) or _against_text(text)
    if not reasons:
        name = " ".join(author.split())[:NAME_LENGTH] or link.for_whom
        _keep(link.exhibition, page, link=link, author=name, text=text)
    return reasons


def may_give_opinion(user: User, where: Standing) -> bool:
    """Whether ``user`` may write an opinion where a submission stands: who decides or records."""
    return may_decide(user, where) or (bool(where.step_name) and may_record(user))


@transaction.atomic
def give_opinion_on_submission(where: Standing, page: Page, *, by: User, text: str) -> list[Reason]:
    """Keep what ``by`` wrote about a submitted ``page``; gives what stands against it.

    Raises PermissionDenied unless ``by`` may decide there, or record for who does.
    """
    submission = where.submission
    if submission is None or submission.exhibition is None or not may_give_opinion(by, where):
        raise PermissionDenied
    exhibition = ExhibitionPage.objects.select_for_update(of=("self",)).get(
        pk=submission.exhibition_id
    )
    text = text.strip()
    reasons = _against_text(text)
    if not reasons:
        _keep(exhibition, page, link=None, author=str(by)[:NAME_LENGTH], text=text)
    return reasons


def _keep(
    exhibition: ExhibitionPage, page: Page, *, link: PreviewLink | None, author: str, text: str
) -> None:
    Opinion.objects.get_or_create(
        exhibition=exhibition,
        page_id=page.pk,
        link=link,
        author=author,
        text=text,
        settled_at=None,
        defaults={"page_title": page.draft_title or page.title},
    )


def _against_link(link: PreviewLink) -> list[Reason]:
    if not link.works:
        return [Reason("ended", _("The link does not work any more."))]
    if link.opinions.count() >= OPINIONS_A_LINK:
        return [Reason("too_many", _("Through this link enough was said; ask for a new one."))]
    return []


def _against_text(text: str) -> list[Reason]:
    if not text:
        return [Reason("empty", _("Write what you think first."))]
    if len(text) > OPINION_LENGTH:
        return [
            Reason(
                "too_long",
                _("At most %(limit)d characters; there are %(count)d.")
                % {"limit": OPINION_LENGTH, "count": len(text)},
            )
        ]
    return []


def opinions_on(page: Page, link: PreviewLink) -> Sequence[Opinion]:
    """What was written about ``page`` through ``link``, oldest first."""
    return list(link.opinions.filter(page_id=page.pk))


def waiting_opinions(exhibition: ExhibitionPage) -> dict[int, list[Opinion]]:
    """The opinions on ``exhibition`` that nobody has settled, by page number, oldest first."""
    waiting: dict[int, list[Opinion]] = {}
    for each in exhibition.opinions.filter(settled_at__isnull=True, page__isnull=False):
        waiting.setdefault(each.page_id, []).append(each)
    return waiting


def settle(opinion: Opinion, *, by: User) -> None:
    """Mark an opinion as dealt with. Raises PermissionDenied unless ``by`` may edit."""
    if not opinion.exhibition.permissions_for_user(by).can_edit():
        raise PermissionDenied
    rows = Opinion.objects.filter(pk=opinion.pk, settled_at__isnull=True)
    rows.update(settled_at=timezone.now(), settled_by_name=str(by))
