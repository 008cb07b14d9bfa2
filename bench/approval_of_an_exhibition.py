"""What the steps of approval cost for an exhibition of 400 items, beside publishing them singly.

    python -m bench.approval_of_an_exhibition

Exhibitions of 100 and of 400 items, each with a picture, go from the editor's desk to the
public in this process: looked through, listed for Word and Excel, cleared as a list,
submitted, published by the task. Beside it the same number of items is published one by
one, as the editor's button does. Printed are seconds, the growth from 100 to 400, and the
peak of memory. Exit code 1 when a step takes as long as a request may, when it grows faster
than the number of items, or when the task takes longer than the button does.
"""

# Django has to be set up, with the settings of the benchmarks, before models are imported.
# ruff: noqa: E402

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.usual_wagtail.settings"

import django

django.setup()

from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Page, Site

from core.models import User
from exhibitions.admin.approval import submitted_rows
from exhibitions.approval import approve, publish_submission, standing, submit
from exhibitions.clearance import ClearanceDecision, grant_list
from exhibitions.display_list import display_list
from exhibitions.display_list_files import as_docx, as_xlsx
from exhibitions.models import (
    ApprovalState,
    ApprovalStep,
    ExhibitionIndexPage,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    Submission,
)
from tests import factories

SIZES = (100, 400)
REQUEST_TIMEOUT = 30
"""Seconds after which a server gives up on a request."""
GROWTH = SIZES[1] / SIZES[0] * 1.5
"""Four times the items may cost a little more than four times as much: the machine is shared."""
ITEMS_A_PART = 50

Steps = dict[str, float]


def portal() -> ExhibitionIndexPage:
    """An empty portal with a list of exhibitions."""
    call_command("migrate", verbosity=0)
    for page in Page.objects.get(depth=1).get_children():
        page.delete()
    home = factories.HomePageFactory(parent=Page.objects.get(depth=1))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home}
    )
    return factories.ExhibitionIndexPageFactory(parent=home)


def desk(index: ExhibitionIndexPage, size: int) -> ExhibitionPage:
    """A draft exhibition of ``size`` items, each with a picture, a source and a saved version."""
    exhibition = factories.ExhibitionPageFactory(parent=index, live=False)
    image = factories.CustomImageFactory()
    source = factories.OrganisationFactory()
    for start in range(0, size, ITEMS_A_PART):
        part = factories.PartPageFactory(parent=exhibition, live=False)
        part.save_revision()
        for number in range(start, start + ITEMS_A_PART):
            item = factories.ItemPageFactory(
                parent=part,
                live=False,
                reference=f"LS-{exhibition.pk}-{number}",
                source_organisation=source,
                date="1948",
            )
            item.media.add(ItemMedium(image=image, alt_text="Trang 1 (mẫu)"))
            item.save_revision()
    exhibition.save_revision()
    return ExhibitionPage.objects.get(pk=exhibition.pk)


def timed(steps: Steps, name: str, work: Callable[[], object]) -> None:
    """Do ``work`` and note the seconds it took."""
    started = time.perf_counter()
    work()
    steps[name] = time.perf_counter() - started


def whole_way(exhibition: ExhibitionPage, leader: User) -> Steps:
    """The exhibition from the desk to the public; seconds by step."""
    steps: Steps = {}
    parts = display_list(exhibition)
    decision = ClearanceDecision("15/QĐ-SNV", date(2026, 11, 20))
    numbers = {item.page for part in parts for item in part.items}
    heading = {"parent_body": "UBND tỉnh (mẫu)", "agency": "Sở Nội vụ (mẫu)"}
    timed(
        steps,
        "list for Word",
        lambda: as_docx(
            display_list(exhibition),
            exhibition=exhibition.title,
            on=date(2026, 11, 20),
            **heading,
        ),
    )
    timed(
        steps,
        "list for Excel",
        lambda: as_xlsx(display_list(exhibition), exhibition=exhibition.title),
    )
    timed(
        steps,
        "list cleared",
        lambda: grant_list(exhibition, numbers, by=leader, decision=decision),
    )
    timed(steps, "submitted", lambda: submit(exhibition, by=leader))
    submission = newest(exhibition)
    timed(steps, "looked through", lambda: submitted_rows(submission))
    timed(steps, "approved", lambda: approve(submission, by=leader, seen=0))
    timed(steps, "published by the task", lambda: publish_submission.call(submission.pk))
    fresh = ExhibitionPage.objects.get(pk=exhibition.pk)
    if standing(fresh).state is not ApprovalState.PUBLISHED:
        raise RuntimeError("The exhibition was not published.")
    return steps


def newest(exhibition: ExhibitionPage) -> Submission:
    """What was just submitted."""
    submission = standing(exhibition).submission
    if submission is None:
        raise RuntimeError("The exhibition was not submitted.")
    return submission


def published_singly(exhibition: ExhibitionPage) -> float:
    """Seconds for publishing every item by itself, the newest version loaded anew each time."""
    started = time.perf_counter()
    for item in ItemPage.objects.filter(path__startswith=exhibition.path):
        item.get_latest_revision().publish()
    return time.perf_counter() - started


def main() -> int:
    """Build, walk, publish singly, print."""
    index = portal()
    group = Group.objects.create(name="Lãnh đạo của phép đo")
    leader = factories.UserFactory(is_superuser=True)
    leader.groups.add(group)
    baseline = published_singly(desk(index, SIZES[1]))
    ApprovalStep.objects.create(position=1, name="Lãnh đạo", group=group)
    found = {}
    peaks = {}
    for size in SIZES:
        found[size] = whole_way(desk(index, size), leader)
        peaks[size] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    small, large = found[SIZES[0]], found[SIZES[1]]
    missed = False
    print(f"{'seconds':24}{SIZES[0]:>9}{SIZES[1]:>9}{'growth':>9}")
    for name, seconds in large.items():
        growth = seconds / small[name]
        # What takes no time at all has no growth to speak of.
        late = seconds > REQUEST_TIMEOUT or (seconds > 1 and growth > GROWTH)
        missed = missed or late
        print(f"{name:24}{small[name]:9.2f}{seconds:9.2f}{growth:9.1f}{' missed' if late else ''}")
    task = large["published by the task"]
    slower = task > baseline * 1.5
    print(f"published singly        {'':9}{baseline:9.2f}   task / singly {task / baseline:.2f}")
    print(f"peak of memory, MB      {peaks[SIZES[0]]:9.0f}{peaks[SIZES[1]]:9.0f}")
    return int(missed or slower)


if __name__ == "__main__":
    sys.exit(main())
