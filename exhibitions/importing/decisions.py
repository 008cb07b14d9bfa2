"""What an editor decides about a list before it is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Decisions:
    """What the editor decided about a list. Cells are named "row:index" of the column."""

    columns: Mapping[int, str]
    """Which column each heading is, by its index."""
    list_name: str
    heading_row: int
    headings: Sequence[str] = ()
    repairs: Mapping[str, str] = field(default_factory=dict)
    """Texts that stand for those of cells."""
    kept: frozenset[str] = frozenset()
    """Cells that stay as they are, although they look wrong."""
    empty_clears: bool = False
    default_part: int | None = None
    known_by_files: bool = False
    """Whether a row tells of an item that is there only if that shows the same files in the
    same Part: so of lists that were made of files, whose titles are those of cameras."""
