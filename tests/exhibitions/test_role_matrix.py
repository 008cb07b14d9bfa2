"""Every role tries everything in the admin, on items and exhibitions at each stage.

A cell of the matrix is one person who tries one thing on one object, by the address and the
form of the admin. It shows that what was tried came about exactly where the table
(tests/exhibitions/role_matrix.py) says so, that a refusal changes nothing and says so in
Vietnamese, and that nothing the public may not see can be seen afterwards.

The portal is made once; every cell is rolled back to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, GroupPagePermission, Locale, Page, Revision, Site
from wagtail.test.utils.form_data import querydict_from_html

from core.models import Organisation, RoleChange, User
from core.roles import apply
from core.scheduling import publish_due_pages
from exhibitions.approval import approve, submit
from exhibitions.cooperation import hand_over
from exhibitions.models import (
    ApprovalDecision,
    ApprovalStep,
    Clearance,
    ClearanceState,
    ExhibitionIndexPage,
    ExhibitionPage,
    ItemPage,
    Opening,
    OpeningState,
    PartPage,
    PreviewLink,
    Submission,
    SubmissionScope,
    Verdict,
)
from exhibitions.preview_links import make_link
from home.models import HomePage
from home.roles import TABLE, Role, group_of
from tests import factories
from tests.exhibitions.role_matrix import (
    DRAFT_OF,
    WHO_MAY,
    Action,
    Hall,
    Item,
    Thing,
    Who,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

MARK = "khuatkin"
"""A word in every title the public may not see."""
ON_DISPLAY = "hienlo"
"""A word in the title of the one item it sees."""
COPY, COPY_SLUG = f"Bản sao {MARK}", "ban-sao"
VIETNAMESE = re.compile("[ăâđêôơưạ-ỹ]")
OLDER, STORED, TYPED = "Chú thích cũ", "Chú thích đang lưu", "Chú thích vừa gõ"

ROLES = {
    Who.EDITOR: Role.EDITOR,
    Who.COOPERATING: Role.COOPERATING_EDITOR,
    Who.HEAD: Role.HEAD_OF_DIVISION,
    Who.DIRECTOR: Role.DIRECTOR_OF_THE_CENTRE,
    Who.APPROVER: Role.APPROVER,
    Who.CLERK: Role.CLERK,
    Who.ADMINISTRATOR: Role.ADMINISTRATOR,
}
ABOUT_VISITS = ("django_session", "wagtailcore_pagesubscription", "wagtailadmin_editingsession")
STEPS = (Who.HEAD, Who.DIRECTOR, Who.APPROVER)


@dataclass
class Place:
    """An exhibition with a Part of the cooperating editor's and another one."""

    exhibition: ExhibitionPage
    handed_over: PartPage
    kept: PartPage
    cleared: ItemPage
    """Of the Part that was handed over, as is the next."""
    uncleared: ItemPage
    beside: ItemPage
    """Of the Part that was kept, cleared; the next is not."""
    uncleared_beside: ItemPage

    @property
    def items(self) -> tuple[ItemPage, ...]:
        return self.cleared, self.uncleared, self.beside, self.uncleared_beside


@dataclass
class World:
    """The portal of an office: a place for each stage an exhibition passes through."""

    archive: Organisation
    places: dict[Hall, Place] = field(default_factory=dict)
    people: dict[Who, User] = field(default_factory=dict)
    sessions: dict[Who, str] = field(default_factory=dict)
    """The cookie of each who is signed in."""
    forms: dict[int, dict[str, str]] = field(default_factory=dict)
    """What the editor of an item sends, by its page number."""
    older: dict[int, int] = field(default_factory=dict)
    """The number of an item's first version, by its page number."""
    decided: dict[str, list[Any]] = field(default_factory=dict)
    """What stands decided before each cell."""
    newest_submission: int = 0
    newest_decision: int = 0

    @property
    def apart(self) -> PartPage:
        """Another Part of the exhibition being prepared, of the department's own."""
        return self._spare("Phần nữa của Sở")

    @property
    def own_too(self) -> PartPage:
        """Another Part of it that was handed to the cooperating editor's organisation."""
        return self._spare("Phần phối hợp nữa")

    def _spare(self, title: str) -> PartPage:
        below = PartPage.objects.filter(path__startswith=self.places[Hall.PREPARED].exhibition.path)
        return below.get(title=title)

    def item(self, which: Item) -> ItemPage:
        prepared, shown = self.places[Hall.PREPARED], self.places[Hall.OPEN]
        return {
            Item.OWN: prepared.cleared,
            Item.OTHER: prepared.beside,
            Item.SUBMITTED: self.places[Hall.FIRST].cleared,
            Item.APPROVED: self.places[Hall.APPROVED].cleared,
            Item.OPEN: shown.cleared,
            Item.UNCLEARED: shown.uncleared,
        }[which]

    def browser(self, who: Who) -> Client:
        """A browser in which ``who`` is signed in, and nothing has been said yet."""
        client = Client()
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def waiting_beside(self, item: ItemPage) -> ItemPage:
        """The item beside a cleared one that nobody has cleared; else the item itself."""
        for place in self.places.values():
            if item == place.cleared:
                return place.uncleared
            if item == place.beside:
                return place.uncleared_beside
        return item

    def submission_of(self, place: Place) -> Submission:
        [submission] = place.exhibition.submissions.filter(pk__lte=self.newest_submission)
        assert isinstance(submission, Submission)
        return submission


