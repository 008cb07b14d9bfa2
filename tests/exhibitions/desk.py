"""An exhibition on the editor's desk: not published, with steps of approval and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.contrib.auth.models import Group

from core.models import User
from exhibitions.approval import approve, standing, submit
from exhibitions.models import (
    ApprovalStep,
    ExhibitionIndexPage,
    ExhibitionPage,
    ItemPage,
    PartPage,
    Submission,
)
from tests import factories
from tests.exhibitions.test_admin_clearance import staff

STEPS = ("Trưởng phòng", "Giám đốc Trung tâm")
FIRST_CONTENT = "Bản đã trình"


@dataclass
class Desk:
    """A draft exhibition with two Parts of two cleared items each, and who works on it."""

    exhibition: ExhibitionPage
    parts: list[PartPage]
    items: list[ItemPage]
    editor: User
    leaders: list[User] = field(default_factory=list)
    """One for each step, in order."""

    def fresh(self) -> ExhibitionPage:
        return ExhibitionPage.objects.get(pk=self.exhibition.pk)

    def submission(self) -> Submission:
        newest = standing(self.fresh()).submission
        assert newest is not None
        return newest

    def submit(self) -> Submission:
        assert submit(self.fresh(), by=self.editor) == []
        return self.submission()

    def approve_all(self) -> Submission:
        """Submit, and approve at every step; the task is left to the test."""
        submission = self.submit()
        for number, leader in enumerate(self.leaders):
            assert approve(submission, by=leader, seen=number) == []
        return submission

    def edit(self, item: ItemPage, caption: str) -> ItemPage:
        """Save a draft, as the editor does."""
        fresh = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
        fresh.caption = caption
        fresh.save_revision(user=self.editor)
        return ItemPage.objects.get(pk=item.pk)


def make_steps(*names: str) -> list[User]:
    """Steps of approval, each with a group of its own and one leader in it."""
    leaders = []
    for position, name in enumerate(names, start=1):
        group, _made = Group.objects.get_or_create(name=name)
        ApprovalStep.objects.create(position=position, name=name, group=group)
        leader = factories.UserFactory(username=f"{position}-{group.pk}")
        leader.groups.add(group)
        leaders.append(leader)
    return leaders


def make_desk(
    index: ExhibitionIndexPage, opens_at: datetime | None = None, name: str = "bientap"
) -> Desk:
    exhibition = factories.ExhibitionPageFactory(
        parent=index, title="Cụm 7 thi đua yêu nước", opens_at=opens_at, live=False
    )
    parts = [factories.PartPageFactory(parent=exhibition, live=False) for _number in range(2)]
    items = [
        factories.cleared_item(
            part, live=False, reference=f"LS-{2 * place + number}", caption=FIRST_CONTENT
        )
        for place, part in enumerate(parts)
        for number in range(2)
    ]
    for page in (exhibition, *parts, *items):
        page.save_revision()
    editor = staff(
        name, index, "submit_exhibition", on_pages=("add_page", "change_page", "publish_page")
    )
    return Desk(exhibition, parts, items, editor)


@pytest.fixture
def desk(exhibition_index: ExhibitionIndexPage) -> Desk:
    """The desk, with two steps of approval."""
    made = make_desk(exhibition_index, opens_at=factories.LONG_AGO)
    made.leaders = make_steps(*STEPS)
    return made
