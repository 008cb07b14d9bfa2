"""What all pages of an exhibition share: they are published by approval, and locked during it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from wagtail.locks import BaseLock, BasicLock
from wagtail.models import Page, PagePermissionTester, Workflow

from core.models import BasePage, User

TO_OPEN = "exhibitions.open_exhibition"


def approval_is_in_force(user: User) -> bool:
    """Whether exhibitions are published by approval. Asked for once a person's request.

    Lists ask for the rights on each of their rows.
    """
    remembered = vars(user)
    if "publishes_by_approval" not in remembered:
        from exhibitions.models.approval import ApprovalStep  # imported after this module

        remembered["publishes_by_approval"] = ApprovalStep.objects.exists()
    return bool(remembered["publishes_by_approval"])


class SubmittedLock(BaseLock):
    """Locks a page for everyone while it is under approval."""

    def for_user(self, user: User) -> bool:
        """Nobody is let off: what is approved is what was submitted."""
        return True

    def get_message(self, user: User) -> str:
        """What is locked, why, and what to do instead."""
        return _(
            "“%(title)s” is under approval and cannot be changed. To change it, take the "
            "submission back or have it returned, on the exhibition's screen “Approval”."
        ) % {"title": self.object.title}

    def get_locked_by(self, user: User) -> str:
        """The state that locks it."""
        return _("Under approval")

    def get_description(self, user: User) -> str:
        """The rule, short."""
        return _("Nobody changes what is under approval.")


class ApprovedContentTester(PagePermissionTester):
    """Wagtail's rights on a page of an exhibition, less what approval decides."""

    @property
    def under_approval(self) -> bool:
        """Whether the page is locked because it was submitted."""
        return isinstance(self.page.get_lock(), SubmittedLock)

    @property
    def decided_by_approval(self) -> bool:
        """Whether approval decides on it: while there are steps, and for what is under way."""
        return self.under_approval or approval_is_in_force(self.user)

    @property
    def may_take_down(self) -> bool:
        """Whether published pages are taken away by this person: approval put them there."""
        return not approval_is_in_force(self.user) or self.user.has_perm(TO_OPEN)

    def can_publish(self) -> bool:
        """Only approval publishes, once there are steps; else the right to publish does."""
        return super().can_publish() and not self.decided_by_approval

    def can_publish_subpage(self) -> bool:
        """The same for what is made, copied or aliased below it."""
        return super().can_publish_subpage() and not self.decided_by_approval

    def can_unpublish(self) -> bool:
        """What was approved is taken down by those who decide what opens."""
        return super().can_unpublish() and self.may_take_down

    def can_add_subpage(self) -> bool:
        """Nothing is added to what is under approval."""
        return not self.under_approval and super().can_add_subpage()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Nothing under approval is deleted, nor moved away; what is published is taken down."""
        if self.under_approval or (self.page.live and not self.may_take_down):
            return False
        return super().can_delete(ignore_bulk)

    def can_unlock(self) -> bool:
        """Approval's lock is opened by a decision only."""
        return not self.under_approval and super().can_unlock()

    def can_reorder_children(self) -> bool:
        """Who may edit may also order what the public has not seen; else who may publish."""
        if self.under_approval:
            return False
        if approval_is_in_force(self.user) and not self.page.live:
            return bool(self.can_edit())
        return super().can_reorder_children()

    def can_move_to(self, destination: Page) -> bool:
        """Neither into what is under approval, nor, published, to where nobody approved it."""
        target = destination.specific
        if self.under_approval:
            return False
        if isinstance(target, ApprovablePage) and isinstance(target.get_lock(), SubmittedLock):
            return False
        elsewhere = self.page.get_parent().pk != destination.pk
        if elsewhere and self.page.live and approval_is_in_force(self.user):
            return False
        return super().can_move_to(destination)


class ApprovablePage(BasePage):
    """A page of an exhibition, or the list of them.

    Under approval it is locked by Wagtail's own mark, by nobody in particular. The mark
    follows the rows of exhibitions.approval; no revision, copy or form sets it.
    """

    # A copy is not what was submitted.
    exclude_fields_in_copy = ["locked", "locked_at", "locked_by"]

    class Meta:
        abstract = True

    def get_lock(self) -> BaseLock | None:
        """Approval's lock where nobody in particular has locked it, else Wagtail's."""
        lock = super().get_lock()
        if isinstance(lock, BasicLock) and self.locked_by_id is None:
            return SubmittedLock(self)
        return lock

    @property
    def status_string(self) -> str:
        """What Wagtail's lists say of the page: under approval before anything else."""
        if not self.locked or self.locked_by_id is not None:
            return str(super().status_string)
        return _("published, under approval") if self.live else _("under approval")

    def get_workflow(self) -> Workflow | None:
        """None: an exhibition is approved as a whole, not page by page."""
        return None

    @property
    def has_workflow(self) -> bool:
        """False, see :meth:`get_workflow`."""
        return False

    def permissions_for_user(self, user: User) -> ApprovedContentTester:
        """What ``user`` may do with the page."""
        return ApprovedContentTester(user, self)