# The world


def make_home() -> HomePage:
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
    return home


def make_people(world: World) -> None:
    factories.UserFactory(username=Who.SUPERUSER.value, is_superuser=True)
    for who, role in ROLES.items():
        own = {"organisation": world.archive} if who is Who.COOPERATING else {}
        factories.UserFactory(username=who.value, **own)
        group_of(role).user_set.add(User.objects.get(username=who.value))
    world.people = {who: User.objects.get(username=who.value) for who in Who if who != Who.VISITOR}
    for position, who in enumerate(STEPS, start=1):
        group = group_of(ROLES[who])
        ApprovalStep.objects.create(position=position, name=group.name, group=group)


def make_place(world: World, index: ExhibitionIndexPage, hall: Hall) -> Place:
    live = hall in (Hall.ANNOUNCED, Hall.OPEN)
    opens_at = factories.LONG_AGO
    if hall is Hall.ANNOUNCED:
        opens_at = timezone.now() + timedelta(days=3)
    exhibition = factories.ExhibitionPageFactory(
        parent=index, title=f"Triển lãm {hall}", opens_at=opens_at, live=live
    )
    handed_over, kept = (
        factories.PartPageFactory(
            parent=exhibition, title=f"{name} {hall}", contributor=organisation, live=live
        )
        for name, organisation in (
            ("Phần phối hợp", world.archive),
            ("Phần của Sở", factories.OrganisationFactory()),
        )
    )
    items: list[ItemPage] = []
    for part in (handed_over, kept):
        for cleared in (True, False):
            number = len(items)
            seen = hall is Hall.OPEN and cleared
            item = factories.ItemPageFactory(
                parent=part,
                title=f"Tài liệu {ON_DISPLAY if seen else MARK} {hall} {number}",
                reference=f"LS-{hall}-{number}",
                caption=OLDER,
                live=live,
            )
            if cleared:
                factories.clear(item)
            items.append(item)
    pages: list[Any] = [exhibition, handed_over, kept, *items]
    for page in pages:
        page.save_revision()
        if isinstance(page, ItemPage):
            page.caption = STORED
        newest = page.save_revision()
        if live:
            newest.publish()
            if hall is Hall.OPEN and isinstance(page, ItemPage):
                page.refresh_from_db()
                page.save_revision()
    assert hand_over(handed_over, by=world.people[Who.HEAD]) == []
    return Place(exhibition, handed_over, kept, *items)


def bring_to(world: World, place: Place, hall: Hall) -> None:
    """Submit ``place``, and have it approved as far as ``hall`` says."""
    exhibition = ExhibitionPage.objects.get(pk=place.exhibition.pk)
    assert submit(exhibition, by=world.people[Who.EDITOR]) == []
    [submission] = exhibition.submissions.all()
    approved = {Hall.FIRST: 0, Hall.SECOND: 1, Hall.LAST: 2, Hall.APPROVED: 3}[hall]
    for number, who in enumerate(STEPS[:approved]):
        assert approve(submission, by=world.people[who], seen=number) == []


def sign_in(world: World) -> None:
    for who, user in world.people.items():
        client = Client()
        client.force_login(user)
        world.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value


def read_forms(world: World) -> None:
    """What the editor's form sends when nothing is changed in it."""
    reader = world.browser(Who.SUPERUSER)
    for which in Item:
        item = world.item(which)
        world.older[item.pk] = item.revisions.order_by("pk").first().pk
        edit = reverse("wagtailadmin_pages:edit", args=[item.pk])
        html = reader.get(edit).content.decode()
        world.forms[item.pk] = querydict_from_html(html, form_id="page-edit-form").dict()


