"""What waits for a person, on the admin's first page: decisions, returned work, openings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from wagtail.admin.ui.components import Component

from core.confinement import pages_seen_by
from core.models import User
from exhibitions.admin.approval import approval_url, submission_url
from exhibitions.admin.clearance import signed_in
from exhibitions.admin.opening import may_open, opening_url
from exhibitions.admin.preview import preview_url
from exhibitions.approval import Standing, returned_to, unfinished
from exhibitions.models import ExhibitionPage, OpeningState
from exhibitions.querysets import with_decision
from exhibitions.readiness import Weight, readiness_of
from exhibitions.visibility import opening_moment, state_of

SOONEST = 5
"""How many of the next openings are named."""


class WaitingPanel(Component):
    """Submissions that wait for this person, what was returned, and what opens next."""

    name = "waiting"
    template_name = "exhibitions/admin/waiting_panel.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The lists. The number of queries does not depend on how many items there are."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        user = signed_in(parent_context["request"])
        groups = set(user.groups.values_list("pk", flat=True))
        context.update(
            to_decide=[
                (each, submission_url(each.submission))
                for each in unfinished()
                if each.submission and _group_of(each) in groups
            ],
            returned=[
                (each, approval_url(each.submission.exhibition))
                for each in returned_to(user)
                if each.submission and each.submission.exhibition
            ],
            opinions=[
                (each, count, preview_url(each)) for each, count in opinions_waiting_for(user)
            ],
            openings=[_coming(each) for each in next_openings(user)],
        )
        return context


@dataclass(frozen=True)
class Coming:
    """An exhibition that opens soon, with what is not ready of it."""

    exhibition: ExhibitionPage
    opens_at: datetime | None
    url: str
    blocking: int
    """Items that stand against submission."""
    hidden: int
    """Items the public will not see."""


def _coming(exhibition: ExhibitionPage) -> Coming:
    ready = readiness_of(exhibition)
    return Coming(
        exhibition,
        opening_moment(exhibition),
        opening_url(exhibition),
        len(ready.blocking),
        ready.count(Weight.HIDES),
    )


def opinions_waiting_for(user: User) -> list[tuple[ExhibitionPage, int]]:
    """The exhibitions ``user`` may edit on which opinions wait, and how many."""
    waits = Q(opinions__settled_at__isnull=True)
    exhibitions = ExhibitionPage.objects.annotate(waiting=Count("opinions", filter=waits))
    return [
        (each, each.waiting)
        for each in exhibitions.filter(waiting__gt=0).order_by("-pk")
        if each.permissions_for_user(user).can_edit()
    ]


def _group_of(where: Standing) -> int | None:
    """The number of the group whose members decide now."""
    return where.steps[where.step]["group"] if where.step_name else None


def next_openings(user: User) -> list[ExhibitionPage]:
    """The exhibitions ``user`` may look at which the clock opens next, the soonest first."""
    now = timezone.now()
    coming = with_decision(ExhibitionPage.objects.filter(alias_of=None)).filter(
        Q(opens_at__gt=now) | Q(decision_opens_at__gt=now)
    )
    if not may_open(user):
        coming = coming.filter(pk__in=pages_seen_by(user).values("pk"))
    waiting = [
        (moment, each.pk, each)
        for each in coming
        if state_of(each, now) is OpeningState.ANNOUNCED and (moment := opening_moment(each))
    ]
    return [each for _moment, _pk, each in sorted(waiting)[:SOONEST]]
