"""The roles: given from one table, never taken from administrators, every change kept."""

from __future__ import annotations

from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db.models.signals import post_migrate
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import LogContext
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
)

from core import clockwork, permission_names, roles
from core.models import (
    AppendOnlyModel,
    PortalSettings,
    RoleBaseline,
    RoleChange,
    RoleChangeKind,
    User,
)
from core.models.append_only import AppendOnlyError
from core.roles import Right, Scope, apply, compare, compare_sets, reset
from home.models import HomePage
from home.roles import TABLE, Role, group_of, keep_at_the_home_page
from tests import factories
from tests.exhibitions.test_admin_approval import text_of
from tests.portal import Hall

pytestmark = pytest.mark.django_db

ROLE = roles.Role(
    "thu",
    "Vai trò thử",
    ("wagtailadmin.access_admin", "core.view_occasion"),
    ("wagtailcore.change_page",),
    ("wagtailimages.choose_image",),
)
LESS = roles.Role("thu", "Vai trò thử", ("wagtailadmin.access_admin",))


def permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def portal_rights(group: Group) -> set[str]:
    rows = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def page_rights(group: Group) -> set[tuple[int, str]]:
    return set(group.page_permissions.values_list("page_id", "permission__codename"))


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("roles", *arguments, stdout=said)
    return said.getvalue()