def make_world() -> World:
    home = make_home()
    index = factories.ExhibitionIndexPageFactory(parent=home)
    apply(TABLE)
    archive = "Trung tâm Lưu trữ lịch sử tỉnh Sơn La"
    factories.OrganisationFactory(name=archive)
    world = World(Organisation.objects.get(name=archive))
    make_people(world)
    for hall in Hall:
        place = world.places[hall] = make_place(world, index, hall)
        if hall in (Hall.FIRST, Hall.SECOND, Hall.LAST, Hall.APPROVED):
            bring_to(world, place, hall)
        editor = world.people[Who.EDITOR]
        make_link(place.exhibition, by=editor, for_whom="Giám đốc Sở", days=7)
        refresh(place)
    prepared = world.places[Hall.PREPARED].exhibition
    for title in ("Phần nữa của Sở", "Phần phối hợp nữa"):
        part = factories.PartPageFactory(
            parent=prepared, title=title, contributor=world.archive, live=False
        )
        part.save_revision()
    assert hand_over(world.own_too, by=world.people[Who.HEAD]) == []
    world.newest_submission = max(Submission.objects.values_list("pk", flat=True))
    world.newest_decision = max(ApprovalDecision.objects.values_list("pk", flat=True))
    sign_in(world)
    read_forms(world)
    world.decided = decided()
    return world


def refresh(place: Place) -> None:
    """Every page of ``place`` as it stands in the database at the beginning of each cell."""
    for page in (place.exhibition, place.handed_over, place.kept, *place.items):
        page.refresh_from_db()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once, in a transaction that is never committed; a test's own lies within it."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield make_world()
            transaction.set_rollback(True)
        Site.clear_site_root_paths_cache()
        cache.clear()


# What stands in the database


def decided() -> dict[str, list[Any]]:
    """What is published, locked, due and decided. Drafts are left out."""
    pages = Page.objects.order_by("pk")
    published = ("pk", "path", "title", "live_revision", "expired", "alias_of")
    rights = GroupPagePermission.objects.order_by("pk")
    due = Revision.objects.filter(approved_go_live_at__isnull=False)
    kept = (Clearance, Submission, ApprovalDecision, Opening, RoleChange)
    return {
        "published": list(pages.filter(live=True).values_list(*published)),
        "locked": list(pages.filter(locked=True).values_list("pk", "locked_by")),
        "due": list(due.order_by("pk").values_list("pk", "approved_go_live_at")),
        "links": list(PreviewLink.objects.order_by("pk").values_list("pk", "revoked_at")),
        "rights": list(rights.values_list("group", "page", "permission")),
        **{model.__name__: list(model.objects.order_by("pk").values_list("pk")) for model in kept},
    }


@contextmanager
def watching_what_is_written() -> Iterator[list[str]]:
    """Collects the statements that write into the database, less what is kept about visits."""
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_kept_about_visits = any(f'"{table}"' in sql for table in ABOUT_VISITS)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not is_kept_about_visits:
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield written


# What the public sees

PUBLIC = Client()


def is_at_its_address(item: Page) -> bool:
    return PUBLIC.get(Page.objects.get(pk=item.pk).get_url()).status_code != 404


def is_named(item: ItemPage, address: str) -> bool:
    answer = PUBLIC.get(address)
    return answer.status_code == 200 and f"/{item.slug}/" in answer.content.decode()


def where_it_would_be_named(world: World) -> tuple[str, str]:
    """What the search finds, and the list of items of the Part on display."""
    return f"/tim-kiem/?q={MARK}", world.places[Hall.OPEN].handed_over.get_url()


def seen_by_the_public(world: World, tried: Iterable[ItemPage]) -> set[str]:
    """The titles with MARK that a visitor comes upon; none when all is well.

    Asked for are the addresses of ``tried`` and of a copy, the search, and the list of items
    of the Part on display.
    """
    every = [item for place in world.places.values() for item in place.items]
    named = {item.title: item.slug for item in every if MARK in item.title} | {COPY: COPY_SLUG}
    there = Page.objects.filter(Q(pk__in=[item.pk for item in tried]) | Q(title=COPY))
    found = {page.title for page in there if page.title in named and is_at_its_address(page)}
    for address in where_it_would_be_named(world):
        answer = PUBLIC.get(address)
        html = answer.content.decode() if answer.status_code == 200 else ""
        found |= {title for title, slug in named.items() if f"/{slug}/" in html}
    return found


