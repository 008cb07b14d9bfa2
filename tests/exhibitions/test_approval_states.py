"""Whoever does whatever in whichever order: nobody sees what may not be seen."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test.utils import override_settings
from wagtail.models import Collection, Locale, Page, Site

from core.clockwork import resume_interrupted_jobs
from exhibitions import approval
from exhibitions.approval import standing
from exhibitions.models import ApprovalState, ExhibitionPage, Opening
from home.roles import Role
from tests import factories
from tests.exhibitions.approval_machine import (
    MORNING,
    STEPS,
    Clock,
    Machine,
    Office,
    Watch,
    make_killable,
    make_office,
    newest_submission,
    tokens_in,
)

pytestmark = pytest.mark.django_db

IN_THE_QUEUE = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "jobs": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
}


def make_portal() -> Office:
    Locale.objects.get_or_create(language_code="vi")
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    for page in root.get_children():
        page.delete()
    home = factories.HomePageFactory(parent=Page.objects.get(pk=root.pk))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "testserver", "port": 80, "root_page": home},
    )
    Site.clear_site_root_paths_cache()
    factories.SearchPageFactory(parent=home)
    return make_office(factories.ExhibitionIndexPageFactory(parent=home))


@pytest.fixture(scope="module")
def morning(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Office, Path]]:
    """Made once, in a transaction that is never committed; a test's own lies within it."""
    pictures = tmp_path_factory.mktemp("morning") / "h"
    with django_db_blocker.unblock():
        with transaction.atomic():
            with (
                override_settings(TASKS=IN_THE_QUEUE, RENDITIONS_ROOT=pictures),
                pytest.MonkeyPatch.context() as patched,
            ):
                patched.setattr("django.utils.timezone.now", Clock())
                made = make_portal()
            yield made, pictures
            transaction.set_rollback(True)
        Site.clear_site_root_paths_cache()
        cache.clear()


@pytest.fixture
def office(
    morning: tuple[Office, Path], settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Office:
    """The office as it stands in the morning, with a clock of its own."""
    made, pictures = morning
    settings.TASKS = IN_THE_QUEUE
    settings.RENDITIONS_ROOT = shutil.copytree(pictures, tmp_path / "h")
    cache.clear()
    office = replace(made, clock=Clock(), secrets={})
    monkeypatch.setattr("django.utils.timezone.now", office.clock)
    make_killable(office, lambda name, value: monkeypatch.setattr(approval, name, value))
    return office


def run(office: Office, seed: int, actions: int, *, everywhere_each: int) -> Counter[str]:
    """Do what is drawn by ``seed``; a failure tells all that was done until then.

    After each action some addresses are looked at, after some actions all of them. Gives
    how often what was seen.
    """
    machine = Machine(office, Random(seed))
    watch = Watch(office, Random(seed))
    try:
        for number in range(1, actions + 1):
            machine.step()
            watch.look(everywhere=number % everywhere_each == 0)
    except Exception as error:
        error.add_note(f"seed {seed}:\n" + "\n".join(machine.said))
        raise
    return watch.counts


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_nobody_sees_what_is_hidden_or_not_approved(
    office: Office, seed: int
) -> None:
    assert run(office, seed, 20, everywhere_each=20)["items seen"]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 200))
def test_whatever_is_done_for_long_nobody_sees_what_is_hidden_or_not_approved(
    office: Office, seed: int
) -> None:
    assert run(office, seed, 40, everywhere_each=10)["items seen"]


# The server ends in the middle of it


PAGES = 8
"""Of the exhibition that is being made: itself, two Parts and five items."""


def state_of_the_draft(office: Office) -> ApprovalState:
    return standing(ExhibitionPage.objects.get(pk=office.draft.pk)).state


def is_read(office: Office, exhibition: ExhibitionPage) -> bool:
    """Whether a visitor is shown the second item, which is cleared."""
    item = office.items_of(exhibition)[1]
    return office.visitor.get(item.get_url()).status_code == 200


@pytest.mark.parametrize("published", [0, 3, PAGES], ids=["at first", "half-way", "at the end"])
def test_a_publication_that_was_killed_shows_nothing_and_then_exactly_what_was_reviewed(
    office: Office, published: int
) -> None:
    watch = Watch(office, Random(0))
    office.put_through(office.draft)
    assert state_of_the_draft(office) is ApprovalState.PUBLISHING
    office.clock.put(timedelta(hours=4))
    for pages in (published, 0):
        office.pages_before_the_kill = pages
        assert office.work() == "killed"
        watch.look(everywhere=pages == published)
        assert not is_read(office, office.draft)
        resume_interrupted_jobs()
    office.begin_anew()
    assert state_of_the_draft(office) is ApprovalState.PUBLISHED
    watch.look(everywhere=True)
    assert is_read(office, office.draft)


