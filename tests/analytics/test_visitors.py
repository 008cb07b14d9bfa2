"""Who is a reader, who is not, and what is known of a reader: as little as can be."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics import visitors
from analytics.third_party import may_be_told
from analytics.vocabulary import Source
from tests.analytics.readers import ANDROID, PEOPLE, ROBOTS, SAFARI_IOS, asking

SALT, OTHER_SALT = b"m" * 32, b"h" * 32


def client_address(environ: dict[str, Any]) -> str:
    return str(visitors.client_address(environ))


def is_internal(environ: dict[str, Any]) -> bool:
    return visitors.is_internal(visitors.client_address(environ))


def visitor_hash(environ: dict[str, Any], salt: bytes) -> int:
    return visitors.visitor_hash(environ, visitors.client_address(environ), salt)


def network_hash(environ: dict[str, Any], salt: bytes) -> int:
    return visitors.network_hash(visitors.client_address(environ), salt)


class TestRobots:
    @pytest.mark.parametrize("agent", ROBOTS.values(), ids=ROBOTS.keys())
    def test_a_robot_is_known_by_its_name(self, agent: str) -> None:
        assert visitors.is_robot(asking(agent=agent))

    @pytest.mark.parametrize("agent", PEOPLE.values(), ids=PEOPLE.keys())
    def test_people_in_viet_nam_are_not_taken_for_robots(self, agent: str) -> None:
        assert not visitors.is_robot(asking(agent=agent))

    def test_who_gives_no_name_at_all_is_a_robot(self) -> None:
        assert visitors.is_robot({"REMOTE_ADDR": "113.160.1.1"})

    def test_a_name_of_six_kilobytes_costs_no_more_than_a_browsers(self) -> None:
        endless = ANDROID + " Mobile" * 900
        visitors._verdicts.clear()
        started = time.process_time()
        assert not visitors.is_robot(asking(agent=endless))
        assert time.process_time() - started < 0.015, "the whole of it was searched"

    def test_nothing_beyond_the_longest_browsers_name_tells_readers_apart(self) -> None:
        long = ANDROID.ljust(visitors.AGENT_LONGEST, "x")
        first = visitor_hash(asking(agent=long + "one"), SALT)
        assert first == visitor_hash(asking(agent=long + "another"), SALT)
        assert first != visitor_hash(asking(agent=long[:-1] + "y"), SALT)


class TestStaff:
    @pytest.mark.parametrize("cookies", ["sessionid=abc", "csrftoken=x; sessionid=abc"])
    def test_whoever_is_signed_in_is_staff(self, cookies: str) -> None:
        assert visitors.is_staff(asking(COOKIE=cookies))

    @pytest.mark.parametrize(
        "cookies", ["", "csrftoken=sessionid", "portal_sessionid=abc; theme=dark", "sessionid"]
    )
    def test_cookies_of_other_sites_make_nobody_staff(self, cookies: str) -> None:
        assert not visitors.is_staff(asking(COOKIE=cookies))

    def test_the_name_of_the_session_is_that_of_the_installation(self, settings: Any) -> None:
        settings.SESSION_COOKIE_NAME = "phien"
        assert visitors.is_staff(asking(COOKIE="phien=abc"))
        assert not visitors.is_staff(asking(COOKIE="sessionid=abc"))


class TestAddress:
    """Where a request comes from is what a trusted proxy says, and nobody else."""

    def test_without_a_proxy_a_forwarded_address_is_not_believed(self) -> None:
        forged = asking(
            X_FORWARDED_FOR="10.1.2.3", X_REAL_IP="10.1.2.3", CF_CONNECTING_IP="1.1.1.1"
        )
        assert client_address(forged) == "113.160.1.1"

    def test_nor_from_somebody_who_is_not_the_proxy(self, settings: Any) -> None:
        settings.TRUSTED_PROXIES = ("10.0.0.5",)
        assert client_address(asking(X_FORWARDED_FOR="1.2.3.4")) == "113.160.1.1"

    @pytest.mark.parametrize(
        ("forwarded", "client"),
        [
            ("14.162.1.9", "14.162.1.9"),
            ("6.6.6.6, 14.162.1.9", "14.162.1.9"),
            ("6.6.6.6, 10.0.0.77, 14.162.1.9", "14.162.1.9"),
            ("6.6.6.6, 14.162.1.9, 10.0.0.6", "14.162.1.9"),
            ("14.162.1.9,10.0.0.6,10.0.0.7", "14.162.1.9"),
            ("6.6.6.6, 14.162.1.9, ::ffff:10.0.0.6", "14.162.1.9"),
            ("6.6.6.6, 2405:4802::7", "2405:4802::7"),
            (" , ,14.162.1.9, ", "14.162.1.9"),
            ("10.0.0.7", "10.0.0.7"),
            ("", "10.0.0.5"),
        ],
    )
    def test_the_last_address_no_proxy_of_ours_has_is_the_readers(
        self, settings: Any, forwarded: str, client: str
    ) -> None:
        settings.TRUSTED_PROXIES = ("10.0.0.0/24",)
        environ = asking("10.0.0.5", X_FORWARDED_FOR=forwarded)
        assert client_address(environ) == client

    def test_a_proxy_that_connects_by_ipv6_is_known_as_well(self, settings: Any) -> None:
        settings.TRUSTED_PROXIES = ("10.0.0.5", "fd00::/8")
        for proxy in ("::ffff:10.0.0.5", "fd00::1"):
            environ = asking(proxy, X_FORWARDED_FOR="14.162.1.9")
            assert client_address(environ) == "14.162.1.9"

    def test_what_a_proxy_passes_on_unchecked_is_nobody_of_the_office(self, settings: Any) -> None:
        settings.TRUSTED_PROXIES, settings.INTERNAL_NETWORKS = ("10.0.0.5",), ("10.20.0.0/16",)
        forged = asking("10.0.0.5", X_FORWARDED_FOR="10.20.1.1, 14.162.1.9")
        assert not is_internal(forged)

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_no_garbage_in_an_address_is_ever_an_error(self, address: str, forwarded: str) -> None:
        environ = asking(address, X_FORWARDED_FOR=forwarded)
        assert visitor_hash(environ, SALT) != visitors.NOBODY
        assert network_hash(environ, SALT) >= 0
        assert not is_internal(environ)


class TestInternalNetworks:
    @pytest.mark.parametrize(
        ("address", "ours"),
        [
            ("10.20.3.4", True),
            ("::ffff:10.20.3.4", True),
            ("10.21.0.1", False),
            ("2001:db8:7::5", True),
            ("2001:db8:8::5", False),
            ("unix:", False),
            ("", False),
        ],
    )
    def test_the_offices_own_addresses(self, settings: Any, address: str, ours: bool) -> None:
        settings.INTERNAL_NETWORKS = ("10.20.0.0/16", "2001:db8:7::/48")
        assert is_internal(asking(address)) is ours

    def test_where_none_are_named_nobody_is_internal(self) -> None:
        assert not is_internal(asking("127.0.0.1"))


class TestProxyThatWritesOtherwise:
    @pytest.fixture(autouse=True)
    def proxy(self, settings: Any) -> None:
        settings.TRUSTED_PROXIES = ("10.0.0.1",)
        settings.INTERNAL_NETWORKS = ("10.5.0.0/16", "2001:db8:5::/48")
        visitors._say_that_proxy_is_not_understood.cache_clear()

    def forwarded(self, written: str) -> dict[str, Any]:
        return asking(address="10.0.0.1", X_FORWARDED_FOR=written)

    @pytest.mark.parametrize(
        ("written", "internal"),
        [
            ("203.0.113.1:5000", False),
            ("10.5.0.7:81", True),
            ("[2001:db8:5::1]:443", True),
            ("[2001:db8:9::1]", False),
            ("2001:db8:5::1", True),
        ],
    )
    def test_a_port_beside_the_address_is_not_part_of_it(
        self, written: str, internal: bool
    ) -> None:
        assert is_internal(self.forwarded(written)) is internal

    def test_readers_behind_it_stay_apart(self) -> None:
        salt = bytes(32)
        one, same, other = (
            visitor_hash(self.forwarded(written), salt)
            for written in ("203.0.113.1:5000", "203.0.113.1:5001", "198.51.100.9:5000")
        )
        assert one == same != other

    def test_what_is_no_address_is_nobody_to_be_counted_or_told_of(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        for written in ("unknown", "_hidden", "dia-chi-la"):
            assert is_internal(self.forwarded(written))
            assert not may_be_told(self.forwarded(written))
        warnings = [each.getMessage() for each in caplog.records]
        assert len(warnings) == 1
        assert "dia-chi-la" not in warnings[0]


def test_what_is_remembered_of_agents_are_numbers() -> None:
    visitors._verdicts.clear()
    assert not visitors.is_robot(asking())
    assert visitors.is_robot(asking(agent=ROBOTS["curl"]))
    assert [type(number) for number in visitors._verdicts] == [int, int]
    assert list(visitors._verdicts.values()) == [False, True]


def test_an_address_is_remembered_nowhere() -> None:
    asked = asking("203.0.113.77")
    first = visitors.client_address(asked)
    assert visitors.client_address(asked) == first
    assert visitors.client_address(asked) is not first, "made anew each time"


def test_and_not_too_many_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "AGENTS_REMEMBERED", 10)
    for number in range(100):
        visitors.is_robot(asking(agent=f"{ANDROID} {number}"))
    assert len(visitors._verdicts) <= 10


class TestAskedNotToBeTracked:
    @pytest.mark.parametrize("headers", [{"DNT": "1"}, {"SEC_GPC": "1"}])
    def test_both_ways_of_asking_are_heard(self, headers: dict[str, str]) -> None:
        assert visitors.declines_tracking(asking(**headers))

    @pytest.mark.parametrize("headers", [{}, {"DNT": "0"}, {"SEC_GPC": "0"}, {"DNT": "null"}])
    def test_who_does_not_ask_does_not(self, headers: dict[str, str]) -> None:
        assert not visitors.declines_tracking(asking(**headers))


class TestFetchedAhead:
    @pytest.mark.parametrize(
        "headers",
        [
            {"SEC_PURPOSE": "prefetch"},
            {"SEC_PURPOSE": "prefetch;prerender"},
            {"PURPOSE": "prefetch"},
            {"PURPOSE": "preview"},
        ],
    )
    def test_what_nobody_may_ever_see_is_told_by_the_browser(self, headers: dict[str, str]) -> None:
        assert visitors.is_prefetch(asking(**headers))

    def test_a_page_that_was_asked_for_is_not_fetched_ahead(self) -> None:
        assert not visitors.is_prefetch(asking())


class TestOrigin:
    """A beacon counts when the portal's own page sent it."""

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
    def test_a_browser_that_names_another_site_is_believed(self, site: str) -> None:
        assert visitors.comes_from_elsewhere(asking(SEC_FETCH_SITE=site))

    def test_our_own_page_is_ours(self) -> None:
        assert not visitors.comes_from_elsewhere(asking(SEC_FETCH_SITE="same-origin"))

    @pytest.mark.parametrize(
        ("origin", "foreign"),
        [
            ("https://testserver", False),
            ("http://TESTSERVER", False),
            ("https://evil.example", True),
            ("https://testserver.evil.example", True),
            ("https://testserver:8443", True),
            ("null", True),
            ("garbage", True),
        ],
    )
    def test_an_older_browser_names_the_origin(self, origin: str, foreign: bool) -> None:
        assert visitors.comes_from_elsewhere(asking(ORIGIN=origin)) is foreign

    def test_a_browser_that_knows_neither_is_believed(self) -> None:
        assert not visitors.comes_from_elsewhere(asking())

    @example("http://[")
    @given(st.text(max_size=40))
    def test_no_garbage_in_an_origin_is_ever_an_error(self, origin: str) -> None:
        assert visitors.comes_from_elsewhere(asking(ORIGIN=origin)) in (True, False)