# What is tried


@dataclass(frozen=True)
class Attempt:
    """A person who tries something on an object."""

    world: World
    who: Who
    thing: Thing
    action: Action

    @property
    def item(self) -> ItemPage:
        assert isinstance(self.thing, Item)
        return self.world.item(self.thing)

    @property
    def place(self) -> Place:
        assert isinstance(self.thing, Hall)
        return self.world.places[self.thing]

    @property
    def tried(self) -> set[ItemPage]:
        """Items that might be shown by it, and the one that is on display and not cleared."""
        always = {self.world.item(Item.UNCLEARED)}
        if isinstance(self.thing, Item):
            return {*always, self.item}
        if isinstance(self.thing, Hall):
            return {*always, self.place.cleared, self.place.uncleared}
        return always

    def get(self, name: str, *args: Any) -> Any:
        return self.world.browser(self.who).get(reverse(name, args=args))

    def post(self, name: str, *args: Any, query: str = "", **data: Any) -> Any:
        address = reverse(name, args=args)
        return self.world.browser(self.who).post(f"{address}{query}", data)

    def send_form(self, address: str = "edit", *args: Any, **typed: str) -> Any:
        """Send the editor's form of the item as it stands, with what was typed into it."""
        form = {**self.world.forms[self.item.pk], "caption": TYPED, **typed}
        return self.post(f"wagtailadmin_pages:{address}", self.item.pk, *args, **form)

    def in_bulk(self, action: str, page: Page, **data: Any) -> Any:
        query = f"?id={page.pk}&next=/admin/"
        return self.post("wagtail_bulk_action", "wagtailcore", "page", action, query=query, **data)


def hour(**distance: int) -> str:
    """By the clocks of the office, as the form has it."""
    return timezone.localtime(timezone.now() + timedelta(**distance)).strftime("%d/%m/%Y %H:%M")


def let_the_hours_come() -> None:
    """What was set to an hour to come is due now, and the clock does what is due."""
    past = timezone.now() - timedelta(minutes=1)
    for rows, name in (
        (Page.objects.filter(expire_at__isnull=False), "expire_at"),
        (Revision.objects.filter(approved_go_live_at__isnull=False), "approved_go_live_at"),
    ):
        if rows.exists():
            rows.update(**{name: past})
    publish_due_pages()
    call_command("publish_scheduled")


def publish_at(attempt: Attempt) -> Any:
    answer = attempt.send_form(**{"go_live_at": hour(hours=2), "action-publish": "1"})
    let_the_hours_come()
    return answer


def unpublish_at(attempt: Attempt) -> Any:
    answer = attempt.send_form(**{"expire_at": hour(hours=2), "action-publish": "1"})
    let_the_hours_come()
    return answer


def go_back(attempt: Attempt, **button: str) -> Any:
    older = attempt.world.older[attempt.item.pk]
    return attempt.send_form("revisions_revert", older, caption=OLDER, **button)


def copy(attempt: Attempt, **ticked: str) -> Any:
    return attempt.post(
        "wagtailadmin_pages:copy",
        attempt.item.pk,
        new_title=COPY,
        new_slug=COPY_SLUG,
        new_parent_page=attempt.world.places[Hall.PREPARED].handed_over.pk,
        **ticked,
    )


def move(attempt: Attempt, destination: Page) -> Any:
    return attempt.post("wagtailadmin_pages:move_confirm", attempt.item.pk, destination.pk)


def move_in_bulk(attempt: Attempt) -> Any:
    destination = attempt.world.places[Hall.SECOND].handed_over
    return attempt.in_bulk("move", attempt.item, chooser=destination.pk)


def clearance(attempt: Attempt, item: ItemPage, decision: str) -> Any:
    return attempt.post("exhibitions_admin:clearance", item.pk, decision=decision, note="Rà soát")


def approval(attempt: Attempt, action: str, **data: Any) -> Any:
    number = attempt.place.exhibition.pk
    return attempt.post("exhibitions_admin:approval", number, action=action, note="", **data)


def correct(attempt: Attempt) -> Any:
    place = next(each for each in attempt.world.places.values() if attempt.item in each.items)
    return attempt.post(
        "exhibitions_admin:approval",
        place.exhibition.pk,
        action="correct",
        page=attempt.item.pk,
        note="",
    )


def decide(attempt: Attempt, verdict: str) -> Any:
    """Press the button for the step at which the submission waits."""
    submission = attempt.world.submission_of(attempt.place)
    seen = submission.decisions.count()
    return attempt.post(
        "exhibitions_admin:submission", submission.pk, verdict=verdict, seen=seen, note="Xem lại"
    )


