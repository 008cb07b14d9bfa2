"""Invitations: the codes under which agencies lead people to a page of the portal.

A code is looked up, never believed: where it leads is stored with it, and nothing of a
request has a say in that. It works until it is withdrawn, and while its page is public.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from analytics.api import CountableCode
from campaigns.models import CampaignPage, Channel, Invitation
from campaigns.models.campaigns import CODE_ALPHABET, CODE_LENGTH, new_code
from core.models import Organisation, OrganisationHost, User
from core.pictures import absolute_url
from core.vietnamese import slugify
from exhibitions.visibility import page_is_public

READABLE_LENGTH = 40
"""Characters of an agency's name in an address: what fits into one line of a letter."""

OTHER_AGENCY = "khac"
"""What stands in addresses for an agency that is not in the portal's list."""

# Read as the digits they look like; none of them is in the alphabet (Crockford).
_LOOK_ALIKES = str.maketrans("OIL", "011")
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")
# Two codes drawn alike are one chance in 10^12: the second draw is for that.
_DRAWS = 3

_MEDIUM_OF_WEBSITES = "banner"


def parse_code(written: str) -> str:
    """The code that is meant by ``written``, or "" when it cannot be one.

    However it was copied or read out: in small letters, with O for 0 or L for 1, in
    groups parted by hyphens or blanks.
    """
    if not written.isascii():
        return ""
    code = re.sub("[- ]", "", written).upper().translate(_LOOK_ALIKES)
    return code if _CODE.fullmatch(code) else ""


def code_in(readable: str) -> str:
    """The code at the end of ``xa-that-khe-7q2kabcd``, or "". What stands before is for people."""
    return parse_code(readable.replace("-", "")[-CODE_LENGTH:])


def find(code: str) -> Invitation | None:
    """The invitation that works under ``code``, however it is written; None when none does."""
    parsed = parse_code(code)
    if not parsed:
        return None
    found = _working().select_related("organisation", "campaign", "target")
    return found.filter(code=parsed).first()


def _working() -> QuerySet[Invitation]:
    return Invitation.objects.filter(withdrawn_at__isnull=True)


def invitation_for(
    campaign: CampaignPage, organisation: Organisation | None, channel: str, target: Page
) -> Invitation:
    """The one invitation of ``organisation`` to ``target`` on ``channel``, made when there is none.

    Where the links of the organisation were withdrawn it does not work, new or not: only
    an officer can let it work again.
    """
    return invitations_for(campaign, organisation, [channel], target)[channel]


def invitations_for(
    campaign: CampaignPage,
    organisation: Organisation | None,
    channels: Collection[str],
    target: Page,
) -> dict[str, Invitation]:
    """The invitations of ``organisation`` on each of ``channels``, as :func:`invitation_for`."""
    use = {"campaign": campaign, "organisation": organisation, "target": target, "place": ""}
    found = {each.channel: each for each in Invitation.objects.filter(**use, channel__in=channels)}
    given = {channel: found.get(channel) or _make(use, channel) for channel in channels}
    for invitation in given.values():
        invitation.campaign, invitation.organisation = campaign, organisation
        invitation.target = target
    return given


def _make(use: Mapping[str, Any], channel: str) -> Invitation:
    """Write a new invitation, or give the one that another request wrote a moment before."""
    withdrawn_at = _withdrawn_at(use["campaign"], use["organisation"])
    for _draw in range(_DRAWS):
        code = new_code()
        try:
            with transaction.atomic():
                return Invitation.objects.create(
                    code=code, channel=channel, withdrawn_at=withdrawn_at, **use
                )
        except IntegrityError:
            rival = Invitation.objects.filter(channel=channel, **use).first()
            if rival is not None:
                return rival
    raise IntegrityError("Every code that was drawn belongs to another invitation.")


def may_withdraw(user: User) -> bool:
    """Whether ``user`` may withdraw the links of agencies, and let them work again."""
    return user.has_perm("campaigns.change_invitation")


@transaction.atomic
def withdraw(campaign: CampaignPage, organisation: Organisation | None, *, by: User) -> None:
    """Let every link and picture of one agency in ``campaign`` answer as if it had never been.

    Those that would be made later as well. Raises PermissionDenied unless ``by`` may.
    """
    rows = _links_of(campaign, organisation, by)
    if rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now()):
        _log("campaigns.withdraw_links", campaign, organisation, by)


