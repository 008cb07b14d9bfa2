"""The one table of roles: who may do what.

Names are those of the office; its people are in groups of these names. What administrators
change by hand stays (:mod:`core.roles`). An organisation's own editors have a group of
their own for their Parts (:mod:`exhibitions.cooperation`).
"""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import Group

from core import roles
from core.roles import INTO_THE_ADMIN


def _every(action: str, *models: str) -> tuple[str, ...]:
    """The right to ``action`` rows of each of ``models`` ("app.model")."""
    pairs = (model.split(".") for model in models)
    return tuple(f"{app}.{action}_{model}" for app, model in pairs)


def _keep(*models: str) -> tuple[str, ...]:
    """To view, add and change rows of ``models``."""
    return tuple(name for action in ("view", "add", "change") for name in _every(action, *models))


RECORDS = ("core.organisation", "core.occasion", "home.newscolumn")
MEDIA = ("wagtailimages.image", "wagtaildocs.document")
STATISTICS = _every(
    "view", "analytics.dayfigure", "analytics.droppedfigure", "analytics.saltdestruction"
)
RUN_BY_ADMINISTRATORS = (
    "core.user",
    "auth.group",
    "core.hostalias",
    "exhibitions.approvalstep",
    "wagtailredirects.redirect",
    "wagtailcore.site",
    "analytics.openingbalance",
)

EDITING = (INTO_THE_ADMIN, *_keep(*RECORDS), *STATISTICS)
ON_PAGES = ("wagtailcore.add_page", "wagtailcore.change_page", "wagtailcore.publish_page")
"""Where there are steps of approval they, and not the right to publish, publish exhibitions."""
ON_MEDIA = tuple(name for action in ("add", "change", "choose") for name in _every(action, *MEDIA))
HANDING_OVER = "core.hand_over_part"
READING_DECISIONS = "home.view_decision_log"
DECIDING = ("exhibitions.decide_clearance", "exhibitions.open_exhibition", READING_DECISIONS)


class Role(StrEnum):
    """What code calls the roles."""

    EDITOR = "editor"
    COOPERATING_EDITOR = roles.COOPERATING_EDITOR
    HEAD_OF_DIVISION = "head-of-division"
    DIRECTOR_OF_THE_CENTRE = "director-of-the-centre"
    APPROVER = "approver"
    CLERK = "clerk"
    ADMINISTRATOR = "administrator"


TABLE = (
    roles.Role(
        Role.EDITOR,
        "Biên tập viên",
        (*EDITING, "exhibitions.submit_exhibition"),
        ON_PAGES,
        ON_MEDIA,
    ),
    # Pages and files are given an organisation at a time.
    roles.Role(Role.COOPERATING_EDITOR, "Biên tập viên đơn vị phối hợp", (INTO_THE_ADMIN,)),
    # Who belongs to the group of a step of approval decides there besides.
    roles.Role(Role.HEAD_OF_DIVISION, "Trưởng phòng", (*EDITING, HANDING_OVER), ON_PAGES, ON_MEDIA),
    roles.Role(
        Role.DIRECTOR_OF_THE_CENTRE,
        "Giám đốc Trung tâm",
        (*EDITING, *DECIDING, HANDING_OVER),
        ON_PAGES,
        ON_MEDIA,
    ),
    roles.Role(Role.APPROVER, "Lãnh đạo duyệt", (*EDITING, *DECIDING), ON_PAGES, ON_MEDIA),
    roles.Role(
        Role.CLERK,
        "Văn thư",
        (
            *EDITING,
            "campaigns.record_release",
            "campaigns.record_placement",
            "campaigns.change_invitation",
            "exhibitions.record_approval",
        ),
        ON_PAGES,
        ON_MEDIA,
    ),
    # Runs the portal; what it says is written and decided by others.
    roles.Role(
        Role.ADMINISTRATOR,
        "Quản trị viên",
        (
            INTO_THE_ADMIN,
            HANDING_OVER,
            *STATISTICS,
            *_keep(*RECORDS),
            *_every("delete", *RECORDS),
            *_keep(*RUN_BY_ADMINISTRATORS),
            *_every("delete", *RUN_BY_ADMINISTRATORS),
            "core.change_portalsettings",
            "core.view_rolechange",
            READING_DECISIONS,
        ),
        # Locking lets one find every page, and open what somebody left locked.
        ("wagtailcore.lock_page", "wagtailcore.unlock_page"),
        (
            *_every("choose", *MEDIA),
            *(f"wagtailcore.{action}_collection" for action in ("add", "change", "delete")),
        ),
    ),
)


def group_of(role: Role) -> Group:
    """The group of ``role``, whatever it is called meanwhile.

    Raises Group.DoesNotExist when an administrator deleted it.
    """
    return roles.group_of(role)


def keep_at_the_home_page() -> None:
    """A duty of the clockwork: rights on pages begin at the home page, whichever that is now."""
    roles.follow_home_page(TABLE)
