"""Documents that stay as they are: an app has put them on record.

This app does not know which those are; the apps above it say so by a rule each.
"""

from __future__ import annotations

from collections.abc import Callable

from core.models.media import CustomDocument

KeepingRule = Callable[[CustomDocument], str]
"""Gives why the file of a document may not be replaced, or "" when it may."""

_rules: list[KeepingRule] = []


def register(rule: KeepingRule) -> None:
    """Ask ``rule`` as well, from now on."""
    if rule not in _rules:
        _rules.append(rule)


def reason_to_keep(document: CustomDocument) -> str:
    """Why the file of ``document`` stays as it is, or "" when it may be replaced."""
    return next((reason for rule in _rules if (reason := rule(document))), "")
