"""The screens of an import: the list, its columns, its files, the check, and what it did.

A module for each step; ``screens`` holds what they share. Who is not a screen of an import
takes what they need from here.
"""

from __future__ import annotations

from exhibitions.admin.importing.checking import CheckView
from exhibitions.admin.importing.columns import ColumnsView
from exhibitions.admin.importing.files import FilesView, FileView
from exhibitions.admin.importing.listing import ImportsView, TemplateWorkbookView, WorkbookView
from exhibitions.admin.importing.report import ProgressView, ReportView
from exhibitions.admin.importing.screens import (
    imports_url,
    is_offered,
    may_add_to,
    parts_of,
    step_url,
)

__all__ = [
    "CheckView",
    "ColumnsView",
    "FileView",
    "FilesView",
    "ImportsView",
    "ProgressView",
    "ReportView",
    "TemplateWorkbookView",
    "WorkbookView",
    "imports_url",
    "is_offered",
    "may_add_to",
    "parts_of",
    "step_url",
]
