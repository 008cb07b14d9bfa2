"""Who is asking: a person who is counted, or one of those who are not.

Everything here looks at a WSGI environment and keeps neither address nor agent, in memory
either: they go into a keyed hash (:mod:`analytics.salts`) or are forgotten.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

from django.conf import settings
from is_bot import Bots

from analytics.vocabulary import Source

logger = logging.getLogger(__name__)

Environ = Mapping[str, Any]
Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

HASH_BYTES = 8
NOBODY = 0
"""In place of a hash: the reader asked not to be tracked, or the event was not counted."""

AGENT_LONGEST = 512
"""Characters of an agent that are looked at: a longer one is no browser's, and costs time."""

AGENT_SHORTEST = 20
"""No browser's name is shorter."""

AGENTS_REMEMBERED = 4096

_ROBOTS = Bots()

# What a reader's own network is cut to: an IPv6 household has a /64 of its own.
_IPV6_PREFIX = 64
# What budgets are kept for: neighbours that one attacker may have in hand.
_BUDGET_PREFIX_V4, _BUDGET_PREFIX_V6 = 24, 48

_SEARCH_ENGINES = frozenset({"google", "bing", "coccoc", "duckduckgo", "yahoo", "yandex"})
_OTHER_SOURCES: tuple[tuple[Source, tuple[str, ...]], ...] = (
    (Source.ZALO, ("zalo.me", "zaloapp.com", "zdn.vn")),
    (Source.FACEBOOK, ("facebook.com", "fb.com", "fb.me", "messenger.com")),
    (Source.YOUTUBE, ("youtube.com", "youtu.be")),
)


@lru_cache(maxsize=4)
def _networks(written: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(each, strict=False) for each in written)


def _parsed(address: str) -> Address | None:
    """The address that is written so, an IPv4 one also where it is written as IPv6.

    Some proxies write the port with it: ``203.0.113.7:5000``, ``[2001:db8::1]:5000``.
    """
    bare = address[1:].partition("]")[0] if address.startswith("[") else address
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        parsed = ip_address(bare)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _within(address: Address | None, networks: tuple[Network, ...]) -> bool:
    return address is not None and any(address in network for network in networks)


def client_address(environ: Environ) -> Address | None:
    """The address a request came from, as far as trusted proxies vouch for it.

    The last address in ``X-Forwarded-For`` that is not itself a trusted proxy's: what
    stands before it was written by whoever sent the request. None where that is no
    address. To be asked once a request: reading addresses takes time, and none is kept.
    """
    address = _parsed(str(environ.get("REMOTE_ADDR", "")))
    trusted = _networks(tuple(settings.TRUSTED_PROXIES))
    if not trusted or not _within(address, trusted):
        return address
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    for each in reversed([part.strip() for part in forwarded if part.strip()]):
        address = _parsed(each)
        if not _within(address, trusted):
            break
    return address


def is_internal(client: Address | None) -> bool:
    """Whether ``client`` is in the office's own networks (INTERNAL_NETWORKS).

    Also when a trusted proxy says of a request what is no address: then nobody knows where
    it comes from, and it is neither counted nor told to anyone else.
    """
    if settings.TRUSTED_PROXIES and client is None:
        _say_that_proxy_is_not_understood()
        return True
    internal = _networks(tuple(settings.INTERNAL_NETWORKS))
    return bool(internal) and _within(client, internal)


@lru_cache(maxsize=1)
def _say_that_proxy_is_not_understood() -> None:
    """Warn, once a process. Without what it said: that may be an address."""
    logger.warning("X-Forwarded-For of a trusted proxy holds no address: such visits do not count.")


def is_staff(environ: Environ) -> bool:
    """Whether a session cookie came with the request: only staff are ever given one."""
    session = f"{settings.SESSION_COOKIE_NAME}="
    cookies = str(environ.get("HTTP_COOKIE", "")).split(";")
    return any(each.strip().startswith(session) for each in cookies)