def record(attempt: Attempt, verdict: str) -> Any:
    submission = attempt.world.submission_of(attempt.place)
    paper: dict[str, Any] = {
        "on_paper": "1",
        "verdict": verdict,
        "paper-seen": submission.decisions.count(),
        "paper-leader": "Giám đốc (mẫu)",
        "paper-number": "15/QĐ-SNV",
        "paper-decided_on": "20/11/2023",
        "paper-note": "Xem lại",
    }
    return attempt.post("exhibitions_admin:submission", submission.pk, **paper)


def clear_list(attempt: Attempt) -> Any:
    return attempt.post(
        "exhibitions_admin:display_list",
        attempt.place.exhibition.pk,
        item=[item.pk for item in attempt.place.items],
        number="15/QĐ-SNV",
        decided_on="20/11/2023",
        note="",
    )


def take_step(attempt: Attempt, step: str, **data: Any) -> Any:
    return attempt.post("exhibitions_admin:opening_step", attempt.place.exhibition.pk, step, **data)


def set_hour(attempt: Attempt) -> Any:
    hour = timezone.localtime(timezone.now() + timedelta(days=3))
    return take_step(attempt, "gio-khai-mac", opens_at=hour.strftime("%d/%m/%Y %H:%M"))


def preview_links(attempt: Attempt, **data: Any) -> Any:
    return attempt.post("exhibitions_admin:preview_links", attempt.place.exhibition.pk, **data)


def revoke_link(attempt: Attempt) -> Any:
    link = attempt.place.exhibition.preview_links.get()
    return preview_links(attempt, action="revoke", number=link.pk)


def cooperation(attempt: Attempt, part: PartPage, action: str) -> Any:
    return attempt.post("exhibitions_admin:cooperation", part.pk, action=action)


def delete_whole(attempt: Attempt) -> Any:
    """Of many pages the title of the portal has to be typed."""
    number = attempt.place.exhibition.pk
    return attempt.post(
        "wagtailadmin_pages:delete", number, confirm_site_name=settings.WAGTAIL_SITE_NAME
    )


TRY: dict[Action, Callable[[Attempt], Any]] = {
    Action.OPEN_EDITOR: lambda a: a.get("wagtailadmin_pages:edit", a.item.pk),
    Action.SAVE_DRAFT: lambda a: a.send_form(),
    Action.REVERT: go_back,
    Action.PUBLISH: lambda a: a.send_form(**{"action-publish": "1"}),
    Action.PUBLISH_AT: publish_at,
    Action.UNPUBLISH_AT: unpublish_at,
    Action.PUBLISH_OLDER: lambda a: go_back(a, **{"action-publish": "1"}),
    Action.BULK_PUBLISH: lambda a: a.in_bulk("publish", a.item),
    Action.UNPUBLISH: lambda a: a.post("wagtailadmin_pages:unpublish", a.item.pk),
    Action.BULK_UNPUBLISH: lambda a: a.in_bulk("unpublish", a.item),
    Action.COPY: copy,
    Action.PUBLISH_COPY: lambda a: copy(a, publish_copies="on"),
    Action.ALIAS: lambda a: copy(a, alias="on"),
    Action.MOVE: lambda a: move(a, a.world.apart),
    Action.MOVE_TO_OWN: lambda a: move(a, a.world.own_too),
    Action.MOVE_UNDER_APPROVAL: lambda a: move(a, a.world.places[Hall.SECOND].handed_over),
    Action.MOVE_ON_DISPLAY: lambda a: move(a, a.world.places[Hall.OPEN].handed_over),
    Action.BULK_MOVE: move_in_bulk,
    Action.DELETE: lambda a: a.post("wagtailadmin_pages:delete", a.item.pk),
    Action.BULK_DELETE: lambda a: a.in_bulk("delete", a.item),
    Action.UNLOCK: lambda a: a.post("wagtailadmin_pages:unlock", a.item.pk),
    Action.CLEAR: lambda a: clearance(a, a.world.waiting_beside(a.item), "grant"),
    Action.WITHDRAW_CLEARANCE: lambda a: clearance(a, a.item, "withdraw"),
    Action.CORRECT: correct,
    Action.READ_APPROVAL: lambda a: a.get("exhibitions_admin:approval", a.place.exhibition.pk),
    Action.SUBMIT: lambda a: approval(a, "submit"),
    Action.TAKE_BACK: lambda a: approval(a, "take-back"),
    Action.READ_SUBMISSION: lambda a: a.get(
        "exhibitions_admin:submission", a.world.submission_of(a.place).pk
    ),
    Action.APPROVE: lambda a: decide(a, "dong-y"),
    Action.GIVE_BACK: lambda a: decide(a, "tra-lai"),
    Action.RECORD_APPROVAL: lambda a: record(a, "dong-y"),
    Action.RECORD_RETURN: lambda a: record(a, "tra-lai"),
    Action.CLEAR_LIST: clear_list,
    Action.OPEN_NOW: lambda a: take_step(a, "khai-truong"),
    Action.END: lambda a: take_step(a, "ket-thuc"),
    Action.SET_HOUR: set_hour,
    Action.PUT_OFF: lambda a: take_step(a, "hoan"),
    Action.MAKE_LINK: lambda a: preview_links(a, action="make", for_whom="Giám đốc", days=7),
    Action.REVOKE_LINK: revoke_link,
    Action.PUBLISH_WHOLE: lambda a: a.in_bulk(
        "publish", a.place.exhibition, include_descendants="on"
    ),
    Action.UNPUBLISH_WHOLE: lambda a: a.post(
        "wagtailadmin_pages:unpublish", a.place.exhibition.pk, include_descendants="on"
    ),
    Action.DELETE_WHOLE: delete_whole,
    Action.HAND_OVER: lambda a: cooperation(a, a.place.kept, "hand-over"),
    Action.TAKE_PART_BACK: lambda a: cooperation(a, a.place.handed_over, "take-back"),
    Action.READ_LOG: lambda a: a.get("decision_log"),
}

