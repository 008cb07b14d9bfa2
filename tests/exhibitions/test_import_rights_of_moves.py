"""Items that a list moves: the check refuses what importing it would, a new Part no less."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.utils.translation import gettext
from wagtail.models import GroupPagePermission, Page

from core.models import User
from exhibitions.importing import jobs
from exhibitions.importing.plan import Plan, Verdict
from exhibitions.models import ApprovalStep, Import, ItemPage, PartPage
from tests import factories
from tests.exhibitions.desk import Desk
from tests.exhibitions.lists import address, begin, carry_out, workbook
from tests.exhibitions.test_admin_approval import browser
from tests.exhibitions.test_admin_clearance import staff

pytestmark = pytest.mark.django_db

HEADINGS = ("Ký hiệu trưng bày", "Phần", "Mục trong Phần", "Tên tài liệu")
NEW_PART = "Những lá thư gửi từ mặt trận"
"""A Part the exhibition does not have."""
NEW_SECTION = "Thư của các chiến sĩ"
WORKING = ("add_page", "change_page")


def publish(*items: ItemPage) -> None:
    Page.objects.filter(pk__in=[item.pk for item in items]).update(live=True)


def let_publish(person: User, page: Page) -> None:
    """Let ``person`` publish below ``page`` as well."""
    permission = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=person.groups.get(), page=page, permission=permission)


def a_list(desk: Desk, by: User, item: ItemPage, part: str, section: str = "") -> Import:
    """A list by which ``item`` comes into another Part."""
    rows = [[item.reference, part, section, item.title]]
    return begin(desk.fresh(), by, workbook(rows, HEADINGS))


def told(job: Import, by: User) -> Plan:
    return jobs.check(job, User.objects.get(pk=by.pk)).plan


def may_really(person: User, item: ItemPage, above: Page) -> bool:
    """Whether ``person`` may move ``item`` into a Part made in ``above``, asked of a real one."""
    above = type(above).objects.get(pk=above.pk)
    part = factories.PartPageFactory(parent=above, live=False, owner=person)
    tester = ItemPage.objects.get(pk=item.pk).permissions_for_user(User.objects.get(pk=person.pk))
    may = tester.can_move() and tester.can_move_to(part)
    part.delete()
    return bool(may)


def test_what_is_published_comes_into_no_new_part_while_there_is_approval(desk):
    item = desk.items[0]
    publish(item)
    job = a_list(desk, desk.editor, item, NEW_PART)
    plan = told(job, desk.editor)
    (row,) = plan.rows
    assert row.verdict is Verdict.BLOCKED
    (problem,) = row.problems
    assert problem.text == gettext("You may not move this item to that Part.")
    assert not plan.seen_at_once
    page = browser(desk.editor).get(address("check", job)).content
    text = " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())
    assert gettext("Parts that will be made:") not in text
    assert "Published items change their place" not in text


def test_a_part_is_said_to_be_made_for_the_rows_that_may_come_into_it(desk):
    public, draft = desk.items[:2]
    publish(public)
    rows = [[each.reference, NEW_PART, NEW_SECTION, each.title] for each in (public, draft)]
    job = begin(desk.fresh(), desk.editor, workbook(rows, HEADINGS))
    plan = told(job, desk.editor)
    assert [row.verdict for row in plan.rows] == [Verdict.BLOCKED, Verdict.CHANGED]
    # The section is made in a Part of which no row says that it comes into it itself.
    assert [part.title for part in plan.parts] == [NEW_PART, NEW_SECTION]
    carry_out(job, desk.editor)
    above = ItemPage.objects.get(pk=draft.pk).get_parent()
    assert (above.title, above.get_parent().title) == (NEW_SECTION, NEW_PART)
    assert ItemPage.objects.get(pk=public.pk).get_parent().pk == desk.parts[0].pk


def test_a_draft_comes_into_a_new_part_while_there_is_approval(desk):
    job = a_list(desk, desk.editor, desk.items[0], NEW_PART)
    assert told(job, desk.editor).rows[0].verdict is Verdict.CHANGED
    carry_out(job, desk.editor)
    assert ItemPage.objects.get(pk=desk.items[0].pk).get_parent().title == NEW_PART


@pytest.mark.parametrize("approval", [True, False])
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("who", ["editor", "opener", "helper", "of-parts", "superuser"])
@pytest.mark.parametrize("section", ["", NEW_SECTION])
def test_the_check_allows_the_moves_that_importing_would(desk, who, live, approval, section):
    if not approval:
        ApprovalStep.objects.all().delete()
    item = desk.items[0]
    if live:
        publish(item)
    match who:
        case "editor":
            person = desk.editor
        case "opener":
            rights = (*WORKING, "publish_page")
            person = staff("mo-cua", desk.exhibition, "open_exhibition", on_pages=rights)
        case "helper":
            person = staff("giup-viec", desk.exhibition, on_pages=WORKING)
        case "of-parts":
            person = staff("tung-phan", desk.exhibition, on_pages=WORKING)
            for part in desk.parts:
                let_publish(person, part)
        case _:
            person = factories.UserFactory(is_superuser=True)
    above = desk.parts[1] if section else desk.exhibition
    expected = may_really(person, item, above)
    part = desk.parts[1].title if section else NEW_PART
    job = a_list(desk, person, item, part, section)
    (row,) = told(job, person).rows
    assert (row.verdict is Verdict.CHANGED) is expected, row.problems
    if expected:
        carry_out(job, person)
        moved = ItemPage.objects.get(pk=item.pk).get_parent()
        assert moved.title == (section or NEW_PART)
        assert moved.get_parent().pk == above.pk
    else:
        assert PartPage.objects.count() == len(desk.parts)


def test_whoever_may_move_nothing_is_told_so_of_a_new_part_and_of_one_that_is_there(desk):
    ApprovalStep.objects.all().delete()
    item = desk.items[0]
    publish(item)
    helper = staff("giup-viec", desk.exhibition, on_pages=WORKING)
    for part in (NEW_PART, desk.parts[1].title):
        plan = told(a_list(desk, helper, item, part), helper)
        assert [problem.code for problem in plan.rows[0].problems] == ["no_move"]
