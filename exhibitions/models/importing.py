"""Lists that editors import into an exhibition: what was decided about each, and what it did.

Rows of work, not of decision: an import is prepared, runs, and can be taken back. What it
made and changed is kept row by row, so that taking it back touches nothing else.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.media import random_key


class ImportState(models.TextChoices):
    """Where an import stands."""

    PREPARING = "preparing", _("Being prepared")
    WAITING = "waiting", _("Waiting to be imported")
    RUNNING = "running", _("Being imported")
    STOPPED = "stopped", _("Stopped")
    FINISHED = "finished", _("Imported")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Import taken back")


AT_WORK = (ImportState.WAITING, ImportState.RUNNING, ImportState.UNDOING)
"""States in which a task changes the exhibition; one import of an exhibition at a time."""


class ImportFileState(models.TextChoices):
    """Where a file that was sent stands."""

    ARRIVING = "arriving", _("Arriving")
    ARRIVED = "arrived", _("Being looked at")
    READY = "ready", _("Ready")
    UNPACKED = "unpacked", _("Unpacked")
    REFUSED = "refused", _("Refused")


class Arrangement(models.TextChoices):
    """What files become that come without a list."""

    ITEMS = "items", _("An item for each file")
    PAGES = "pages", _("Pages of one item")
    SIDES = "sides", _("Front and back of one item, two by two")


class ImportAction(models.TextChoices):
    """What a step of an import did."""

    MADE_PART = "made_part", _("Part made")
    MADE_ITEM = "made_item", _("Item made")
    CHANGED_ITEM = "changed_item", _("Item changed")
    ORDERED = "ordered", _("Put in order")
    SKIPPED = "skipped", _("Left out")


class Import(models.Model):
    """One list imported into one exhibition ("Lần nhập")."""

    exhibition = models.ForeignKey(
        "exhibitions.ExhibitionPage",
        verbose_name=_("exhibition"),
        on_delete=models.CASCADE,
        related_name="imports",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    by_name = models.CharField(_("by"), max_length=255, blank=True)
    made_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ImportState.choices, default=ImportState.PREPARING
    )
    stop_requested = models.BooleanField(default=False)
    key = models.CharField(max_length=32, unique=True, default=random_key)
    """Names the folder of its files."""

    list_name = models.CharField(_("list"), max_length=255)
    arrangement = models.CharField(
        max_length=8, choices=Arrangement.choices, blank=True, default=""
    )
    """What its files become; "" for an import with a list."""
    sheet = models.CharField(_("sheet"), max_length=255, blank=True)
    heading_row = models.PositiveIntegerField(_("row of the headings"), null=True, blank=True)
    headings = models.JSONField(default=list)
    headings_key = models.CharField(max_length=64, blank=True, db_index=True)
    columns = models.JSONField(default=dict)
    """Names of columns by index of the heading, written as text."""
    empty_clears = models.BooleanField(_("empty cells clear"), default=False)
    default_part = models.ForeignKey(
        "exhibitions.PartPage",
        verbose_name=_("Part for rows that name none"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    repairs = models.JSONField(default=dict)
    """Texts that stand for those of cells: by "row:index"; without a list by
    "arrangement:file:index"."""
    kept = models.JSONField(default=list)
    """Cells whose text stays as it is, although it looks wrong; named in the same way."""
    people = models.JSONField(default=list)
    """Folded names of sources that are people."""

    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True, default="")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exhibition"],
                condition=models.Q(state__in=[state.value for state in AT_WORK]),
                name="exhibitions_import_one_at_work",
            )
        ]

    def __str__(self) -> str:
        return self.list_name

    @property
    def is_at_work(self) -> bool:
        """Whether a task works on it, or is about to."""
        return self.state in AT_WORK


class ImportFile(models.Model):
    """A file that was sent for an import, on its own or within an archive."""

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=400)
    """Its name with the folders it came in, "/" between them."""
    size = models.PositiveBigIntegerField(default=0)
    """Bytes, as it was announced."""
    state = models.CharField(
        max_length=12, choices=ImportFileState.choices, default=ImportFileState.ARRIVING
    )
    reason = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    """Openings that were begun and came to no end, because the process died with them."""
    goes_on_at = models.PositiveIntegerField(default=0)
    """Of an archive or a PDF: the place in it at which its opening goes on. What stands before
    has a row, or had one until somebody took it out."""
    archive = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="members"
    )
    kind = models.CharField(max_length=8, blank=True, default="")
    """What it is by its content: image or document, or what is yet to be opened: archive, pdf
    or heic, of which the last becomes an image. "" while it arrives."""
    extension = models.CharField(max_length=8, blank=True, default="")
    frames = models.PositiveSmallIntegerField(default=1)
    content_hash = models.CharField(max_length=40, blank=True, default="")
    image = models.ForeignKey(
        "core.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    document = models.ForeignKey(
        "core.CustomDocument", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["of_import", "name"], name="exhibitions_importfile_unique_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


KNOWN_BY = ("title", "date", "file", "reference")
"""Fields by which an item is known again when its list comes once more."""


class ImportStep(models.Model):
    """What an import did at one row: written in the same transaction as what it tells of."""

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    """Names the step within its import; a step is never done twice."""
    row = models.PositiveIntegerField(default=0)
    action = models.CharField(max_length=12, choices=ImportAction.choices)
    page = models.PositiveIntegerField(null=True)
    """Number of the page it made or changed."""
    title = models.CharField(max_length=255, blank=True)
    note = models.TextField(blank=True, default="")
    before = models.JSONField(default=dict)
    """Fields as they were, of what it changed."""
    after = models.JSONField(default=dict)
    """The same fields as it left them; of an item also the fingerprint of the row that told of
    it, and where it made the item those fields it is KNOWN_BY."""
    images = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    """Numbers of files of the library it made."""
    undone = models.TextField(blank=True, default="")
    """What became of it when the import was taken back; "" before."""
    stays = models.BooleanField(default=False)
    """Whether something of it is left although the import was taken back."""

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["of_import", "key"], name="exhibitions_importstep_unique_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_action_display()}"