# What came about


def draft_says(caption: str) -> Callable[[Attempt, Any], bool]:
    """A newer version of the item, with this caption, that the public does not read."""

    def check(attempt: Attempt, answer: Any) -> bool:
        item = ItemPage.objects.get(pk=attempt.item.pk)
        newest = item.get_latest_revision_as_object()
        is_new = item.latest_revision_id != attempt.item.latest_revision_id
        return is_new and newest.caption == caption

    return check


def public_reads(caption: str) -> Callable[[Attempt, Any], bool]:
    def check(attempt: Attempt, answer: Any) -> bool:
        return ItemPage.objects.filter(pk=attempt.item.pk, live=True, caption=caption).exists()

    return check


def copies() -> Any:
    return ItemPage.objects.filter(slug=COPY_SLUG)


def is_a_draft_nobody_cleared(attempt: Attempt, answer: Any) -> bool:
    made = copies().filter(live=False, locked=False, alias_of=None).first()
    return made is not None and not Clearance.objects.filter(item=made).exists()


def stands_below(attempt: Attempt, part: Page) -> bool:
    return bool(Page.objects.get(pk=attempt.item.pk).path.startswith(part.path))


def is_cleared(item: ItemPage) -> bool:
    row = Clearance.objects.filter(item=item).first()
    return row is not None and row.state == ClearanceState.CLEARED


def said_by(verdict: Verdict, *, for_a_leader: bool = False) -> Callable[[Attempt, Any], bool]:
    def check(attempt: Attempt, answer: Any) -> bool:
        rows = ApprovalDecision.objects.filter(pk__gt=attempt.world.newest_decision)
        row = rows.exclude(verdict=Verdict.PUBLISHED).first()
        if row is None:
            return False
        assert row.submission.exhibition_id == attempt.place.exhibition.pk
        assert row.by == attempt.world.people[attempt.who]
        return row.verdict == verdict and bool(row.leader) == for_a_leader

    return check


def submitted(scope: SubmissionScope, attempt: Attempt, page: Page) -> bool:
    rows = Submission.objects.filter(pk__gt=attempt.world.newest_submission, scope=scope)
    return rows.filter(pages__page=page.pk, by=attempt.world.people.get(attempt.who)).exists()


def newest_opening(attempt: Attempt, state: str, *, has_hour: bool = False) -> bool:
    row = Opening.objects.filter(exhibition=attempt.place.exhibition).first()
    return row is not None and row.state == state and (not has_hour or row.opens_at is not None)


def item_is_live(attempt: Attempt) -> bool:
    return ItemPage.objects.filter(pk=attempt.item.pk, live=True).exists()


def was_taken_down(attempt: Attempt, answer: Any) -> bool:
    return attempt.item.live and not item_is_live(attempt)


def was_deleted(attempt: Attempt, answer: Any) -> bool:
    return not Page.objects.filter(pk=attempt.item.pk).exists()