def test_what_a_script_saved_past_the_lock_is_not_published(office: Office) -> None:
    watch = Watch(office, Random(0))
    office.put_through(office.draft)
    watch.look()
    unseen = office.items_of(office.draft)[1]
    unseen.caption = office.words("Chưa ai duyệt")
    unseen.save_revision()
    office.clock.put(timedelta(hours=4))
    office.begin_anew()
    watch.look(everywhere=True)
    assert is_read(office, office.draft)


def test_an_opening_is_not_lost_when_the_server_starts_again_at_its_minute(
    office: Office,
) -> None:
    watch = Watch(office, Random(0))
    office.put_through(office.draft)
    office.work()
    opens_at = ExhibitionPage.objects.get(pk=office.draft.pk).opens_at
    assert opens_at is not None
    office.clock.now = opens_at - timedelta(seconds=1)
    office.begin_anew()
    assert not is_read(office, office.draft)
    office.clock.now = opens_at
    assert is_read(office, office.draft), "no process has done anything since"
    office.begin_anew()
    watch.look()
    assert is_read(office, office.draft)
    assert not Opening.objects.exists()


def test_what_was_on_its_way_at_the_opening_minute_opens_as_soon_as_it_is_whole(
    office: Office,
) -> None:
    watch = Watch(office, Random(0))
    office.put_through(office.draft)
    office.pages_before_the_kill = 5
    assert office.work() == "killed"
    for minutes in (179, 180, 200):
        office.clock.now = MORNING + timedelta(minutes=minutes)
        watch.look()
        assert not is_read(office, office.draft)
    office.begin_anew()
    watch.look()
    assert is_read(office, office.draft)


# The clock jumps


JUMPS = (59, 60, 30, 119, 120, 90, 5000, 59, 119, -5000, 60, 120, 0)
"""Minutes since the morning, in this order: forward and back over opening and closing."""


def test_by_a_clock_that_jumps_it_opens_and_closes_at_its_hours_and_at_no_others(
    office: Office,
) -> None:
    hours = {"opens_at": MORNING + timedelta(hours=1), "closes_at": MORNING + timedelta(hours=2)}
    shown = ExhibitionPage.objects.get(pk=office.shown.pk)
    for name, value in {**hours, "readable_after_closing": False}.items():
        setattr(shown, name, value)
    shown.save_revision().publish()
    office.put_through(office.draft)
    office.work()
    watch = Watch(office, Random(0))
    office.take_step(Role.APPROVER, office.draft, "hoan")
    for minutes in JUMPS:
        office.clock.now = MORNING + timedelta(minutes=minutes)
        office.do_duties()
        watch.look()
        assert is_read(office, office.shown) == (60 <= minutes < 120), minutes
        assert not is_read(office, office.draft), "it was put off"


def test_what_was_opened_on_stage_stays_open_when_the_clock_is_put_right(office: Office) -> None:
    office.put_through(office.draft)
    office.work()
    office.clock.now = MORNING + timedelta(minutes=30)
    office.take_step(Role.APPROVER, office.draft, "khai-truong")
    for minutes in (30, 20, -600, 30, 5000):
        office.clock.now = MORNING + timedelta(minutes=minutes)
        office.do_duties()
        assert is_read(office, office.draft), minutes


# The mail server is down


@pytest.mark.failing_task
def test_without_mail_all_decisions_are_made_and_each_is_found_on_the_first_page(
    office: Office,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def down(*_args: Any, **_options: Any) -> None:
        raise OSError("connection refused")

    settings.TASKS = {**IN_THE_QUEUE, "jobs": IN_THE_QUEUE["default"]}
    monkeypatch.setattr(approval, "send_mail", down)

    def first_page(role: Role) -> str:
        return str(office.get(role, "wagtailadmin_home").content.decode())

    (token,) = tokens_in(office.draft.title)
    steps = iter(STEPS)
    assert office.approval(Role.EDITOR, office.draft, "submit").status_code == 302
    submission = newest_submission(office.draft)
    assert submission is not None
    first, second = next(steps), next(steps)
    assert token in first_page(first)
    assert office.decide(first, submission, "dong-y").status_code == 302
    assert token in first_page(second)
    assert office.decide(second, submission, "tra-lai").status_code == 302
    assert state_of_the_draft(office) is ApprovalState.RETURNED
    assert token in first_page(Role.EDITOR)
    written = [each for each in caplog.records if "tell_where_it_stands" in each.getMessage()]
    assert sum(each.levelname == "ERROR" for each in written) == 3
