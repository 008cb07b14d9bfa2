"""Who works with the demonstration: four accounts, three of them in a role."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Workflow

from core.models import Organisation, User
from core.roles import apply
from home.roles import TABLE, Role, group_of

ADMINISTRATOR, EDITOR, APPROVER, CLERK = "quantri", "bientap", "pheduyet", "vanthu"
"""User names; DEMO_ACCOUNTS gives each its password."""

WAGTAIL_GROUPS = ("Editors", "Moderators")


@dataclass(frozen=True)
class Staff:
    """The accounts in whose names the content is made."""

    administrator: User
    editor: User
    approver: User
    clerk: User


def remove_wagtail_defaults() -> None:
    """Take away the English groups and the page-by-page approval Wagtail begins with.

    Groups that somebody is in already are kept.
    """
    tasks = GroupApprovalTask.objects.filter(groups__name__in=WAGTAIL_GROUPS)
    Workflow.objects.filter(workflow_tasks__task__in=tasks).delete()
    for task in tasks:
        task.delete()
    Group.objects.filter(name__in=WAGTAIL_GROUPS, user=None).delete()


def make_account(username: str, title: str, organisation: Organisation) -> User:
    """The account ``username``, called by its ``title``; one that exists is left as it is.

    Without a password in the settings nobody can sign in to it until
    ``manage.py changepassword`` gives it one.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User(
            username=username,
            last_name=title,
            first_name="(mẫu)",
            position=title,
            organisation=organisation,
        )
        user.set_password(getattr(settings, "DEMO_ACCOUNTS", {}).get(username))
        user.save()
    return user


def make_staff(organisation: Organisation) -> Staff:
    """The four accounts, all of ``organisation``; their roles come with the home page."""
    administrator = make_account(ADMINISTRATOR, "Quản trị", organisation)
    administrator.is_superuser = administrator.is_staff = True
    administrator.save()
    return Staff(
        administrator=administrator,
        editor=make_account(EDITOR, "Biên tập viên", organisation),
        approver=make_account(APPROVER, "Lãnh đạo duyệt", organisation),
        clerk=make_account(CLERK, "Văn thư", organisation),
    )


def give_rights(staff: Staff) -> Staff:
    """Put editor, approver and clerk into their roles, whose rights begin at the home page now.

    Gives the accounts as read anew: one that is in memory remembers the rights it had.
    """
    apply(TABLE)
    staff.editor.groups.add(group_of(Role.EDITOR))
    staff.approver.groups.add(group_of(Role.APPROVER))
    staff.clerk.groups.add(group_of(Role.CLERK))
    return Staff(
        administrator=User.objects.get(pk=staff.administrator.pk),
        editor=User.objects.get(pk=staff.editor.pk),
        approver=User.objects.get(pk=staff.approver.pk),
        clerk=User.objects.get(pk=staff.clerk.pk),
    )