def was_shown(attempt: Attempt, answer: Any) -> bool:
    return bool(answer.status_code == 200)


def rights_on(part: PartPage) -> int:
    of_organisations = GroupPagePermission.objects.filter(group__organisation_editors__isnull=False)
    return of_organisations.filter(page_id=part.pk).count()


def below(attempt: Attempt) -> Any:
    return Page.objects.filter(path__startswith=attempt.place.exhibition.path)


CAME_ABOUT: dict[Action, Callable[[Attempt, Any], bool]] = {
    Action.OPEN_EDITOR: was_shown,
    Action.SAVE_DRAFT: draft_says(TYPED),
    Action.REVERT: draft_says(OLDER),
    Action.PUBLISH: public_reads(TYPED),
    Action.PUBLISH_AT: public_reads(TYPED),
    Action.UNPUBLISH_AT: was_taken_down,
    Action.PUBLISH_OLDER: public_reads(OLDER),
    Action.BULK_PUBLISH: lambda a, _answer: not a.item.live and item_is_live(a),
    Action.UNPUBLISH: was_taken_down,
    Action.BULK_UNPUBLISH: was_taken_down,
    Action.COPY: is_a_draft_nobody_cleared,
    Action.PUBLISH_COPY: lambda a, _answer: copies().filter(live=True).exists(),
    Action.ALIAS: lambda a, _answer: copies().exclude(alias_of=None).exists(),
    Action.MOVE: lambda a, _answer: stands_below(a, a.world.apart),
    Action.MOVE_TO_OWN: lambda a, _answer: stands_below(a, a.world.own_too),
    Action.MOVE_UNDER_APPROVAL: lambda a, _answer: stands_below(
        a, a.world.places[Hall.SECOND].handed_over
    ),
    Action.MOVE_ON_DISPLAY: lambda a, _answer: stands_below(
        a, a.world.places[Hall.OPEN].handed_over
    ),
    Action.BULK_MOVE: lambda a, _answer: stands_below(a, a.world.places[Hall.SECOND].handed_over),
    Action.DELETE: was_deleted,
    Action.BULK_DELETE: was_deleted,
    Action.UNLOCK: lambda a, _answer: Page.objects.filter(pk=a.item.pk, locked=False).exists(),
    Action.CLEAR: lambda a, _answer: is_cleared(a.world.waiting_beside(a.item)),
    Action.WITHDRAW_CLEARANCE: lambda a, _answer: not is_cleared(a.item),
    Action.CORRECT: lambda a, _answer: submitted(SubmissionScope.CORRECTION, a, a.item),
    Action.READ_APPROVAL: was_shown,
    Action.SUBMIT: lambda a, _answer: submitted(SubmissionScope.WHOLE, a, a.place.exhibition),
    Action.TAKE_BACK: said_by(Verdict.WITHDRAWN),
    Action.READ_SUBMISSION: was_shown,
    Action.APPROVE: said_by(Verdict.APPROVED),
    Action.GIVE_BACK: said_by(Verdict.RETURNED),
    Action.RECORD_APPROVAL: said_by(Verdict.APPROVED, for_a_leader=True),
    Action.RECORD_RETURN: said_by(Verdict.RETURNED, for_a_leader=True),
    Action.CLEAR_LIST: lambda a, _answer: all(is_cleared(item) for item in a.place.items),
    Action.OPEN_NOW: lambda a, _answer: newest_opening(a, OpeningState.OPEN),
    Action.END: lambda a, _answer: newest_opening(a, OpeningState.CLOSED),
    Action.SET_HOUR: lambda a, _answer: newest_opening(a, OpeningState.ANNOUNCED, has_hour=True),
    Action.PUT_OFF: lambda a, _answer: newest_opening(a, OpeningState.ANNOUNCED),
    Action.MAKE_LINK: lambda a, _answer: a.place.exhibition.preview_links.count() == 2,
    Action.REVOKE_LINK: lambda a, _answer: (
        not a.place.exhibition.preview_links.filter(revoked_at=None).exists()
    ),
    Action.PUBLISH_WHOLE: lambda a, _answer: (
        not a.place.exhibition.live and below(a).filter(live=True).exists()
    ),
    Action.UNPUBLISH_WHOLE: lambda a, _answer: (
        a.place.exhibition.live and not below(a).filter(live=True).exists()
    ),
    Action.DELETE_WHOLE: lambda a, _answer: not below(a).exists(),
    Action.HAND_OVER: lambda a, _answer: rights_on(a.place.kept) > 0,
    Action.TAKE_PART_BACK: lambda a, _answer: rights_on(a.place.handed_over) == 0,
    Action.READ_LOG: was_shown,
}


