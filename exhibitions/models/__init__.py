"""Models of the exhibitions app, one page type or family a file."""

from exhibitions.models.approvable import ApprovablePage, SubmittedLock
from exhibitions.models.approval import (
    ApprovalDecision,
    ApprovalStep,
    Submission,
    SubmittedPage,
)
from exhibitions.models.exhibitions import (
    EXHIBITION_DEPTH,
    ExhibitionIndexPage,
    ExhibitionOrganiser,
    ExhibitionPage,
)
from exhibitions.models.importing import (
    AT_WORK,
    KNOWN_BY,
    Arrangement,
    Import,
    ImportAction,
    ImportFile,
    ImportFileState,
    ImportState,
    ImportStep,
)
from exhibitions.models.items import ItemMedium, ItemPage
from exhibitions.models.parts import PartPage
from exhibitions.models.preview import Opinion, PreviewLink
from exhibitions.models.records import Clearance, Opening
from exhibitions.models.vocabulary import (
    AccessLevel,
    ApprovalState,
    ClearanceState,
    ExhibitionKind,
    ItemKind,
    NumeralStyle,
    OpeningState,
    OrganiserRole,
    Secrecy,
    SubmissionScope,
    Verdict,
)

__all__ = [
    "AT_WORK",
    "EXHIBITION_DEPTH",
    "KNOWN_BY",
    "AccessLevel",
    "ApprovablePage",
    "ApprovalDecision",
    "ApprovalState",
    "ApprovalStep",
    "Arrangement",
    "Clearance",
    "ClearanceState",
    "ExhibitionIndexPage",
    "ExhibitionKind",
    "ExhibitionOrganiser",
    "ExhibitionPage",
    "Import",
    "ImportAction",
    "ImportFile",
    "ImportFileState",
    "ImportState",
    "ImportStep",
    "ItemKind",
    "ItemMedium",
    "ItemPage",
    "NumeralStyle",
    "Opening",
    "OpeningState",
    "Opinion",
    "OrganiserRole",
    "PartPage",
    "PreviewLink",
    "Secrecy",
    "Submission",
    "SubmissionScope",
    "SubmittedLock",
    "SubmittedPage",
    "Verdict",
]