@transaction.atomic
def restore(campaign: CampaignPage, organisation: Organisation | None, *, by: User) -> None:
    """Let the withdrawn links of one agency work again: those that are printed already.

    Raises PermissionDenied unless ``by`` may.
    """
    rows = _links_of(campaign, organisation, by)
    if rows.filter(withdrawn_at__isnull=False).update(withdrawn_at=None):
        _log("campaigns.restore_links", campaign, organisation, by)


def _links_of(
    campaign: CampaignPage, organisation: Organisation | None, by: User
) -> QuerySet[Invitation]:
    if not may_withdraw(by):
        raise PermissionDenied
    return Invitation.objects.filter(campaign=campaign, organisation=organisation)


def _log(action: str, campaign: CampaignPage, organisation: Organisation | None, by: User) -> None:
    name = organisation.name if organisation else OTHER_AGENCY
    log(instance=campaign, action=action, user=by, data={"agency": name})


def _withdrawn_at(campaign: CampaignPage, organisation: Organisation | None) -> datetime | None:
    """When the links of an agency were withdrawn; None while they work."""
    rows = Invitation.objects.filter(campaign=campaign, organisation=organisation)
    return rows.aggregate(at=Max("withdrawn_at"))["at"]


def name_in_addresses(organisation: Organisation | None) -> str:
    """How an agency is called in addresses: "xa-that-khe", or "khac" for one not in the list."""
    if organisation is None:
        return OTHER_AGENCY
    return slugify(organisation.short_name or organisation.name, READABLE_LENGTH) or OTHER_AGENCY


def address_of(invitation: Invitation) -> str:
    """The link that is given away: absolute, readable, and with nothing an editor would break."""
    campaign = invitation.campaign
    readable = name_in_addresses(invitation.organisation)
    if invitation.organisation is None and campaign is not None:
        readable = slugify(campaign.slug, READABLE_LENGTH) or readable
    return absolute_url(reverse("invitation", args=[f"{readable}-{invitation.code.lower()}"]))


def banner_address(invitation: Invitation, form: str, extension: str) -> str:
    """The absolute address of a banner that an agency's page shows straight from here."""
    name = f"{invitation.code.lower()}-{form}.{extension}"
    return absolute_url(reverse("hot_linked_banner", args=[name]))


def landing(invitation: Invitation) -> str | None:
    """Where ``invitation`` leads to now, tagged with whose it is; None while it leads nowhere."""
    if invitation.withdrawn_at is not None or invitation.target is None:
        return None
    page = invitation.target.specific
    parts = page.get_url_parts() if page_is_public(page) else None
    if parts is None or not parts[2]:
        return None
    return f"{absolute_url(parts[2])}?{urlencode(_tags(invitation))}"


def _tags(invitation: Invitation) -> dict[str, str]:
    """What a statistics program, ours or another, is told of a visit."""
    channel = invitation.channel
    tags = {
        "utm_source": name_in_addresses(invitation.organisation),
        "utm_medium": _MEDIUM_OF_WEBSITES if channel == Channel.WEB else channel,
        "utm_campaign": invitation.campaign.slug if invitation.campaign else "",
        "utm_content": invitation.code.lower(),
    }
    return {name: value for name, value in tags.items() if value}


def countable_codes(codes: Collection[str]) -> dict[str, CountableCode]:
    """Of ``codes`` those that were given out and not withdrawn, with whose they are.

    The rule that counting asks (``analytics.api.set_code_rule``): two queries for any
    number of codes.
    """
    rows = list(
        _working()
        .filter(code__in=codes)
        .values_list(
            "code",
            "channel",
            "organisation_id",
            "organisation__name",
            "campaign_id",
            "campaign__title",
        )
    )
    hosts = _hosts_of({row[2] for row in rows if row[2] is not None})
    return {
        code: CountableCode(
            code=code,
            organisation=organisation,
            organisation_name=name or "",
            campaign=campaign,
            campaign_title=title or "",
            channel=channel,
            hosts=frozenset(hosts.get(organisation, ())),
        )
        for code, channel, organisation, name, campaign, title in rows
    }


def _hosts_of(organisations: Collection[int]) -> dict[int | None, list[str]]:
    hosts: dict[int | None, list[str]] = {}
    registered = OrganisationHost.objects.filter(organisation__in=organisations)
    for organisation, host in registered.values_list("organisation_id", "host"):
        hosts.setdefault(organisation, []).append(host)
    return hosts