# The matrix

CELLS = [
    pytest.param(action, thing, who, id=f"{action} on {thing} by {who}")
    for action, rule in WHO_MAY.items()
    for thing in rule
    for who in Who
]


def to_be_seen(attempt: Attempt) -> set[str]:
    """The titles that the public sees once it is done, because it is what was decided."""
    action, thing, places = attempt.action, attempt.thing, attempt.world.places
    match action, thing:
        case Action.CLEAR, Item.UNCLEARED:
            items = [places[Hall.OPEN].uncleared]
        case Action.CLEAR_LIST, Hall.OPEN:
            items = [places[Hall.OPEN].uncleared, places[Hall.OPEN].uncleared_beside]
        case ((Action.APPROVE | Action.RECORD_APPROVAL), Hall.LAST):
            items = [places[Hall.LAST].cleared, places[Hall.LAST].beside]
        case Action.OPEN_NOW, Hall.ANNOUNCED:
            items = [places[Hall.ANNOUNCED].cleared, places[Hall.ANNOUNCED].beside]
        case _:
            items = []
    return {item.title for item in items}


def is_refused(attempt: Attempt, answer: Any) -> bool:
    """Whether the answer leads to signing in, is an error of the address, or says why not."""
    if attempt.who is Who.VISITOR:
        return str(answer.get("Location", "")).startswith(reverse("wagtailadmin_login"))
    if "/bulk/" in answer.wsgi_request.path:
        return is_refused_in_bulk(attempt, answer)
    return answer.status_code in (403, 404) or any(map(VIETNAMESE.search, said_in(answer)))


def is_refused_in_bulk(attempt: Attempt, answer: Any) -> bool:
    """Wagtail says no on the page with the question, and who goes on is led back in silence.

    Where only the destination is in the way, the page names it, with nothing but the way back.
    """
    if answer.status_code == 200:
        return "Quay lại" in answer.content.decode()
    asked = answer.wsgi_request.get_full_path()
    question = attempt.world.browser(attempt.who).get(asked)
    return question.status_code == 404 or "Quý vị không có quyền" in question.content.decode()


def said_in(answer: Any) -> Iterator[str]:
    """What is said above the page, now or where it leads to, and at the fields of its form."""
    yield from (str(each) for each in get_messages(answer.wsgi_request))
    form = answer.context.get("form") if answer.context else None
    for errors in getattr(form, "errors", {}).values():
        yield from map(str, errors)


@pytest.mark.parametrize(("action", "thing", "who"), CELLS)
def test_who_may_do_it_does_and_nobody_else(
    world: World,
    django_capture_on_commit_callbacks: Any,
    action: Action,
    thing: Thing,
    who: Who,
) -> None:
    attempt = Attempt(world, who, thing, action)
    may = who in WHO_MAY[action][thing]
    may_leave_a_draft = action in DRAFT_OF and who in WHO_MAY[DRAFT_OF[action]][thing]
    with watching_what_is_written() as written, django_capture_on_commit_callbacks(execute=True):
        answer = TRY[action](attempt)
    assert answer.status_code < 500
    assert CAME_ABOUT[action](attempt, answer) is may
    if not may:
        assert decided() == world.decided
    if not (may or may_leave_a_draft):
        assert written == []
        assert is_refused(attempt, answer), (answer.status_code, answer.get("Location"))
    if written:
        expected = to_be_seen(attempt) if may else set()
        assert seen_by_the_public(world, attempt.tried) == expected
    else:
        assert not is_at_its_address(world.item(Item.UNCLEARED))


def test_what_is_not_cleared_is_looked_for_where_it_would_be_found(world: World) -> None:
    item = world.item(Item.UNCLEARED)
    assert not is_at_its_address(item)
    assert not any(is_named(item, address) for address in where_it_would_be_named(world))
    clearance(Attempt(world, Who.DIRECTOR, Item.UNCLEARED, Action.CLEAR), item, "grant")
    assert is_at_its_address(item)
    assert all(is_named(item, address) for address in where_it_would_be_named(world))


def test_every_action_of_the_table_is_tried_and_judged() -> None:
    assert set(WHO_MAY) == set(TRY) == set(CAME_ABOUT) == set(Action)
    assert {role.value for role in ROLES.values()} == {role.key for role in TABLE}
