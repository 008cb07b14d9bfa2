"""How far an import is and what it did; to stop it, to go on, to take it back."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Page as Screenful
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from core.confinement import pages_seen_by
from exhibitions.admin.importing.screens import OneImportScreen, step_url
from exhibitions.importing import jobs
from exhibitions.importing.folder import said_of_a_full_disk
from exhibitions.importing.undoing import reason_against_undoing
from exhibitions.models import Import, ImportAction, ImportState, ImportStep

logger = logging.getLogger(__name__)

STEPS_ON_A_SCREEN = 100
MOST_TELLING_FIRST = (
    ImportAction.SKIPPED,
    ImportAction.CHANGED_ITEM,
    ImportAction.MADE_ITEM,
    ImportAction.MADE_PART,
    ImportAction.ORDERED,
)
"""Which steps a report opens with: what was left out, before what was done."""
SHOWN = ("row", "page", "title", "note", "undone")
"""What the report tells of a step; what it was before and after is left in the database."""


class ReportView(OneImportScreen):
    """How far an import is and what it did; to stop it, to go on, to take it back."""

    template_name = "exhibitions/admin/importing/report.html"
    step = "report"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The report, once there is one."""
        if self.job.state == ImportState.PREPARING:
            return redirect(step_url(self.job, "check"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Stop, go on, or take back."""
        match request.POST.get("action"):
            case "stop":
                jobs.stop(self.job)
                reasons = []
            case "go-on":
                reasons = jobs.go_on(self.job, by=self.user)
            case "undo":
                reasons = jobs.undo(self.job, by=self.user)
            case "again":
                return self._begin_again(request)
            case _:
                raise SuspiciousOperation("No such action.")
        for reason in reasons:
            messages.error(request, reason.text)
        return redirect(step_url(self.job, "report"))

    def _begin_again(self, request: HttpRequest) -> HttpResponse:
        try:
            job = jobs.begin_again(self.job, by=self.user)
        except FileNotFoundError:
            messages.error(request, jobs.said_of_a_lost_list())
            return redirect(step_url(self.job, "report"))
        except OSError:
            logger.exception("The import %d could not be begun again.", self.job.pk)
            messages.error(request, said_of_a_full_disk())
            return redirect(step_url(self.job, "report"))
        return redirect(step_url(job, "check"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The progress, and a screenful of the steps of one kind."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        counts = steps_by_action(self.job)
        shown = self._shown(counts)
        kept = kept_steps(self.job)
        context.update(
            progress=progress_of(self.job),
            progress_url=step_url(self.job, "progress"),
            counts=[(action.value, action.label, count) for action, count in counts.items()],
            shown=shown,
            page_of_steps=self._page(self.job.steps.filter(action=shown), "p"),
            page_of_kept=self._page(kept, "giu"),
            may_undo=not reason_against_undoing(self.job),
            may_go_on=self.job.state == ImportState.STOPPED
            and not self.job.steps.exclude(undone="").exists(),
            grid_url=reverse("exhibitions_admin:grid", args=[self.exhibition.pk]),
        )
        return context

    def _shown(self, counts: dict[ImportAction, int]) -> str:
        """Of which kind the steps are listed: the one that was asked for, else the most telling."""
        wanted = self.request.GET.get("viec", "")
        telling = (each for each in MOST_TELLING_FIRST if each in counts)
        return wanted if wanted in counts else str(next(telling, ""))

    def _page(self, steps: QuerySet[ImportStep], name: str) -> Screenful:
        """A screenful of steps, each with what its page is called now, if the person sees it."""
        paginator = Paginator(steps.values(*SHOWN), STEPS_ON_A_SCREEN)
        screenful = paginator.get_page(self.request.GET.get(name))
        told = list(screenful.object_list)
        numbers = [step["page"] for step in told if step["page"]]
        seen = pages_seen_by(self.user).filter(pk__in=numbers)
        titles = dict(seen.values_list("pk", "draft_title"))
        screenful.object_list = [
            {**step, "title_now": titles.get(step["page"]) or step["title"]} for step in told
        ]
        return screenful


def steps_by_action(job: Import) -> dict[ImportAction, int]:
    """How many steps of each kind the import did, in the order they are told. One query."""
    rows = job.steps.order_by().values_list("action").annotate(count=Count("pk"))
    counts = dict(rows)
    return {action: counts[action] for action in ImportAction if action in counts}


def kept_steps(job: Import) -> QuerySet[ImportStep]:
    """The steps of which something stays although the import was taken back."""
    return job.steps.filter(stays=True)


def progress_of(job: Import) -> dict[str, Any]:
    """How far an import is, for the bar and the script that renews it."""
    undone = job.steps.exclude(undone="").count()
    going_back = job.state == ImportState.UNDOING
    total = job.steps.count() if going_back else job.total
    done = undone if going_back else min(job.done, job.total)
    return {
        "state": job.state,
        "label": str(job.get_state_display()),
        "done": done,
        "total": total,
        "at_work": job.is_at_work,
    }


class ProgressView(OneImportScreen):
    """How far an import is, for the script of its report."""

    is_asked_by_a_script = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The figures, never stored."""
        answer = JsonResponse(progress_of(self.job))
        answer["Cache-Control"] = "no-store"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Figures are only read."""
        raise Http404