class TestHash:
    def test_the_same_reader_is_the_same_all_day(self) -> None:
        assert visitor_hash(asking(), SALT) == visitor_hash(asking(), SALT)

    def test_and_another_the_next_day(self) -> None:
        assert visitor_hash(asking(), SALT) != visitor_hash(asking(), OTHER_SALT)

    @pytest.mark.parametrize(
        "other",
        [
            asking("113.160.1.2"),
            asking(agent=SAFARI_IOS),
            asking(host="other.gov.vn"),
        ],
        ids=["address", "browser", "host"],
    )
    def test_another_address_browser_or_host_is_another_reader(self, other: dict[str, Any]) -> None:
        assert visitor_hash(asking(), SALT) != visitor_hash(other, SALT)

    def test_a_household_with_ipv6_is_one_whatever_address_it_takes_today(self) -> None:
        at_home = visitor_hash(asking("2405:4802:9a1:5500::1"), SALT)
        assert at_home == visitor_hash(asking("2405:4802:9a1:5500:f:f:f:f"), SALT)
        assert at_home != visitor_hash(asking("2405:4802:9a1:5501::1"), SALT)

    def test_an_address_written_the_ipv6_way_is_the_same_address(self) -> None:
        mapped = visitor_hash(asking("::ffff:113.160.1.1"), SALT)
        assert mapped == visitor_hash(asking("113.160.1.1"), SALT)
        assert mapped != visitor_hash(asking("::ffff:113.160.1.2"), SALT)

    @pytest.mark.parametrize(
        ("one", "other", "neighbours"),
        [
            ("113.160.1.1", "113.160.1.254", True),
            ("113.160.1.1", "113.160.2.1", False),
            ("2405:4802:9a1:1::1", "2405:4802:9a1:ffff::1", True),
            ("2405:4802:9a1::1", "2405:4802:9a2::1", False),
        ],
    )
    def test_a_neighbourhood_is_what_one_attacker_may_have_in_hand(
        self, one: str, other: str, neighbours: bool
    ) -> None:
        first = network_hash(asking(one), SALT)
        assert (first == network_hash(asking(other), SALT)) is neighbours


class TestWhereReadersComeFrom:
    @pytest.mark.parametrize(
        ("host", "source"),
        [
            ("", Source.UNKNOWN),
            ("www.google.com.vn", Source.SEARCH),
            ("coccoc.com", Source.SEARCH),
            ("l.facebook.com", Source.FACEBOOK),
            ("facebook.com:443", Source.FACEBOOK),
            ("chat.zalo.me", Source.ZALO),
            ("www.youtube.com", Source.YOUTUBE),
            ("notfacebook.com", Source.ELSEWHERE),
            ("zalo.me.evil.example", Source.ELSEWHERE),
            ("langson.gov.vn.", Source.ELSEWHERE),
        ],
    )
    def test_only_the_kind_of_site_is_told(self, host: str, source: Source) -> None:
        assert visitors.source_of(host) is source
