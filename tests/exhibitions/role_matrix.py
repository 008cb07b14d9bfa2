"""Who may do what to what in an office that approves its exhibitions: the table of the rules.

Each line names those who may; everybody else may not. A visitor, signed in to nothing, may
do none of it. The steps of approval are: the head of the division, the director of the
Centre, the approving leader.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Who(StrEnum):
    """Those who try."""

    VISITOR = "visitor"
    EDITOR = "editor"
    COOPERATING = "cooperating-editor"
    HEAD = "head-of-division"
    DIRECTOR = "director"
    APPROVER = "approver"
    CLERK = "clerk"
    ADMINISTRATOR = "administrator"
    SUPERUSER = "superuser"


class Item(StrEnum):
    """Items something is tried with. All but OTHER stand in Parts of the cooperating editor."""

    OWN = "item-of-own-part"
    OTHER = "item-of-another-part"
    SUBMITTED = "item-under-approval"
    APPROVED = "item-approved-not-yet-published"
    OPEN = "item-on-display"
    UNCLEARED = "item-on-display-not-cleared"


class Hall(StrEnum):
    """Exhibitions something is tried with."""

    PREPARED = "being-prepared"
    FIRST = "at-the-first-step"
    SECOND = "at-the-second-step"
    LAST = "at-the-last-step"
    APPROVED = "approved-not-yet-published"
    ANNOUNCED = "announced"
    OPEN = "open"


class Portal(StrEnum):
    """What is asked for of the portal as a whole."""

    PORTAL = "portal"


Thing = Item | Hall | Portal

NOBODY: Final[frozenset[Who]] = frozenset()
SUPERUSER: Final = frozenset({Who.SUPERUSER})
STAFF: Final = frozenset(
    {Who.EDITOR, Who.HEAD, Who.DIRECTOR, Who.APPROVER, Who.CLERK, Who.SUPERUSER}
)
"""The department's people, who write pages. The administrator runs the portal and writes none."""
AND_COOPERATING: Final = STAFF | {Who.COOPERATING}
SUBMITTERS: Final = frozenset({Who.EDITOR, Who.SUPERUSER})
DECIDERS: Final = frozenset({Who.DIRECTOR, Who.APPROVER, Who.SUPERUSER})
"""They clear items and open exhibitions."""
RECORDERS: Final = frozenset({Who.CLERK, Who.SUPERUSER})
HANDERS_OVER: Final = frozenset({Who.HEAD, Who.DIRECTOR, Who.ADMINISTRATOR, Who.SUPERUSER})


class Action(StrEnum):
    """What is tried, each by the address and the form of the admin."""

    OPEN_EDITOR = "open-the-editor"
    SAVE_DRAFT = "save-a-draft"
    REVERT = "go-back-to-an-older-version"
    PUBLISH = "publish"
    PUBLISH_AT = "publish-at-an-hour"
    UNPUBLISH_AT = "unpublish-at-an-hour"
    PUBLISH_OLDER = "publish-an-older-version"
    BULK_PUBLISH = "publish-in-bulk"
    UNPUBLISH = "unpublish"
    BULK_UNPUBLISH = "unpublish-in-bulk"
    COPY = "copy"
    PUBLISH_COPY = "copy-and-publish"
    ALIAS = "show-again-elsewhere"
    MOVE = "move-to-another-part"
    MOVE_TO_OWN = "move-to-a-part-of-the-cooperating-editor"
    MOVE_UNDER_APPROVAL = "move-into-what-is-under-approval"
    MOVE_ON_DISPLAY = "move-into-what-is-open"
    BULK_MOVE = "move-in-bulk-into-what-is-under-approval"
    DELETE = "delete"
    BULK_DELETE = "delete-in-bulk"
    UNLOCK = "unlock"
    CLEAR = "clear"
    WITHDRAW_CLEARANCE = "withdraw-the-clearance"
    CORRECT = "submit-a-correction"

    READ_APPROVAL = "read-the-screen-of-approval"
    SUBMIT = "submit"
    TAKE_BACK = "take-the-submission-back"
    READ_SUBMISSION = "read-what-was-submitted"
    APPROVE = "approve"
    GIVE_BACK = "return"
    RECORD_APPROVAL = "record-that-a-leader-approved"
    RECORD_RETURN = "record-that-a-leader-returned"
    CLEAR_LIST = "clear-the-list"
    OPEN_NOW = "open-now"
    END = "end"
    SET_HOUR = "set-the-hour-of-opening"
    PUT_OFF = "put-off"
    MAKE_LINK = "make-a-preview-link"
    REVOKE_LINK = "revoke-a-preview-link"
    PUBLISH_WHOLE = "publish-in-bulk-with-all-below"
    UNPUBLISH_WHOLE = "unpublish-with-all-below"
    DELETE_WHOLE = "delete-the-exhibition"
    HAND_OVER = "hand-a-part-over"
    TAKE_PART_BACK = "take-a-part-back"

    READ_LOG = "read-the-log-of-decisions"


