"""Models of the exhibitions app, one page type or family a file."""

from exhibitions.models.exhibitions import (
    EXHIBITION_DEPTH,
    ExhibitionIndexPage,
    ExhibitionOrganiser,
    ExhibitionPage,
)
from exhibitions.models.items import ItemMedium, ItemPage
from exhibitions.models.parts import PartPage
from exhibitions.models.records import Clearance, Opening
from exhibitions.models.vocabulary import (
    AccessLevel,
    ClearanceState,
    ExhibitionKind,
    ItemKind,
    NumeralStyle,
    OpeningState,
    OrganiserRole,
    Secrecy,
)

__all__ = [
    "EXHIBITION_DEPTH",
    "AccessLevel",
    "Clearance",
    "ClearanceState",
    "ExhibitionIndexPage",
    "ExhibitionKind",
    "ExhibitionOrganiser",
    "ExhibitionPage",
    "ItemKind",
    "ItemMedium",
    "ItemPage",
    "NumeralStyle",
    "Opening",
    "OpeningState",
    "OrganiserRole",
    "PartPage",
    "Secrecy",
]
