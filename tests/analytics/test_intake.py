"""What the portal answers to a beacon, and what becomes of it: from outside to the figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from analytics import api, budgets, intake, journal, trackable, visitors
from analytics.journal import Event, read
from analytics.models import CountedPage, DayFigure, DroppedFigure
from analytics.reports import views_of
from analytics.trackable import CountableCode
from analytics.vocabulary import Kind, Metric, Reason, Source
from config.wsgi import application
from core.models import OrganisationHost
from tests import factories
from tests.analytics.conftest import Clock, fold
from tests.analytics.readers import (
    ANDROID,
    ROBOTS,
    ZALO,
    NeverSent,
    answer_of,
    asking,
    getting,
    posting,
)
from tests.portal import Hall

CODE = "7Q2KABCD"
GARBAGE = {
    "nothing": "",
    "no page": "c=7q2kabcd&r=a.vn",
    "no number": "p=abc",
    "zero": "p=0",
    "below zero": "p=-5",
    "a fraction": "p=1.5",
    "too large a number": "p=4294967297",
    "a leading zero": "p=012",
    "a script": "p=<script>alert(1)</script>",
    "a command": "p=1;DROP TABLE wagtailcore_page",
    "NUL": "p=1\0",
    "NUL, written": "p=1%00",
    "not ASCII": "p=１",
    "not UTF-8": "p=\udcff\udcfe",
    "JSON": '{"p": 1}',
    "more fields than there are": "p=1&a=1&b=2&c=3&d=4",
    "longer than any": "p=1&r=" + "a" * 400,
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet_minute(clock: Clock) -> Clock:
    """All of a test happens within one minute of the budgets, unless it says otherwise."""
    return clock


@pytest.fixture(autouse=True)
def connection_of_the_test() -> Iterator[None]:
    """Keep the connection with the test's transaction open, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def invited(monkeypatch: pytest.MonkeyPatch) -> CountableCode:
    """An invitation of Xã Thất Khê that works, with its registered host."""
    organisation = factories.OrganisationFactory(name="Xã Thất Khê")
    OrganisationHost.objects.create(organisation=organisation, host="thatkhe.langson.gov.vn")
    other = factories.OrganisationFactory(name="Xã Tân Tiến")
    OrganisationHost.objects.create(organisation=other, host="tantien.langson.gov.vn")
    code = CountableCode(
        CODE, organisation.pk, organisation.name, hosts=frozenset({"thatkhe.langson.gov.vn"})
    )
    monkeypatch.setattr(
        trackable.codes, "_rule", lambda codes: {c: code for c in codes if c == CODE}
    )
    trackable.forget()
    return code


def send(beacon: str, **asked: str) -> int:
    """Send a beacon and give the status; the answer never has a word in it."""
    status, headers, content = answer_of(application, posting(beacon, **asked))
    assert content == b"" or status in (400, 404)
    assert "Set-Cookie" not in headers
    return status


def get(path: str, **asked: str) -> tuple[int, dict[str, str], bytes]:
    return answer_of(application, getting(path, **asked))


def journalled() -> list[Event]:
    journal.journal.sync()
    return [Event(*each) for path in journal.files() for each in read(path, 0, 10**9).events]


def reasons() -> dict[Reason, int]:
    """What was journalled, by what became of it."""
    found: dict[Reason, int] = {}
    for event in journalled():
        found[Reason(event.reason)] = found.get(Reason(event.reason), 0) + event.weight
    return found


def total(metric: Metric, **of: object) -> int:
    return sum(DayFigure.objects.filter(metric=metric, **of).values_list("count", flat=True))