def is_prefetch(environ: Environ) -> bool:
    """Whether a browser fetches ahead what nobody may ever look at."""
    purpose = str(environ.get("HTTP_SEC_PURPOSE", "") or environ.get("HTTP_PURPOSE", ""))
    return "prefetch" in purpose or "prerender" in purpose or "preview" in purpose


def declines_tracking(environ: Environ) -> bool:
    """Whether the reader asked not to be tracked (DNT or Global Privacy Control)."""
    return environ.get("HTTP_DNT") == "1" or environ.get("HTTP_SEC_GPC") == "1"


# By a number that stands for the agent in this process only: agents are not kept.
_verdicts: dict[int, bool] = {}


def forget_agents() -> None:
    """Forget what was found out about agents: with the day, as all that is known of readers."""
    _verdicts.clear()


def _agent_is_robot(agent: str) -> bool:
    number = hash(agent)
    verdict = _verdicts.get(number)
    if verdict is None:
        if len(_verdicts) >= AGENTS_REMEMBERED:
            _verdicts.clear()
        too_short = len(agent) < AGENT_SHORTEST
        verdict = too_short or "HeadlessChrome" in agent or bool(_ROBOTS.is_bot(agent))
        _verdicts[number] = verdict
    return verdict


def is_robot(environ: Environ) -> bool:
    """Whether the agent is a robot's, a library's, or none at all."""
    return _agent_is_robot(_agent(environ))


def _agent(environ: Environ) -> str:
    return str(environ.get("HTTP_USER_AGENT", ""))[:AGENT_LONGEST]


def comes_from_elsewhere(environ: Environ) -> bool:
    """Whether the browser says that another site sent this request.

    Where a browser says nothing (``Sec-Fetch-Site`` and ``Origin`` are younger than some
    telephones) it is believed.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site:
        return bool(site != "same-origin")
    origin = environ.get("HTTP_ORIGIN")
    if not origin:
        return False
    host = str(origin).partition("://")[2]  # an origin has no path
    return host.lower() != str(environ.get("HTTP_HOST", "")).lower()


def _shortened(address: Address | None, prefix_v4: int, prefix_v6: int) -> bytes:
    if address is None:
        return b""
    # Arithmetic, for the standard library's networks take ten times as long.
    cut = address.max_prefixlen - (prefix_v4 if address.version == 4 else prefix_v6)
    return (int(address) >> cut << cut).to_bytes(address.max_prefixlen // 8, "big")


def visitor_hash(environ: Environ, client: Address | None, salt: bytes) -> int:
    """A number of 64 bits that stands for a visitor as long as ``salt`` exists.

    Made of the address ``client``, agent and host; never :data:`NOBODY`.
    """
    network = _shortened(client, 32, _IPV6_PREFIX)
    agent = _agent(environ).encode("utf-8", "replace")
    host = str(environ.get("HTTP_HOST", "")).lower().encode("utf-8", "replace")
    hashed = blake2b(key=salt, digest_size=HASH_BYTES)
    hashed.update(b"\0".join((network, agent, host)))
    return int.from_bytes(hashed.digest(), "little") or 1


def network_hash(client: Address | None, salt: bytes) -> int:
    """A number of 64 bits that stands for the neighbourhood of the address ``client``."""
    network = _shortened(client, _BUDGET_PREFIX_V4, _BUDGET_PREFIX_V6)
    hashed = blake2b(network, key=salt, digest_size=HASH_BYTES)
    return int.from_bytes(hashed.digest(), "little")


def source_of(referrer_host: str) -> Source:
    """Where a reader came from, by the host the browser names; agencies are told apart later."""
    host = referrer_host.lower().partition(":")[0].rstrip(".")
    if not host:
        return Source.UNKNOWN
    for source, domains in _OTHER_SOURCES:
        if any(host == each or host.endswith(f".{each}") for each in domains):
            return source
    if _SEARCH_ENGINES.intersection(host.split(".")[:-1]):
        return Source.SEARCH
    return Source.ELSEWHERE