Rule = Mapping[Thing, frozenset[Who]]

WHO_WRITES: Final[Rule] = {
    Item.OWN: AND_COOPERATING,
    Item.OTHER: STAFF,
    Item.SUBMITTED: NOBODY,
    Item.APPROVED: NOBODY,
    Item.OPEN: AND_COOPERATING,
    Item.UNCLEARED: AND_COOPERATING,
}
"""Drafts only: what the public reads stays as it was approved."""

WHO_DELETES: Final[Rule] = {**WHO_WRITES, Item.OPEN: DECIDERS, Item.UNCLEARED: DECIDERS}
"""What was approved is taken away, as it is taken down, by those who decide what opens."""

TAKEN_DOWN: Final[Rule] = {
    Item.OWN: NOBODY,
    Item.SUBMITTED: NOBODY,
    Item.OPEN: DECIDERS,
    Item.UNCLEARED: DECIDERS,
}
"""Those who decide what opens take down without a submission. Drafts are hidden already."""

ON_DISPLAY: Final = (Item.OPEN, Item.UNCLEARED)
UNDER_APPROVAL: Final = (Item.SUBMITTED, Item.APPROVED)


def nobody(*things: Thing) -> Rule:
    """What is done by approval only."""
    return dict.fromkeys(things, NOBODY)


EACH_AT_THEIR_STEP: Final[Rule] = {
    Hall.FIRST: frozenset({Who.HEAD}),
    Hall.SECOND: frozenset({Who.DIRECTOR}),
    Hall.LAST: frozenset({Who.APPROVER}),
    Hall.APPROVED: NOBODY,
}
RECORDED_AT_ANY_STEP: Final[Rule] = {
    Hall.FIRST: RECORDERS,
    Hall.SECOND: RECORDERS,
    Hall.LAST: RECORDERS,
    Hall.APPROVED: NOBODY,
}