def person(username: str, role: Role) -> User:
    user = factories.UserFactory(username=username)
    user.groups.add(group_of(role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def given(home: HomePage) -> Group:
    """The group of a role the table was applied for."""
    apply([ROLE])
    return roles.group_of(ROLE.key)


# The comparison


def right(name: str) -> Right:
    return Right(Scope.PORTAL, name)


def test_of_three_sides_each_right_has_one_fate() -> None:
    new, kept, gone, lost, own, gone_already = map(
        right, ("a.b", "c.d", "e.f", "g.h", "i.j", "k.l")
    )
    due, overdue, by_hand, taken = compare_sets(
        table=frozenset({new, kept, lost}),
        baseline=frozenset({kept, gone, lost, gone_already}),
        current=frozenset({kept, gone, own}),
    )
    assert due == {new}
    assert overdue == {gone}
    assert by_hand == {own}
    assert taken == {lost}


# Applying


def test_a_role_gets_what_the_table_names_at_the_home_page_and_the_root_of_collections(
    given: Group, home: HomePage
) -> None:
    assert given.name == "Vai trò thử"
    assert portal_rights(given) == set(ROLE.permissions)
    assert page_rights(given) == {(home.pk, "change_page")}
    files = GroupCollectionPermission.objects.get(group=given)
    assert files.collection == Collection.get_first_root_node()


def test_applying_again_changes_nothing(given: Group) -> None:
    count = RoleChange.objects.count()
    assert [each.is_as_in_the_table for each in apply([ROLE])] == [True]
    assert RoleChange.objects.count() == count


def test_what_the_table_gives_newly_is_added_and_what_it_gives_no_longer_is_taken(
    given: Group,
) -> None:
    apply([LESS])
    assert portal_rights(given) == {"wagtailadmin.access_admin"}
    assert not page_rights(given) and not given.collection_permissions.exists()
    apply([ROLE])
    assert portal_rights(given) == set(ROLE.permissions)


def test_what_an_administrator_gave_and_took_away_stays_and_is_told(
    given: Group, home: HomePage
) -> None:
    given.permissions.add(permission("core.add_occasion"))
    given.permissions.remove(permission("core.view_occasion"))
    given.page_permissions.all().delete()
    for _time in range(2):
        (found,) = apply([ROLE])
        assert {each.permission for each in found.given_by_hand} == {"core.add_occasion"}
        assert {each.permission for each in found.taken_by_hand} == {
            "core.view_occasion",
            "wagtailcore.change_page",
        }
        assert not found.due and not found.overdue
    assert portal_rights(given) == {"wagtailadmin.access_admin", "core.add_occasion"}


def test_what_was_given_by_hand_stays_though_the_table_gives_less(given: Group) -> None:
    given.permissions.add(permission("core.add_occasion"))
    apply([LESS])
    assert portal_rights(given) == {"wagtailadmin.access_admin", "core.add_occasion"}


def test_a_right_given_by_hand_elsewhere_is_told_with_its_place(given: Group, hall: Hall) -> None:
    GroupPagePermission.objects.create(
        group=given, page=hall.exhibition, permission=permission("wagtailcore.change_page")
    )
    (found,) = apply([ROLE])
    assert {each.place for each in found.given_by_hand} == {hall.exhibition.pk}


def test_a_renamed_role_is_found_again(given: Group) -> None:
    given.name = "Tên khác"
    given.save()
    apply([LESS])
    assert not Group.objects.filter(name="Vai trò thử").exists()
    assert portal_rights(given) == {"wagtailadmin.access_admin"}


def test_a_deleted_role_is_told_and_not_made_again(given: Group) -> None:
    given.delete()
    (found,) = apply([ROLE])
    assert found.deleted and not found.is_as_in_the_table
    assert not Group.objects.filter(name="Vai trò thử").exists()


def test_a_group_that_has_the_name_already_is_taken_over(home: HomePage) -> None:
    old = Group.objects.create(name="Vai trò thử")
    old.permissions.add(permission("core.view_occasion"), permission("core.add_occasion"))
    member = factories.UserFactory()
    member.groups.add(old)
    (found,) = apply([ROLE])
    assert Group.objects.filter(name="Vai trò thử").count() == 1
    assert roles.group_of("thu") == old
    assert portal_rights(old) == {*ROLE.permissions, "core.add_occasion"}
    assert {each.permission for each in found.given_by_hand} == {"core.add_occasion"}


def test_a_role_whose_name_another_role_was_given_gets_a_name_of_its_own(home: HomePage) -> None:
    apply(TABLE)
    editors, clerks = group_of(Role.EDITOR), group_of(Role.CLERK)
    editors.delete()
    Group.objects.filter(pk=clerks.pk).update(name="Biên tập viên")
    reset(next(role for role in TABLE if role.key == Role.EDITOR))
    assert group_of(Role.EDITOR).name == "Biên tập viên (editor)"
    assert group_of(Role.CLERK) == clerks


def test_rights_on_pages_follow_the_home_page(given: Group, home: HomePage) -> None:
    root = Page.get_first_root_node()
    new = factories.HomePageFactory(parent=root, title="Trang chủ mới")
    Site.objects.update(root_page=new)
    assert [each.begins_elsewhere for each in compare([ROLE])] == [True]
    apply([ROLE])
    assert page_rights(given) == {(new.pk, "change_page")}
    assert [each.is_as_in_the_table for each in compare([ROLE])] == [True]


def test_the_clockwork_lets_the_roles_follow_the_home_page_and_else_does_nothing(
    home: HomePage, django_assert_num_queries: Any
) -> None:
    apply(TABLE)
    with django_assert_num_queries(2):
        keep_at_the_home_page()
    new = factories.HomePageFactory(parent=Page.get_first_root_node(), title="Trang chủ mới")
    Site.objects.update(root_page=new)
    keep_at_the_home_page()
    assert {place for place, _name in page_rights(group_of(Role.EDITOR))} == {new.pk}
    assert keep_at_the_home_page in {duty.work for duty in clockwork.registered_duties()}


def test_rights_on_pages_are_given_again_where_the_page_they_began_at_is_gone(
    given: Group, home: HomePage
) -> None:
    new = factories.HomePageFactory(parent=Page.get_first_root_node(), title="Trang chủ mới")
    Site.objects.update(root_page=new)
    Page.objects.get(pk=home.pk).delete()
    (found,) = apply([ROLE])
    assert not found.taken_by_hand
    assert page_rights(given) == {(new.pk, "change_page")}


def test_without_any_page_and_with_unknown_rights_the_rest_is_given(root: Page) -> None:
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.delete()
    strange = roles.Role("thu", "Vai trò thử", ("core.view_occasion", "khong.co"), ROLE.on_pages)
    apply([strange])
    group = roles.group_of("thu")
    assert portal_rights(group) == {"core.view_occasion"}
    assert not page_rights(group)
    page = factories.HomePageFactory(parent=Page.objects.get(pk=root.pk))
    apply([strange])
    assert page_rights(group) == {(page.pk, "change_page")}


# After migrating


def test_a_migrated_database_has_every_role(root: Page) -> None:
    assert {row.key for row in RoleBaseline.objects.all()} == set(Role)
    for role in Role:
        assert "wagtailadmin.access_admin" in portal_rights(group_of(role))


def test_roles_are_applied_once_after_the_last_app_and_survive_a_lack_of_permissions(
    home: HomePage,
) -> None:
    Group.objects.filter(role_baseline__key=Role.EDITOR).delete()
    RoleBaseline.objects.all().delete()
    Group.objects.all().delete()
    Permission.objects.filter(content_type__app_label="exhibitions").delete()
    with_models = [each for each in apps.get_app_configs() if each.models_module]
    for config in with_models:
        assert RoleBaseline.objects.exists() is False
        post_migrate.send(
            sender=config,
            app_config=config,
            verbosity=0,
            interactive=False,
            using="default",
            plan=[],
            apps=apps,
        )
    assert {row.key for row in RoleBaseline.objects.all()} == set(Role)
    assert "exhibitions.submit_exhibition" in portal_rights(group_of(Role.EDITOR))


def test_the_table_names_only_rights_there_are() -> None:
    known = {
        f"{app}.{codename}"
        for app, codename in Permission.objects.values_list("content_type__app_label", "codename")
    }
    for role in TABLE:
        assert {each.permission for each in role.rights()} <= known


# The command


def test_the_command_tells_in_vietnamese_what_was_changed_by_hand(home: HomePage) -> None:
    run()
    clerk = group_of(Role.CLERK)
    clerk.permissions.remove(permission("exhibitions.record_approval"))
    clerk.permissions.add(permission("exhibitions.decide_clearance"))
    said = run()
    assert "Văn thư:\n" in said
    assert permission_told(said, "exhibitions.record_approval")
    assert permission_told(said, "exhibitions.decide_clearance")
    assert "exhibitions.decide_clearance" in portal_rights(clerk)


def permission_told(said: str, name: str) -> bool:
    return permission_names.permission_name(permission(name)) in said


def test_checking_fails_when_something_differs_and_changes_nothing(home: HomePage) -> None:
    run()
    run("--check")
    group_of(Role.EDITOR).permissions.clear()
    with pytest.raises(CommandError) as failure:
        run("--check")
    assert failure.value.returncode == 1
    assert not portal_rights(group_of(Role.EDITOR))


def test_checking_finds_what_was_never_applied(home: HomePage) -> None:
    RoleBaseline.objects.all().delete()
    with pytest.raises(CommandError):
        run("--check")
    assert not RoleBaseline.objects.exists()


@pytest.mark.parametrize("named", ["clerk", "Văn thư"])
def test_a_role_is_put_back_to_the_table(home: HomePage, named: str) -> None:
    run()
    clerk = group_of(Role.CLERK)
    before = portal_rights(clerk), page_rights(clerk)
    clerk.permissions.set([permission("exhibitions.decide_clearance")])
    clerk.page_permissions.all().delete()
    editor = group_of(Role.EDITOR)
    editor.permissions.clear()
    run("--reset", named)
    assert (portal_rights(clerk), page_rights(clerk)) == before
    assert not portal_rights(editor), "only the named role"
    with pytest.raises(CommandError):
        run("--reset", "không có")


def test_a_deleted_role_is_had_back_by_name(home: HomePage) -> None:
    run()
    group_of(Role.CLERK).delete()
    assert "--reset clerk" in run()
    run("--reset", "clerk")
    assert "campaigns.record_release" in portal_rights(group_of(Role.CLERK))


# What each may do


RIGHTS = {
    "exhibitions.submit_exhibition": {Role.EDITOR},
    "exhibitions.record_approval": {Role.CLERK},
    "exhibitions.decide_clearance": {Role.APPROVER, Role.DIRECTOR_OF_THE_CENTRE},
    "exhibitions.open_exhibition": {Role.APPROVER, Role.DIRECTOR_OF_THE_CENTRE},
    "campaigns.record_release": {Role.CLERK},
    "auth.change_group": {Role.ADMINISTRATOR},
    "core.change_user": {Role.ADMINISTRATOR},
    "exhibitions.change_approvalstep": {Role.ADMINISTRATOR},
    "home.view_decision_log": {
        Role.ADMINISTRATOR,
        Role.DIRECTOR_OF_THE_CENTRE,
        Role.APPROVER,
    },
    "core.hand_over_part": {
        Role.ADMINISTRATOR,
        Role.HEAD_OF_DIVISION,
        Role.DIRECTOR_OF_THE_CENTRE,
    },
}


@pytest.mark.parametrize("name", RIGHTS)
def test_a_grave_right_is_with_these_roles_and_no_other(name: str) -> None:
    having = {role for role in Role if name in portal_rights(group_of(role))}
    assert having == RIGHTS[name]


def test_a_cooperating_editor_by_the_role_alone_only_gets_in() -> None:
    group = group_of(Role.COOPERATING_EDITOR)
    assert portal_rights(group) == {"wagtailadmin.access_admin"}
    assert not group.page_permissions.exists() and not group.collection_permissions.exists()


@pytest.mark.parametrize(
    "role", [Role.HEAD_OF_DIVISION, Role.DIRECTOR_OF_THE_CENTRE, Role.APPROVER, Role.CLERK]
)
def test_who_decides_comes_to_the_screens(client: Client, hall: Hall, role: Role) -> None:
    apply(TABLE)
    client.force_login(person("nguoi", role))
    for name in ("approval", "opening", "display_list", "statistics"):
        address = reverse(f"exhibitions_admin:{name}", args=[hall.exhibition.pk])
        assert client.get(address).status_code == 200
    clearance = reverse("exhibitions_admin:clearance", args=[hall.items[0].pk])
    assert client.get(clearance).status_code == 200


@pytest.fixture
def administrator(client: Client, home: HomePage) -> User:
    """A person in the role of administrator, signed in."""
    apply(TABLE)
    user = person("quantrivien", Role.ADMINISTRATOR)
    client.force_login(user)
    return user


SCREENS = (
    "wagtailusers_users:index",
    "wagtailusers_users:add",
    "wagtailusers_groups:index",
    "wagtailusers_groups:add",
    "wagtailsites:index",
    "wagtailsites:add",
    "wagtailredirects:index",
    "wagtailredirects:add",
    "alias_hosts:index",
    "alias_hosts:add",
    "approval_steps:index",
    "approval_steps:add",
    "opening_balances:index",
    "wagtailadmin_collections:index",
    "wagtailadmin_collections:add",
    "wagtailsnippets_core_organisation:list",
    "wagtailsnippets_core_organisation:add",
    "wagtailadmin_reports:locked_pages",
    "decision_log",
)


@pytest.mark.parametrize("name", SCREENS)
def test_an_administrator_runs_the_portal(client: Client, administrator: User, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


def test_an_administrator_changes_the_settings_of_the_portal(
    client: Client, administrator: User
) -> None:
    address = reverse("wagtailsettings:edit", args=["core", "portalsettings"])
    answer = client.get(address, follow=True)
    data = {name: value or "" for name, value in answer.context["form"].initial.items()}
    place = answer.request["PATH_INFO"]
    assert client.post(place, {**data, "tagline": "Lưu trữ cho mai sau"}).status_code == 302
    assert PortalSettings.objects.get().tagline == "Lưu trữ cho mai sau"


def test_an_administrator_edits_no_page_and_decides_nothing(
    administrator: User, hall: Hall
) -> None:
    assert not hall.items[0].permissions_for_user(administrator).can_edit()
    assert not administrator.has_perm("exhibitions.decide_clearance")


def test_an_administrator_cannot_make_anybody_mighty_nor_touch_who_is(
    client: Client, administrator: User
) -> None:
    mighty = factories.UserFactory(is_superuser=True)
    assert client.get(reverse("wagtailusers_users:edit", args=[mighty.pk])).status_code == 302
    other = factories.UserFactory(username="canbomoi", email="a@b.vn")
    address = reverse("wagtailusers_users:edit", args=[other.pk])
    form = client.get(address).context["form"]
    assert "is_superuser" not in form.fields
    client.post(
        address,
        {
            "username": "canbomoi",
            "email": "a@b.vn",
            "first_name": "An",
            "last_name": "Nguyễn",
            "is_active": "on",
            "is_superuser": "on",
            "position": "Chuyên viên",
            "groups": [group_of(Role.EDITOR).pk],
        },
    )
    other.refresh_from_db()
    assert not other.is_superuser
    assert other.position == "Chuyên viên" and other.groups.get() == group_of(Role.EDITOR)
    bulk = reverse("wagtail_bulk_action", args=["core", "user", "set_active_state"])
    client.post(f"{bulk}?id={mighty.pk}&next=/admin/", {"mark_as_active": "False"})
    mighty.refresh_from_db()
    assert mighty.is_active


def test_nobody_gives_themselves_a_role_or_their_own_role_a_right(
    client: Client, administrator: User
) -> None:
    address = reverse("wagtailusers_users:edit", args=[administrator.pk])
    answer = client.get(address)
    assert "do người khác cấp" in text_of(answer)
    data = {name: value or "" for name, value in answer.context["form"].initial.items()}
    approver = group_of(Role.APPROVER).pk
    data |= {"is_active": "on", "email": "qt@langson.gov.vn", "groups": [approver]}
    answer = client.post(address, {**data, "first_name": "An", "last_name": "Ong Thị"})
    assert answer.status_code == 302
    assert list(administrator.groups.all()) == [group_of(Role.ADMINISTRATOR)]
    own = reverse("wagtailusers_groups:edit", args=[group_of(Role.ADMINISTRATOR).pk])
    assert "do người khác thay đổi" in text_of(client.get(own, follow=True))
    assert client.post(own, {"name": "Quản trị viên"}).status_code == 302
    other = reverse("wagtailusers_groups:edit", args=[approver])
    assert client.get(other).status_code == 200


def test_a_password_given_by_another_is_kept_in_the_log(
    client: Client, administrator: User
) -> None:
    other = factories.UserFactory(username="lanhdao", email="ld@langson.gov.vn")
    address = reverse("wagtailusers_users:edit", args=[other.pk])
    data = {
        name: value or "" for name, value in client.get(address).context["form"].initial.items()
    }
    word = "mot-mat-khau-rat-dai-1945"
    data |= {"is_active": "on", "first_name": "An", "last_name": "Ong Thị", "groups": []}
    client.post(address, {**data, "position": "Trưởng phòng"})
    assert not RoleChange.objects.filter(person=other).exists()
    answer = client.post(address, {**data, "password1": word, "password2": word})
    assert answer.status_code == 302, answer.context["form"].errors
    row = RoleChange.objects.get(person=other)
    assert row.by == administrator and "mật khẩu" in row.added


# The names of rights


def test_the_screen_of_a_role_names_rights_in_the_language_of_the_office(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permission_names, "gettext", lambda name: f"({name}, dịch)")
    address = reverse("wagtailusers_groups:edit", args=[group_of(Role.EDITOR).pk])
    html = unescape(client.get(address).content.decode())
    for name in (
        "Can submit exhibitions for approval",
        "Can clear items for publication",
        "Can record what was found of an agency's banner",
        "Can hand Parts over to cooperating organisations",
        "Can access Wagtail admin",
    ):
        assert f"({name}, dịch)" in html
    assert str(permission_names.ACTIONS["add"]) % {"what": "dịp kỷ niệm"} in html
    assert "Can add occasion" not in html


# Every change is kept


def newest(kind: RoleChangeKind) -> RoleChange:
    row = RoleChange.objects.filter(kind=kind).first()
    assert row is not None
    return row


def test_joining_and_leaving_a_role_is_kept_with_who_did_it(home: HomePage) -> None:
    head, user, group = factories.UserFactory(), factories.UserFactory(), group_of(Role.EDITOR)
    with LogContext(user=head):
        user.groups.add(group)
    row = newest(RoleChangeKind.MEMBERSHIP)
    assert (row.by, row.by_name, row.person, row.group) == (head, str(head), user, group)
    assert (row.added, row.removed) == ("Biên tập viên", "")
    group.user_set.remove(user)
    row = newest(RoleChangeKind.MEMBERSHIP)
    assert row.by is None and row.by_name
    assert (row.added, row.removed) == ("", "Biên tập viên")
    user.groups.add(group)
    user.groups.clear()
    assert newest(RoleChangeKind.MEMBERSHIP).removed == "Biên tập viên"


def test_rights_are_kept_where_they_are_given_and_taken_row_by_row(hall: Hall) -> None:
    group = Group.objects.create(name="Tổ thử")
    assert newest(RoleChangeKind.GROUP).added == "Tổ thử"
    group.permissions.add(permission("exhibitions.decide_clearance"))
    assert newest(RoleChangeKind.RIGHTS).added
    group.permissions.clear()
    assert newest(RoleChangeKind.RIGHTS).removed
    given = GroupPagePermission.objects.create(
        group=group, page=hall.exhibition, permission=permission("wagtailcore.change_page")
    )
    assert hall.exhibition.title in newest(RoleChangeKind.PAGE_RIGHTS).added
    given.delete()
    assert hall.exhibition.title in newest(RoleChangeKind.PAGE_RIGHTS).removed
    GroupCollectionPermission.objects.create(
        group=group,
        collection=Collection.get_first_root_node(),
        permission=permission("wagtailimages.choose_image"),
    )
    assert newest(RoleChangeKind.COLLECTION_RIGHTS).added
    group.name = "Tổ khác"
    group.save()
    row = newest(RoleChangeKind.GROUP)
    assert (row.added, row.removed) == ("Tổ khác", "Tổ thử")


def test_rights_that_go_with_their_page_are_kept(hall: Hall) -> None:
    group = Group.objects.create(name="Tổ thử")
    GroupPagePermission.objects.create(
        group=group, page=hall.parts[0], permission=permission("wagtailcore.change_page")
    )
    title = hall.parts[0].title
    hall.parts[0].delete()
    assert title in newest(RoleChangeKind.PAGE_RIGHTS).removed


def test_the_form_of_a_role_keeps_one_row_a_kind(
    client: Client, administrator: User, hall: Hall
) -> None:
    group = group_of(Role.CLERK)
    address = reverse("wagtailusers_groups:edit", args=[group.pk])
    data = {
        "name": group.name,
        "permissions": [permission("exhibitions.decide_clearance").pk],
        "page_permissions-TOTAL_FORMS": 1,
        "page_permissions-INITIAL_FORMS": 0,
        "page_permissions-MAX_NUM_FORMS": 1000,
        "page_permissions-0-page": hall.exhibition.pk,
        "page_permissions-0-permissions": ["change_page", "publish_page"],
    }
    for prefix in ("image_permissions", "document_permissions", "collection_permissions"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    before = RoleChange.objects.count()
    assert client.post(address, data).status_code == 302
    rows = list(RoleChange.objects.all()[: RoleChange.objects.count() - before])
    assert sorted(row.kind for row in rows) == ["collection_rights", "page_rights", "rights"]
    assert {row.by for row in rows} == {administrator}
    pages = next(row for row in rows if row.kind == "page_rights")
    assert len([line for line in pages.added.splitlines() if hall.exhibition.title in line]) == 2
    assert len(pages.removed.splitlines()) == 3


def test_a_new_role_made_in_the_admin_is_kept_with_its_rights(
    client: Client, administrator: User, hall: Hall
) -> None:
    data = {
        "name": "Tổ mới",
        "permissions": [permission("exhibitions.decide_clearance").pk],
        "page_permissions-TOTAL_FORMS": 1,
        "page_permissions-INITIAL_FORMS": 0,
        "page_permissions-0-page": hall.exhibition.pk,
        "page_permissions-0-permissions": ["change_page"],
    }
    for prefix in ("image_permissions", "document_permissions", "collection_permissions"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    assert client.post(reverse("wagtailusers_groups:add"), data).status_code == 302
    rows = RoleChange.objects.filter(group_name="Tổ mới")
    assert sorted(rows.values_list("kind", flat=True)) == ["group", "page_rights", "rights"]


def test_accounts_switched_on_and_off_or_made_mighty_are_kept(home: HomePage) -> None:
    user = factories.UserFactory()
    assert not RoleChange.objects.filter(person=user).exists()
    user.is_active = False
    user.save()
    off = newest(RoleChangeKind.ACCOUNT)
    assert off.person == user and off.removed and not off.added
    user.is_active, user.is_superuser = True, True
    user.save(update_fields=["is_active", "is_superuser"])
    assert len(newest(RoleChangeKind.ACCOUNT).added.splitlines()) == 2
    count = RoleChange.objects.count()
    user.position = "Chuyên viên"
    user.save()
    user.save(update_fields=["last_login"])
    assert RoleChange.objects.count() == count
    mighty = factories.UserFactory(is_superuser=True)
    assert newest(RoleChangeKind.ACCOUNT).person == mighty


def test_many_accounts_switched_off_at_once_are_kept_one_by_one(
    client: Client, administrator: User
) -> None:
    users = [factories.UserFactory() for _number in range(2)]
    sleeping = factories.UserFactory(is_active=False)
    address = reverse("wagtail_bulk_action", args=["core", "user", "set_active_state"])
    ids = "&".join(f"id={user.pk}" for user in [*users, sleeping])
    client.post(f"{address}?{ids}&next=/admin/", {"mark_as_active": "False"})
    rows = RoleChange.objects.filter(kind=RoleChangeKind.ACCOUNT, by=administrator)
    assert {row.person for row in rows} == set(users)
    assert not any(User.objects.get(pk=user.pk).is_active for user in users)


def test_deleted_accounts_and_roles_stay_readable(home: HomePage) -> None:
    group = Group.objects.create(name="Tổ thử")
    user = factories.UserFactory(last_name="Trần Thị", first_name="Bình")
    user.groups.add(group)
    user.delete()
    row = newest(RoleChangeKind.ACCOUNT)
    assert row.person is None and row.person_name == "Trần Thị Bình"
    assert "Tổ thử" in row.removed
    group.user_set.add(factories.UserFactory(last_name="Lê", first_name="An"))
    group.delete()
    row = newest(RoleChangeKind.GROUP)
    assert row.group is None and row.group_name == "Tổ thử"
    assert "Lê An" in row.removed
    joined = RoleChange.objects.filter(kind=RoleChangeKind.MEMBERSHIP).first()
    assert joined is not None and joined.group is None and joined.group_name == "Tổ thử"


def test_a_kept_change_is_never_changed_or_removed(home: HomePage) -> None:
    assert issubclass(RoleChange, AppendOnlyModel)
    row = RoleChange.objects.first()
    assert row is not None
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        RoleChange.objects.all().delete()
