"""The files of an import: what has come, sending more, and taking some out again."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages

from core.row_numbers import row_number
from exhibitions.admin.importing.screens import OneImportScreen, PreparingScreen, step_url
from exhibitions.importing import jobs
from exhibitions.importing.arriving import (
    PIECE,
    Announced,
    NotNow,
    WrongPlace,
    announce,
    arrived_bytes,
    receive,
    remove,
)
from exhibitions.importing.filenames import natural_key
from exhibitions.importing.folder import said_of_a_full_disk
from exhibitions.models import (
    Arrangement,
    ExhibitionPage,
    Import,
    ImportFile,
    ImportFileState,
    ImportState,
)

logger = logging.getLogger(__name__)

LONGEST_ANNOUNCEMENT = 2 * 1024 * 1024


class FilesView(PreparingScreen):
    """The files of an import: what has come, sending more, taking some out."""

    template_name = "exhibitions/admin/importing/files.html"
    step = "files"

    def decide(self, request: HttpRequest) -> HttpResponse:
        """Answer a script that announces files, or take in what a form says."""
        if request.content_type == "application/json":
            return self._answer_announcement(request)
        if "take_out" in request.POST:
            self._take_out(row_number(request.POST["take_out"]))
        elif request.POST.get("action") in ("arrangement", "keep-arrangement"):
            self._arrange(request.POST.get("arrangement", ""))
            if request.POST["action"] == "arrangement":
                return redirect(step_url(self.job, "check"))
        else:
            self._take_plainly(request)
        return redirect(step_url(self.job, "files"))

    def _answer_announcement(self, request: HttpRequest) -> HttpResponse:
        """Where each of the files goes on."""
        coming = _announced(request.read(LONGEST_ANNOUNCEMENT))
        try:
            files = announce(self.job, coming)
        except NotNow as reason:
            return JsonResponse({"reason": str(reason)}, status=409)
        told = [{**_told(file), "url": _file_url(file, self.exhibition)} for file in files]
        return JsonResponse({"piece": PIECE, "files": told})

    def _take_plainly(self, request: HttpRequest) -> None:
        """Without JavaScript: files sent with the form."""
        uploads = request.FILES.getlist("files")
        try:
            rows = announce(
                self.job, [Announced(each.name or "", each.size or 0) for each in uploads]
            )
        except NotNow as reason:
            messages.error(request, str(reason))
            return
        self._say_what_was_there(rows)
        try:
            for row, upload in zip(rows, uploads, strict=True):
                upload.seek(arrived := arrived_bytes(row))
                receive(row, arrived, upload)
        except WrongPlace:
            messages.error(request, gettext("The same file is being sent in another window."))
        except OSError:
            logger.exception("Files could not be taken in.")
            messages.error(request, said_of_a_full_disk())

    def _say_what_was_there(self, rows: Iterable[ImportFile]) -> None:
        sent_anew = (ImportFileState.ARRIVING, ImportFileState.REFUSED)
        count = sum(row.state not in sent_anew for row in rows)
        if count:
            said = gettext(
                "Files that were there already (same name, same size) and were not sent again: "
                "%(count)s."
            )
            messages.info(self.request, said % {"count": count})

    def _take_out(self, number: int) -> None:
        """Take a file out; one that another window has taken out is out."""
        file = self.job.files.select_related("of_import").filter(pk=number).first()
        if file is None:
            return
        remove(file)
        messages.success(
            self.request, gettext("“%(name)s” was taken out of this import.") % {"name": file.name}
        )

    def _arrange(self, arrangement: str) -> None:
        """Let the files of an import without a list become something else."""
        if not self.job.arrangement or arrangement not in Arrangement.values:
            raise SuspiciousOperation("No such arrangement.")
        for reason in jobs.arrange(self.job, Arrangement(arrangement)):
            messages.warning(self.request, reason.text)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The files that came, those that are not good first."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            **_files_by_state(self.job),
            part=self.job.default_part if self.job.arrangement else None,
            arrangements=Arrangement.choices,
            check_url=step_url(self.job, "check"),
        )
        return context


def _files_by_state(job: Import) -> dict[str, list[ImportFile]]:
    """What each list of the screen shows, in the order of the names."""
    files = sorted(job.files.all(), key=lambda file: natural_key(file.name))
    own = [file for file in files if file.archive_id is None]
    return {
        "refused": [file for file in files if file.state == ImportFileState.REFUSED],
        "arriving": [file for file in own if file.state == ImportFileState.ARRIVING],
        "waiting": [file for file in files if file.state == ImportFileState.ARRIVED],
        "unpacked": [file for file in own if file.state == ImportFileState.UNPACKED],
        "ready": [file for file in files if file.state == ImportFileState.READY],
    }


def _announced(body: bytes) -> list[Announced]:
    """The files that a script announces. Raises SuspiciousOperation for anything else."""
    try:
        rows = json.loads(body)
        told = [(each["name"], each["size"]) for each in rows]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SuspiciousOperation("No list of files.") from error
    if not isinstance(rows, list) or not all(
        isinstance(name, str) and type(size) is int and size >= 0 for name, size in told
    ):
        raise SuspiciousOperation("No names with sizes.")
    return [Announced(name, size) for name, size in told]


def _file_url(file: ImportFile, exhibition: ExhibitionPage) -> str:
    return reverse(
        "exhibitions_admin:import_file", args=[exhibition.pk, file.of_import_id, file.pk]
    )


def _told(file: ImportFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "size": file.size,
        "arrived": arrived_bytes(file),
        "state": file.state,
        "label": file.get_state_display(),
        "reason": file.reason,
    }


class FileView(OneImportScreen):
    """One file of an import: its pieces as they come (RFC 5789 PATCH at an offset)."""

    http_method_names = ["get", "patch", "delete"]
    is_asked_by_a_script = True

    def file(self) -> ImportFile:
        """The file the address is about."""
        files = self.job.files.select_related("of_import")
        found: ImportFile = get_object_or_404(files, pk=self.kwargs["file_id"])
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """How much of it has come, and what was found of it."""
        return JsonResponse(_told(self.file()))

    def patch(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take in a piece that begins at ``Upload-Offset``."""
        file = self.file()
        if self.job.state != ImportState.PREPARING:
            return JsonResponse({"reason": gettext("This import has begun already.")}, status=409)
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 20):
            raise SuspiciousOperation("No offset.")
        try:
            receive(file, int(offset), request)
        except WrongPlace as wrong:
            return JsonResponse({"arrived": wrong.arrived}, status=409)
        except OSError:
            logger.exception("A piece of the file %d could not be taken in.", file.pk)
            return JsonResponse({"reason": said_of_a_full_disk()}, status=507)
        return JsonResponse(_told(file))

    def delete(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take a file out again, before the import begins."""
        if self.job.state != ImportState.PREPARING:
            return JsonResponse({"reason": gettext("This import has begun already.")}, status=409)
        remove(self.file())
        return HttpResponse(status=204)