class TestBeacon:
    def test_a_reader_of_a_page_is_counted_for_it_and_its_exhibition(self, hall: Hall) -> None:
        item = hall.items[0]
        assert send(f"p={item.pk}") == 204
        fold()
        assert views_of(item.pk) == 1
        assert total(Metric.VISITS, page=hall.exhibition.pk) == 1
        assert CountedPage.objects.get(pk=item.pk).exhibition == hall.exhibition.pk

    def test_the_answer_does_not_tell_whether_a_page_exists_or_is_hidden(self, hall: Hall) -> None:
        hidden = factories.ItemPageFactory(parent=hall.parts[0])
        draft = factories.StandardPageFactory(parent=hall.exhibition.get_parent(), live=False)
        answers = {
            name: answer_of(application, posting(f"p={number}"))
            for name, number in {
                "public": hall.items[0].pk,
                "not cleared": hidden.pk,
                "draft": draft.pk,
                "unknown": 987_654_321,
            }.items()
        }
        assert answers["public"][0] == 204
        assert all(answer == answers["public"] for answer in answers.values())
        assert reasons() == {Reason.COUNTED: 1, Reason.NOT_PUBLIC: 3}
        fold()
        assert not CountedPage.objects.filter(pk__in=[hidden.pk, draft.pk]).exists()

    def test_a_page_that_is_hidden_stops_counting_within_seconds(
        self, hall: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [1000.0]
        monkeypatch.setattr(trackable.time, "monotonic", lambda: now[0])
        trackable.forget()
        send(f"p={hall.items[0].pk}")
        hall.items[0].unpublish()
        now[0] += trackable.REMEMBER_SECONDS
        send(f"p={hall.items[0].pk}")
        assert reasons() == {Reason.COUNTED: 1, Reason.NOT_PUBLIC: 1}

    def test_a_page_read_by_many_is_looked_up_once(
        self, hall: Hall, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        send(f"p={hall.exhibition.pk}")
        with django_assert_num_queries(0):
            for number in range(20):
                assert send(f"p={hall.exhibition.pk}", address=f"14.{number}.1.1") == 204
        assert reasons() == {Reason.COUNTED: 21}

    def test_an_alias_counts_for_its_source(self, hall: Hall) -> None:
        alias = hall.items[0].create_alias(parent=hall.parts[1], update_slug="khac")
        assert send(f"p={alias.pk}") == 204
        fold()
        assert views_of(hall.items[0].pk) == 1
        assert not CountedPage.objects.filter(pk=alias.pk).exists()

    def test_it_sets_no_cookie_and_is_kept_by_nobody(self, hall: Hall) -> None:
        _status, headers, _body = answer_of(application, posting(f"p={hall.exhibition.pk}"))
        assert headers == {"Cache-Control": "no-store", "Content-Length": "0"}

    @pytest.mark.parametrize("path", ["/_v", "/_v/x", "/_v/5.json/"])
    def test_only_the_beacons_own_address_takes_beacons(self, hall: Hall, path: str) -> None:
        environ = posting(f"p={hall.exhibition.pk}") | {"PATH_INFO": path}
        assert answer_of(application, environ)[0] in (301, 400, 403, 404, 405)
        assert reasons() == {}

    def test_asking_for_it_is_not_sending_it(self, hall: Hall) -> None:
        assert get("/_v/")[0] == 404
        assert reasons() == {}


class TestGarbage:
    @pytest.mark.parametrize("beacon", GARBAGE.values(), ids=GARBAGE.keys())
    def test_it_is_refused_and_listed_as_not_understood(self, beacon: str) -> None:
        assert send(beacon) == 400
        assert reasons() == {Reason.MALFORMED: 1}

    def test_a_megabyte_is_refused(self) -> None:
        assert answer_of(application, posting("p=1&r=" + "a" * 1_000_000))[0] == 400

    @pytest.mark.parametrize("length", ["300", "1000000", "abc", "-1", ""])
    def test_a_body_is_never_waited_for(self, hall: Hall, length: str) -> None:
        # Else some sockets that send nothing would hold every thread of the server.
        announced = {"CONTENT_LENGTH": length, "wsgi.input": NeverSent()}
        for beacon, status in ((f"p={hall.exhibition.pk}", 204), ("", 400)):
            assert answer_of(application, posting(beacon) | announced)[0] == status

    def test_a_code_or_host_that_cannot_be_one_costs_only_itself(self, hall: Hall) -> None:
        assert send(f"p={hall.exhibition.pk}&c=../../etc&r=a b%0d%0aX: y") == 204
        assert send(f"p={hall.exhibition.pk}&c=%00%00&r={'a' * 254}") == 204
        assert [(each.code, each.source) for each in journalled()] == [
            (journal.NO_CODE, Source.UNKNOWN)
        ] * 2

    @examples(
        max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        beacon=st.one_of(
            st.text(max_size=450),
            st.text(alphabet="pcr=&;%0123456789abcdefABCDEF.:+ \x00", max_size=60),
        ),
        headers=st.dictionaries(
            st.sampled_from(
                ["COOKIE", "ORIGIN", "SEC_FETCH_SITE", "X_FORWARDED_FOR", "SEC_PURPOSE", "DNT"]
            ),
            st.text(max_size=40),
        ),
    )
    def test_nothing_that_can_be_sent_is_ever_our_error(
        self, beacon: str, headers: dict[str, str]
    ) -> None:
        status, _headers, _body = answer_of(application, posting(beacon, **headers))
        assert status in (204, 400)

    @pytest.mark.parametrize(
        "path",
        [
            "/_v/99999999999999999999.gif",
            "/_v/99999999999999999999.json",
            "/_v/9223372036854775807.gif",
            "/_v/2147483648.json",
            f"/_v/{'9' * 5000}.gif",
            "/_v/0.gif",
            "/_v/0.json",
            "/_v/-1.gif",
            "/_v/1%00.json",
            "/_v/x.json",
        ],
    )
    def test_nor_are_numbers_that_no_page_has(self, path: str, hall: Hall) -> None:
        status, _headers, _body = get(path)
        assert status in (200, 404)
        assert status == 404 or path.endswith(".gif")
        assert Reason.COUNTED not in reasons()


class TestNotReaders:
    """They are answered like everybody, and listed by reason."""

    @pytest.mark.parametrize("agent", ROBOTS.values(), ids=ROBOTS.keys())
    def test_robots(self, hall: Hall, agent: str) -> None:
        assert send(f"p={hall.exhibition.pk}", agent=agent) == 204
        assert reasons() == {Reason.ROBOT: 1}

    @pytest.mark.parametrize(
        ("headers", "reason"),
        [
            ({"COOKIE": "sessionid=abc"}, Reason.STAFF),
            ({"SEC_PURPOSE": "prefetch;prerender"}, Reason.PREFETCH),
            ({"ORIGIN": "https://evil.example"}, Reason.FOREIGN_ORIGIN),
            ({"ORIGIN": "http://["}, Reason.FOREIGN_ORIGIN),
            (
                {"SEC_FETCH_SITE": "cross-site", "ORIGIN": "http://testserver"},
                Reason.FOREIGN_ORIGIN,
            ),
        ],
    )
    def test_staff_pages_fetched_ahead_and_other_sites(
        self, hall: Hall, headers: dict[str, str], reason: Reason
    ) -> None:
        assert send(f"p={hall.exhibition.pk}", **headers) == 204
        assert reasons() == {reason: 1}

    def test_the_offices_own_network(self, hall: Hall, settings: Any) -> None:
        settings.INTERNAL_NETWORKS = ("10.20.0.0/16",)
        assert send(f"p={hall.exhibition.pk}", address="10.20.1.1") == 204
        assert reasons() == {Reason.INTERNAL: 1}

    def test_none_of_them_is_in_a_figure(self, hall: Hall) -> None:
        for agent in ROBOTS.values():
            send(f"p={hall.exhibition.pk}", agent=agent)
        fold()
        assert not DayFigure.objects.exists()
        assert DroppedFigure.objects.get(reason=Reason.ROBOT).count == len(ROBOTS)

    def test_a_flood_of_robots_does_not_fill_the_disk(self, hall: Hall) -> None:
        for _number in range(2000):
            send(f"p={hall.exhibition.pk}", agent="curl/8.5.0")
        assert reasons() == {Reason.ROBOT: 2000}
        assert sum(path.stat().st_size for path in journal.files()) < 20 * journal.RECORD_BYTES

    def test_a_host_that_is_not_ours_is_refused_as_everywhere(self, hall: Hall) -> None:
        for host in ("evil.example", "testserver.evil.example", "", "a b", "[::"):
            assert send(f"p={hall.exhibition.pk}", host=host) == 400
        assert reasons() == {}


class TestBudgets:
    def test_ten_thousand_views_from_one_address_are_bounded_and_the_rest_is_listed(
        self, hall: Hall
    ) -> None:
        for _number in range(10_000):
            assert send(f"p={hall.exhibition.pk}") == 204
        believed = budgets.VISITOR_EVENTS
        assert reasons() == {Reason.COUNTED: believed, Reason.OVER_BUDGET: 10_000 - believed}
        fold()
        assert total(Metric.VIEWS) == 1
        listed = dict(DroppedFigure.objects.values_list("reason", "count"))
        assert listed == {Reason.REPEATED: believed - 1, Reason.OVER_BUDGET: 10_000 - believed}

    def test_so_are_ten_thousand_browsers_behind_one_address(self, hall: Hall) -> None:
        for number in range(7_000):
            send(
                f"p={hall.exhibition.pk}",
                agent=f"{ANDROID} v{number}",
                address=f"113.160.1.{number % 250}",
            )
        believed = budgets.NETWORK_EVENTS
        assert reasons() == {Reason.COUNTED: believed, Reason.OVER_BUDGET: 7_000 - believed}

    def test_asking_not_to_be_tracked_is_no_way_around_it(self, hall: Hall) -> None:
        for _number in range(7_000):
            send(f"p={hall.exhibition.pk}", DNT="1")
        assert reasons()[Reason.COUNTED] == budgets.NETWORK_EVENTS

    def test_the_others_are_believed_all_the_while(self, hall: Hall) -> None:
        for _number in range(2_000):
            send(f"p={hall.exhibition.pk}")
        send(f"p={hall.exhibition.pk}", address="14.162.1.1")
        assert reasons()[Reason.COUNTED] == budgets.VISITOR_EVENTS + 1

    def test_and_so_is_everybody_the_next_minute(self, hall: Hall, clock: Clock) -> None:
        for _number in range(700):
            send(f"p={hall.exhibition.pk}")
        clock.go_on(seconds=60)
        send(f"p={hall.exhibition.pk}")
        assert reasons()[Reason.COUNTED] == budgets.VISITOR_EVENTS + 1

    def test_a_class_behind_one_address_is_believed(self, hall: Hall) -> None:
        # Forty equal computers look like one reader; each turns a page every four seconds.
        for number in range(40 * 15):
            send(f"p={hall.items[number % len(hall.items)].pk}")
        assert reasons() == {Reason.COUNTED: 600}

    def test_agents_never_seen_before_are_not_looked_through_beyond_it(
        self, hall: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(intake, "budgets", budgets.Budgets(network_events=5))
        looked: list[str] = []
        monkeypatch.setattr(visitors._ROBOTS, "is_bot", lambda agent: looked.append(agent) or False)
        for number in range(50):
            send(f"p={hall.exhibition.pk}", agent=f"{ANDROID} {number}")
        assert len(looked) == 5

    def test_the_address_is_read_once(self, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        read_so_far: list[str] = []
        parsed = visitors._parsed
        monkeypatch.setattr(
            visitors, "_parsed", lambda written: (read_so_far.append(written), parsed(written))[1]
        )
        assert send(f"p={hall.exhibition.pk}", address="14.1.1.1") == 204
        assert read_so_far == ["14.1.1.1"]

    def test_what_is_kept_of_them_is_forgotten(self) -> None:
        own = budgets.Budgets(visitor_events=1)
        assert own.allow_network(1, now=0.0) and own.allow_visitor(7, now=0.0)
        assert not own.allow_visitor(7, now=59.0)
        assert own.allow_network(1, now=61.0) and own.allow_visitor(8, now=61.0)
        assert (dict(own._visitors), dict(own._networks)) == ({8: 1}, {1: 1})

    def test_many_visitors_cannot_fill_the_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(budgets, "VISITORS_MOST", 100)
        own = budgets.Budgets()
        for number in range(1, 1000):
            assert own.allow_network(number, now=0.0) and own.allow_visitor(number, now=0.0)
        assert len(own._visitors) <= 102
        assert len(own._networks) <= 102


class TestInvitations:
    def test_who_was_brought_by_an_agency_is_credited_to_it(
        self, hall: Hall, invited: CountableCode
    ) -> None:
        body = f"p={hall.exhibition.pk}&c={CODE.lower()}&r=thatkhe.langson.gov.vn"
        assert send(body) == 204
        fold()
        assert total(Metric.CONFIRMED_VISITS, page=0, code=CODE, source=Source.AGENCY) == 1
        assert api.figures_of_codes([CODE])[CODE].seen_host == "thatkhe.langson.gov.vn"

    @pytest.mark.parametrize(
        ("referrer", "source", "seen"),
        [
            ("thatkhe.langson.gov.vn", Source.AGENCY, True),
            ("THATKHE.langson.gov.vn:8080", Source.AGENCY, True),
            ("www.thatkhe.langson.gov.vn", Source.AGENCY, True),
            ("tantien.langson.gov.vn", Source.AGENCY, False),
            ("evil.example", Source.ELSEWHERE, False),
            ("thatkhe.langson.gov.vn.evil.example", Source.ELSEWHERE, False),
            ("zalo.me", Source.ZALO, False),
            ("127.0.0.1:8000", Source.PORTAL, False),
            ("", Source.UNKNOWN, False),
        ],
    )
    def test_a_sighting_is_one_on_a_registered_host_of_that_agency(
        self, hall: Hall, invited: CountableCode, referrer: str, source: Source, seen: bool
    ) -> None:
        send(f"p={hall.exhibition.pk}&c={CODE}&r={referrer}")
        [event] = journalled()
        assert Source(event.source) is source
        assert bool(event.host) is seen

    @pytest.mark.parametrize("code", ["00000000", "7Q2KABCE", "7Q2KABC", "ILOU0000", ""])
    def test_an_unknown_or_withdrawn_code_credits_nobody_and_the_view_counts(
        self, hall: Hall, invited: CountableCode, code: str
    ) -> None:
        assert send(f"p={hall.exhibition.pk}&c={code}") == 204
        fold()
        assert total(Metric.VIEWS) == 1
        assert total(Metric.CONFIRMED_VISITS) == 0

    def test_a_click_on_an_unknown_code_is_listed(self, invited: CountableCode, rf: Any) -> None:
        for code in ("00000000", "", "garbage", "x" * 500, "ĂĂĂĂĂĂĂĂ"):
            api.record(rf.get("/moi/", HTTP_USER_AGENT=ANDROID), Kind.CLICK, code=code)
        assert reasons() == {Reason.UNKNOWN_CODE: 5}

    def test_a_click_a_banner_and_a_download_count_for_the_code(
        self, invited: CountableCode, rf: Any
    ) -> None:
        request = rf.get(
            "/k/", HTTP_USER_AGENT=ZALO, HTTP_REFERER="https://thatkhe.langson.gov.vn/trang-chu"
        )
        for kind in (Kind.CLICK, Kind.IMPRESSION, Kind.DOWNLOAD):
            api.record(request, kind, code=CODE.lower())
        fold()
        found = api.figures_of_codes([CODE])[CODE]
        assert (found.clicks, found.impressions, found.downloads) == (1, 1, 1)
        assert found.seen_host == "thatkhe.langson.gov.vn"
        assert total(Metric.VIEWS) == total(Metric.VISITS) == 0

    def test_a_banner_is_meant_to_be_shown_by_another_site(
        self, invited: CountableCode, rf: Any
    ) -> None:
        request = rf.get("/k/", HTTP_USER_AGENT=ANDROID, HTTP_SEC_FETCH_SITE="cross-site")
        api.record(request, Kind.IMPRESSION, code=CODE)
        assert reasons() == {Reason.COUNTED: 1}

    @pytest.mark.parametrize("referrer", ["http://[", "garbage", "//", "https://\x00", "a" * 5000])
    def test_no_referrer_is_ever_an_error(
        self, invited: CountableCode, rf: Any, referrer: str
    ) -> None:
        request = rf.get("/k/", HTTP_USER_AGENT=ANDROID, HTTP_REFERER=referrer)
        api.record(request, Kind.IMPRESSION, code=CODE)
        assert reasons() == {Reason.COUNTED: 1}


class TestWithoutScript:
    def test_a_page_shown_without_script_is_counted_apart(self, hall: Hall) -> None:
        status, headers, body = get(f"/_v/{hall.exhibition.pk}.gif", SEC_FETCH_SITE="same-origin")
        assert (status, headers["Content-Type"]) == (200, "image/gif")
        assert body.startswith(b"GIF89a")
        assert "no-store" in headers["Cache-Control"]
        assert "Set-Cookie" not in headers
        fold()
        assert total(Metric.VIEWS_WITHOUT_SCRIPT, page=hall.exhibition.pk) == 1
        assert views_of(hall.exhibition.pk) == total(Metric.VISITS) == 0

    def test_the_picture_is_the_same_for_hidden_pages_and_unknown_ones(self, hall: Hall) -> None:
        hidden = factories.ItemPageFactory(parent=hall.parts[0])
        answers = [get(f"/_v/{number}.gif") for number in (hall.items[0].pk, hidden.pk, 987_654)]
        for _status, headers, _body in answers:
            del headers["Expires"]  # tells the second in which it was asked for
        assert answers[0] == answers[1] == answers[2]
        assert reasons() == {Reason.COUNTED: 1, Reason.NOT_PUBLIC: 2}

    def test_another_site_cannot_count_by_showing_it(self, hall: Hall) -> None:
        assert get(f"/_v/{hall.exhibition.pk}.gif", SEC_FETCH_SITE="cross-site")[0] == 200
        assert reasons() == {Reason.FOREIGN_ORIGIN: 1}

    def test_asking_for_its_head_counts_nothing(self, hall: Hall) -> None:
        environ = getting(f"/_v/{hall.exhibition.pk}.gif") | {"REQUEST_METHOD": "HEAD"}
        assert answer_of(application, environ)[0] == 200
        assert reasons() == {}


class TestFigure:
    def test_a_page_says_how_often_it_was_viewed(self, hall: Hall) -> None:
        for number in range(3):
            send(f"p={hall.exhibition.pk}", address=f"14.162.{number}.1")
        fold()
        CountedPage.objects.filter(pk=hall.exhibition.pk).update(views=6800)
        status, headers, body = get(f"/_v/{hall.exhibition.pk}.json")
        assert status == 200
        assert json.loads(body) == {"views": "6.800"}
        assert "no-store" in headers["Cache-Control"]
        assert "Set-Cookie" not in headers

    def test_hidden_pages_and_unknown_ones_have_none(self, hall: Hall) -> None:
        hidden = factories.ItemPageFactory(parent=hall.parts[0])
        CountedPage.objects.create(number=hidden.pk, views=5)
        hidden_answer, unknown = (get(f"/_v/{number}.json") for number in (hidden.pk, 987_654))
        assert hidden_answer[0] == unknown[0] == 404
        assert hidden_answer[2] == unknown[2]


class TestTrouble:
    """What cannot be kept is not accepted, and readers do not notice."""

    @pytest.fixture
    def no_folder(self, tmp_path: Path) -> Path:
        (tmp_path / "file").write_text("")
        return tmp_path / "file" / "folder"

    def test_without_salt_nothing_is_hashed_weakly_but_refused(
        self, hall: Hall, settings: Any, no_folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.SALT_DIR = no_folder
        assert send(f"p={hall.exhibition.pk}") == 503
        assert reasons() == {}
        assert "no salt" in caplog.text

    def test_without_journal_too(self, hall: Hall, settings: Any, no_folder: Path) -> None:
        settings.JOURNAL_DIR = no_folder
        assert send(f"p={hall.exhibition.pk}") == 503
        settings.JOURNAL_DIR = no_folder.parent.parent / "journal"
        assert reasons() == {}
        assert send(f"p={hall.exhibition.pk}") == 204
        assert reasons() == {Reason.COUNTED: 1}

    def test_without_database_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(_numbers: object) -> dict[int, Any]:
            raise OperationalError("the database is gone")

        monkeypatch.setattr(trackable.pages, "_rule", broken)
        assert send("p=77") == 503
        assert reasons() == {}

    @pytest.mark.parametrize("folder", ["SALT_DIR", "JOURNAL_DIR"])
    def test_what_a_reader_asked_for_is_answered_all_the_same(
        self, hall: Hall, settings: Any, no_folder: Path, folder: str
    ) -> None:
        setattr(settings, folder, no_folder)
        assert get(f"/_v/{hall.exhibition.pk}.gif")[0] == 200
        cache.clear()
        assert get(hall.exhibition.get_url())[0] == 200


class TestNothingIdentifying:
    def test_the_journal_holds_neither_address_nor_agent(self, hall: Hall, caplog: Any) -> None:
        address = "203.0.113.77"
        send(f"p={hall.exhibition.pk}&r=secret.example", address=address, agent=ZALO)
        send("garbage", address=address, agent=ZALO)
        get(f"/_v/{hall.exhibition.pk}.gif", address=address, agent=ZALO)
        journal.journal.sync()
        held = b"".join(path.read_bytes() for path in journal.files()) + caplog.text.encode()
        for secret in (address.encode(), bytes([203, 0, 113, 77]), bytes([77, 113, 0, 203])):
            assert secret not in held
        assert b"Zalo" not in held
        assert b"secret.example" not in held

    def test_agents_are_forgotten_with_the_day_by_who_goes_on_and_by_who_does_not(
        self, hall: Hall, clock: Clock
    ) -> None:
        visitors.forget_agents()
        send(f"p={hall.exhibition.pk}", agent=ANDROID)
        assert len(visitors._verdicts) == 1
        clock.go_on(days=1)
        send(f"p={hall.exhibition.pk}", agent=ZALO)
        assert len(visitors._verdicts) == 1, "of today's alone"
        intake.salts.forget(clock.now.date())  # what a process does that is asked nothing more
        assert not visitors._verdicts

    def test_who_asked_not_to_be_tracked_has_no_hash(self, hall: Hall) -> None:
        send(f"p={hall.exhibition.pk}", SEC_GPC="1")
        send(f"p={hall.exhibition.pk}", DNT="1")
        assert [(each.visitor, each.former) for each in journalled()] == [(0, 0)] * 2

    def test_what_was_not_counted_has_none_either(self, hall: Hall) -> None:
        send("p=987654321")
        send("garbage")
        send(f"p={hall.exhibition.pk}", agent="curl/8.5.0")
        assert {(each.visitor, each.former, each.page) for each in journalled()} == {(0, 0, 0)}


class TestMidnight:
    def test_the_former_hash_joins_a_visit_and_only_then(self, hall: Hall, clock: Clock) -> None:
        clock.set(datetime(2026, 3, 31, 23, 50))
        send(f"p={hall.items[0].pk}")
        clock.set(datetime(2026, 4, 1, 0, 5))
        send(f"p={hall.items[1].pk}")
        clock.set(datetime(2026, 4, 1, 12, 0))
        send(f"p={hall.items[1].pk}")
        before, joined, later = journalled()
        assert before.former == later.former == 0
        assert joined.former == before.visitor
        assert later.visitor == joined.visitor != before.visitor
        fold()
        assert total(Metric.VISITS, page=0) == 2
        assert total(Metric.VISITORS, page=0) == 2


def test_everything_the_intake_looks_at_can_be_missing() -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/_v/", "HTTP_HOST": "testserver"}
    assert answer_of(application, environ)[0] == 400
    assert intake.take({}, intake.Claim(Kind.VIEW, page=1)) is Reason.ROBOT
    assert asking()["HTTP_HOST"] == "testserver"
