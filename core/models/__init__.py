"""Models of the core app, one family a file."""

from core.models.append_only import AppendOnlyModel
from core.models.base import BasePage
from core.models.hosts import HostAlias
from core.models.media import (
    CustomDocument,
    CustomImage,
    CustomRendition,
    PublicationCeiling,
    RenditionSet,
)
from core.models.occasions import Occasion
from core.models.organisations import Organisation, OrganisationHost, OrganisationKind
from core.models.people import User
from core.models.portal import PortalSettings
from core.models.roles import OrganisationEditors, RoleBaseline, RoleChange, RoleChangeKind

__all__ = [
    "AppendOnlyModel",
    "BasePage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "HostAlias",
    "Occasion",
    "Organisation",
    "OrganisationEditors",
    "OrganisationHost",
    "OrganisationKind",
    "PortalSettings",
    "PublicationCeiling",
    "RenditionSet",
    "RoleBaseline",
    "RoleChange",
    "RoleChangeKind",
    "User",
]
