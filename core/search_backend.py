"""Wagtail's database search with every query folded, as the index is.

Named in ``WAGTAILSEARCH_BACKENDS``. Whoever types into any search of the portal or its
admin, with marks, without, or with a lone quotation mark, which SQLite's search would
take for an unfinished phrase, is understood alike.
"""

from __future__ import annotations

from typing import Any

from wagtail.search.backends import database

from core.vietnamese import fold


class FoldedQueriesMixin:
    """Folds what was typed; query objects built in code are passed on as they are."""

    def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Find whole words."""
        return super().search(_folded(query), *args, **kwargs)  # type: ignore[misc]

    def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Find words by their beginnings."""
        return super().autocomplete(_folded(query), *args, **kwargs)  # type: ignore[misc]


def _folded(query: Any) -> Any:
    return fold(query) if isinstance(query, str) else query


def SearchBackend(params: dict[str, Any]) -> Any:
    """The backend of the database at hand, folding its queries."""
    plain = type(database.SearchBackend(params))
    return type(f"Folded{plain.__name__}", (FoldedQueriesMixin, plain), {})(params)
