"""What the screens of imports share: who comes, which import it is, its steps and addresses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.confinement import is_confined
from core.models import User
from exhibitions.admin.screens import ExhibitionScreen
from exhibitions.importing.rights import may_import
from exhibitions.importing.sheets import UnreadableSheet
from exhibitions.models import ExhibitionPage, Import, ImportState, PartPage


def imports_url(exhibition: ExhibitionPage) -> str:
    """The address of the imports of ``exhibition``."""
    return reverse("exhibitions_admin:imports", args=[exhibition.pk])


def step_url(job: Import, step: str) -> str:
    """The address of one step of ``job``."""
    return reverse(f"exhibitions_admin:import_{step}", args=[job.exhibition_id, job.pk])


def current_url(job: Import) -> str:
    """Where the work on ``job`` goes on."""
    return step_url(job, "check" if job.state == ImportState.PREPARING else "report")


def is_offered(user: User, exhibition: ExhibitionPage) -> bool:
    """Whether ``user`` is shown the way to imports and to the grid: who may come there is.

    Asked for on each row of a list: it needs no query for those who may add to the whole.
    """
    tester = exhibition.permissions_for_user(user)
    if user.is_active and (user.is_superuser or "add" in tester.permissions):
        return True
    return may_import(user, exhibition)


def parts_of(exhibition: ExhibitionPage) -> QuerySet[PartPage]:
    """The Parts of ``exhibition`` in order, with what rights on them are told by.

    Whoever asks for these rights on each of them makes no query a Part.
    """
    below = PartPage.objects.filter(path__startswith=exhibition.path, alias_of=None)
    parts: QuerySet[PartPage] = (
        below.order_by("path").prefetch_workflow_states().annotate_approved_schedule()
    )
    return parts


def parts_to_add_to(exhibition: ExhibitionPage, user: User) -> list[PartPage]:
    """The Parts of ``exhibition`` to which ``user`` may add items, in order."""
    return [part for part in parts_of(exhibition) if may_add_to(part, user)]


def may_add_to(part: PartPage, user: User) -> bool:
    """Whether ``user`` may add items to ``part`` now."""
    return bool(part.permissions_for_user(user).can_add_subpage())


class ImportScreen(ExhibitionScreen):
    """A screen for those who import into an exhibition."""

    page_title = _("Import from Excel")
    header_icon = "upload"

    def may_come(self) -> bool:
        """Who may add to the exhibition, or to a Part of it."""
        return may_import(self.user, self.exhibition)

    def own_url(self) -> str:
        """All imports of the exhibition."""
        return imports_url(self.exhibition)

    def imports(self) -> QuerySet[Import]:
        """The imports the person may see: all of them, or one's own on a part of the tree."""
        imports = Import.objects.filter(exhibition=self.exhibition)
        return imports.filter(by=self.user) if is_confined(self.user) else imports


class OneImportScreen(ImportScreen):
    """A screen about one import."""

    step = ""
    is_asked_by_a_script = False
    """Whether a script reads the answer: it is told with a status, not led elsewhere."""
    job: Import

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the import as well; from one that is not there, lead back to all of them."""
        self._number = kwargs["import_id"]
        try:
            return super().dispatch(request, *args, **kwargs)
        except Import.DoesNotExist:
            if self.is_asked_by_a_script:
                return JsonResponse({}, status=404)
            said = gettext("There is no such import here; perhaps it has been given up.")
            messages.warning(request, said)
            return redirect(self.own_url())

    def may_come(self) -> bool:
        """Who may import. Raises Import.DoesNotExist for an import they do not see."""
        if not super().may_come():
            return False
        self.job = self.imports().get(pk=self._number)
        return True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way by the imports of the exhibition."""
        here = {"url": "", "label": self.job.list_name}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The import and its steps."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(exhibition=self.exhibition, job=self.job, steps=_steps(self.job, self.step))
        return context


STEPS = (
    ("columns", _("Match the columns")),
    ("files", _("Send the files")),
    ("check", _("Check first")),
    ("report", _("Import")),
)


def _steps(job: Import, here: str) -> list[dict[str, Any]]:
    began = job.state != ImportState.PREPARING
    return [
        {
            "label": label,
            "url": step_url(job, name) if (name == "report") == began else "",
            "is_here": name == here,
        }
        for name, label in STEPS
        if not (name == "columns" and job.arrangement)
    ]


class PreparingScreen(OneImportScreen):
    """A step before the import begins; after that there is only its report."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The screen, while the import is being prepared."""
        if self.job.state != ImportState.PREPARING:
            return redirect(step_url(self.job, "report"))
        try:
            return super().get(request, *args, **kwargs)
        except UnreadableSheet as error:
            messages.error(request, str(error))
            return redirect(self.own_url())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What is decided on the screen, while the import is being prepared."""
        if self.job.state != ImportState.PREPARING:
            messages.warning(request, gettext("This import has begun already."))
            return redirect(step_url(self.job, "report"))
        try:
            return self.decide(request)
        except UnreadableSheet as error:
            messages.error(request, str(error))
            return redirect(self.own_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where the import is given up as well."""
        return {**super().get_context_data(**kwargs), "imports_url": self.own_url()}

    def decide(self, request: HttpRequest) -> HttpResponse:
        """Take in what was decided."""
        raise SuspiciousOperation("Nothing is decided on this screen.")