WHO_MAY: Final[Mapping[Action, Rule]] = {
    # Writing
    Action.OPEN_EDITOR: {
        Item.OWN: AND_COOPERATING,
        Item.OTHER: STAFF,
        Item.SUBMITTED: AND_COOPERATING,
        Item.UNCLEARED: AND_COOPERATING,
    },
    Action.SAVE_DRAFT: WHO_WRITES,
    Action.REVERT: {
        Item.OWN: AND_COOPERATING,
        Item.OTHER: STAFF,
        Item.SUBMITTED: NOBODY,
        Item.OPEN: AND_COOPERATING,
    },
    Action.DELETE: WHO_DELETES,
    Action.BULK_DELETE: {
        Item.OWN: AND_COOPERATING,
        Item.SUBMITTED: NOBODY,
        Item.OPEN: DECIDERS,
    },
    # A copy is a draft of its own, here in a Part of the cooperating editor.
    Action.COPY: {**dict.fromkeys(Item, AND_COOPERATING), Item.OTHER: STAFF},
    Action.MOVE: {
        **nobody(*UNDER_APPROVAL, *ON_DISPLAY),
        Item.OWN: STAFF,
        Item.OTHER: STAFF,
    },
    Action.MOVE_TO_OWN: {Item.OWN: AND_COOPERATING, Item.OTHER: STAFF},
    # It stays a draft there.
    Action.MOVE_ON_DISPLAY: {
        **nobody(*UNDER_APPROVAL),
        Item.OWN: AND_COOPERATING,
        Item.OTHER: STAFF,
    },
    # What the public reads
    Action.PUBLISH: nobody(*Item),
    Action.PUBLISH_AT: nobody(Item.OWN, Item.SUBMITTED, *ON_DISPLAY),
    Action.PUBLISH_OLDER: nobody(Item.OWN, Item.OPEN),
    Action.BULK_PUBLISH: nobody(*Item),
    Action.PUBLISH_WHOLE: nobody(Hall.PREPARED, Hall.FIRST, Hall.APPROVED, Hall.OPEN),
    Action.PUBLISH_COPY: nobody(*ON_DISPLAY),
    Action.ALIAS: nobody(Item.OWN, Item.SUBMITTED, *ON_DISPLAY),
    Action.UNPUBLISH_AT: nobody(*ON_DISPLAY),
    Action.UNPUBLISH: TAKEN_DOWN,
    Action.BULK_UNPUBLISH: {Item.SUBMITTED: NOBODY, Item.OPEN: DECIDERS},
    Action.UNPUBLISH_WHOLE: {Hall.ANNOUNCED: DECIDERS, Hall.OPEN: DECIDERS},
    # What is under approval
    Action.MOVE_UNDER_APPROVAL: nobody(Item.OWN, Item.OTHER, Item.APPROVED, Item.OPEN),
    Action.BULK_MOVE: nobody(Item.OWN, Item.SUBMITTED),
    Action.UNLOCK: nobody(*UNDER_APPROVAL),
    Action.DELETE_WHOLE: {
        **nobody(Hall.FIRST, Hall.APPROVED),
        Hall.PREPARED: SUPERUSER,
        Hall.OPEN: SUPERUSER,
    },
    # Approval
    Action.READ_APPROVAL: dict.fromkeys((Hall.PREPARED, Hall.FIRST, Hall.OPEN), STAFF),
    Action.READ_SUBMISSION: dict.fromkeys((Hall.FIRST, Hall.APPROVED), STAFF),
    Action.SUBMIT: {
        **nobody(Hall.FIRST, Hall.APPROVED, Hall.OPEN),
        Hall.PREPARED: SUBMITTERS,
        Hall.ANNOUNCED: SUBMITTERS,
    },
    # Of what is on display there is a newer draft.
    Action.CORRECT: {
        **nobody(Item.OWN, *UNDER_APPROVAL),
        Item.OPEN: SUBMITTERS,
        Item.UNCLEARED: SUBMITTERS,
    },
    Action.TAKE_BACK: {
        **nobody(Hall.APPROVED, Hall.OPEN),
        **dict.fromkeys((Hall.FIRST, Hall.SECOND, Hall.LAST), SUBMITTERS),
    },
    Action.APPROVE: EACH_AT_THEIR_STEP,
    Action.GIVE_BACK: EACH_AT_THEIR_STEP,
    Action.RECORD_APPROVAL: RECORDED_AT_ANY_STEP,
    Action.RECORD_RETURN: RECORDED_AT_ANY_STEP,
    # Clearance goes beside approval, at any moment.
    Action.CLEAR: dict.fromkeys((Item.OWN, Item.OTHER, *UNDER_APPROVAL, Item.UNCLEARED), DECIDERS),
    Action.WITHDRAW_CLEARANCE: dict.fromkeys(
        (Item.OWN, Item.OTHER, *UNDER_APPROVAL, Item.OPEN), DECIDERS
    ),
    Action.CLEAR_LIST: dict.fromkeys(
        (Hall.PREPARED, Hall.FIRST, Hall.APPROVED, Hall.OPEN), DECIDERS
    ),
    # Opening
    Action.OPEN_NOW: {
        **nobody(Hall.PREPARED, Hall.LAST, Hall.APPROVED),
        Hall.ANNOUNCED: DECIDERS,
    },
    Action.END: {**nobody(Hall.PREPARED), Hall.OPEN: DECIDERS},
    Action.SET_HOUR: {
        **nobody(Hall.PREPARED, Hall.LAST, Hall.OPEN),
        Hall.ANNOUNCED: DECIDERS,
    },
    Action.PUT_OFF: {Hall.ANNOUNCED: DECIDERS, Hall.OPEN: DECIDERS},
    # Previews
    Action.MAKE_LINK: dict.fromkeys((Hall.PREPARED, Hall.FIRST, Hall.APPROVED), SUBMITTERS),
    Action.REVOKE_LINK: dict.fromkeys((Hall.PREPARED, Hall.FIRST), SUBMITTERS),
    # Cooperation
    Action.HAND_OVER: dict.fromkeys((Hall.PREPARED, Hall.FIRST, Hall.OPEN), HANDERS_OVER),
    Action.TAKE_PART_BACK: dict.fromkeys((Hall.PREPARED, Hall.FIRST, Hall.OPEN), HANDERS_OVER),
    # The guide for leaders leads there; the administrator answers for the portal.
    Action.READ_LOG: {
        Portal.PORTAL: frozenset({Who.DIRECTOR, Who.APPROVER, Who.ADMINISTRATOR, Who.SUPERUSER})
    },
}

DRAFT_OF: Final[Mapping[Action, Action]] = {
    Action.PUBLISH: Action.SAVE_DRAFT,
    Action.PUBLISH_AT: Action.SAVE_DRAFT,
    Action.UNPUBLISH_AT: Action.SAVE_DRAFT,
    Action.PUBLISH_OLDER: Action.REVERT,
    Action.PUBLISH_COPY: Action.COPY,
    Action.ALIAS: Action.COPY,
}
"""What is left of a refused action, for those who may do that: a draft and nothing else."""
