"""Configuration by environment: one table, and no half-configured production."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    """Give an environment in which production starts."""
    return {
        "SECRET_KEY": "k" * environment.SECRET_KEY_MINIMUM_LENGTH,
        "PORTAL_URL": "http://127.0.0.1:8000",
        "DATA_DIR": str(tmp_path / "data"),
    }


def settings_of_a_new_process(variables: dict[str, str], expression: str) -> str:
    """Print ``expression`` over production's settings, read by a process of its own."""
    code = f"from config.settings import production as settings; print({expression})"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=environment.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return result.stdout.strip() or result.stderr


class TestProductionRefusesToStartHalfConfigured:
    def test_every_missing_variable_is_named_at_once_with_what_to_put_there(self) -> None:
        with pytest.raises(ImproperlyConfigured) as refusal:
            environment.require_production({})
        message = str(refusal.value)
        for variable in (environment.SECRET_KEY, environment.PORTAL_URL, environment.DATA_DIR):
            assert f"{variable.name} is missing: {variable.purpose}" in message
            assert variable.example in message

    def test_missing_and_unreadable_ones_are_told_together(self, complete: dict[str, str]) -> None:
        del complete["SECRET_KEY"]
        complete["PORTAL_URL"] = "trienlam.langson.gov.vn"
        problems = environment.production_problems(complete)
        assert [problem.split()[0] for problem in problems] == ["SECRET_KEY", "PORTAL_URL"]

    def test_an_empty_value_counts_as_missing(self, complete: dict[str, str]) -> None:
        complete["SECRET_KEY"] = "  "
        assert "SECRET_KEY is missing" in environment.production_problems(complete)[0]

    def test_a_guessable_key_is_refused(self, complete: dict[str, str]) -> None:
        complete["SECRET_KEY"] = "secret"
        assert "SECRET_KEY is too short" in environment.production_problems(complete)[0]

    def test_https_needs_the_proxy_that_ends_it(self, complete: dict[str, str]) -> None:
        complete["PORTAL_URL"] = "https://trienlam.langson.gov.vn"
        assert "BEHIND_PROXY is missing" in environment.production_problems(complete)[0]
        complete["BEHIND_PROXY"] = "1"
        assert environment.production_problems(complete) == []

    def test_a_data_folder_that_cannot_be_made_is_told(
        self, complete: dict[str, str], tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        complete["DATA_DIR"] = str(tmp_path / "file" / "data")
        assert "DATA_DIR cannot be made" in environment.production_problems(complete)[0]

    def test_half_a_third_party_is_refused(self, complete: dict[str, str]) -> None:
        address = {"MATOMO_URL": "http://thongke.vn"}
        number = {"MATOMO_SITE_ID": "7"}
        problems = environment.production_problems
        assert "MATOMO_SITE_ID is missing" in problems(complete | address)[0]
        assert "MATOMO_URL is missing" in problems(complete | number)[0]
        assert environment.matomo(complete | address) == ("", "")
        assert environment.matomo(complete | number) == ("", "")
        assert problems(complete | address | number) == []
        assert environment.matomo(complete | address | number) == ("http://thongke.vn", "7")

    def test_a_third_party_asked_by_another_scheme_than_the_page_s_is_refused(
        self, complete: dict[str, str]
    ) -> None:
        complete |= {"MATOMO_URL": "https://thongke.vn", "MATOMO_SITE_ID": "7"}
        assert environment.production_problems(complete) == [
            "MATOMO_URL must begin with http:// as PORTAL_URL does."
        ]
        complete |= {"PORTAL_URL": "https://trienlam.vn", "BEHIND_PROXY": "1"}
        assert environment.production_problems(complete) == []

    def test_the_process_itself_stops_with_the_list(self) -> None:
        output = settings_of_a_new_process({}, "settings.DEBUG")
        assert "ImproperlyConfigured" in output
        for name in ("SECRET_KEY", "PORTAL_URL", "DATA_DIR"):
            assert f"- {name} is missing" in output

    def test_a_secret_is_not_repeated_in_an_error(self, complete: dict[str, str]) -> None:
        complete["DATABASE_URL"] = "nonsense://trienlam:verysecret@host/name"
        problems = environment.production_problems(complete)
        assert "DATABASE_URL" in problems[0]
        assert "verysecret" not in problems[0]


class TestProductionSettings:
    def test_complete_settings_have_debug_off(self, complete: dict[str, str]) -> None:
        assert settings_of_a_new_process(complete, "settings.DEBUG") == "False"

    def test_plain_http_is_not_promised_to_be_https(self, complete: dict[str, str]) -> None:
        expression = (
            "settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS, "
            "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE"
        )
        assert settings_of_a_new_process(complete, expression) == "False 0 False False"

    def test_https_is_insisted_on(self, complete: dict[str, str]) -> None:
        complete |= {"PORTAL_URL": "https://trienlam.langson.gov.vn", "BEHIND_PROXY": "1"}
        expression = (
            "settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS > 0, "
            "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE"
        )
        assert settings_of_a_new_process(complete, expression) == "True True True True"

    def test_no_policy_names_another_host_unless_a_service_is_configured(
        self, complete: dict[str, str]
    ) -> None:
        expression = (
            "[(name, sources[-1]) for name, sources in "
            "settings.CONTENT_SECURITY_POLICY['DIRECTIVES'].items() if '//' in sources[-1]], "
            "[sources for sources in settings.ADMIN_CONTENT_SECURITY_POLICY.values() "
            "if '//' in ' '.join(sources)], settings.MATOMO_DOMAIN_PATH, settings.MATOMO_SITE_ID"
        )
        assert settings_of_a_new_process(complete, expression) == "[] []"
        complete |= {"MATOMO_URL": "http://thongke.vn:8080/matomo/", "MATOMO_SITE_ID": "7"}
        names = ("img-src", "script-src", "connect-src")
        expected = [(name, "http://thongke.vn:8080") for name in names]
        assert (
            settings_of_a_new_process(complete, expression)
            == f"{expected} [] thongke.vn:8080/matomo 7"
        )

    def test_the_logs_do_not_mail_requests_to_anyone(self, complete: dict[str, str]) -> None:
        expression = "[h['class'] for h in settings.LOGGING['handlers'].values()]"
        assert settings_of_a_new_process(complete, expression) == "['logging.StreamHandler']"


class TestReading:
    @pytest.mark.parametrize("key", ["$cret-key", "a=b", "50%", "with space"])
    def test_a_key_is_taken_as_it_stands(self, key: str) -> None:
        assert environment.SECRET_KEY.read({"SECRET_KEY": key}) == key

    @pytest.mark.parametrize(
        ("word", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("no", False)]
    )
    def test_yes_and_no_have_their_usual_spellings(self, word: str, value: bool) -> None:
        assert environment.BEHIND_PROXY.read({"BEHIND_PROXY": word}) is value

    @pytest.mark.parametrize(
        ("name", "raw"),
        [
            ("BEHIND_PROXY", "perhaps"),
            ("DATA_DIR", "relative/folder"),
            ("PORTAL_URL", "https://host/with/path"),
            ("PORTAL_URL", "ftp://host"),
            ("PORTAL_URL", "http://host:port"),
            ("DEMO_ACCOUNTS", "quantri"),
            ("MATOMO_URL", "thongke.vn"),
            ("MATOMO_URL", "//thongke.vn"),
            ("MATOMO_URL", "https://thongke.vn."),
            ("MATOMO_URL", "https://thongke.vn:0/"),
            ("MATOMO_URL", "https://thongke.vn:70000/"),
            ("MATOMO_URL", "https://thongke.vn/matomo.php?idsite=1"),
            ("MATOMO_URL", "https://a@thongke.vn"),
            ("MATOMO_URL", "https://thongke.vn; script-src *"),
            ("MATOMO_URL", "https://thongke.vn/';alert(1)//"),
            ("MATOMO_URL", "https://thongke.vn//matomo"),
            ("MATOMO_SITE_ID", "0"),
            ("MATOMO_SITE_ID", "1;alert(1)"),
            ("MATOMO_SITE_ID", "-1"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_by_name(self, name: str, raw: str) -> None:
        variable = next(one for one in environment.VARIABLES if one.name == name)
        with pytest.raises(ImproperlyConfigured, match=name):
            variable.read({name: raw})

    def test_the_address_loses_its_closing_slash(self) -> None:
        assert environment.portal_url({"PORTAL_URL": "https://host/"}) == "https://host"

    def test_the_portals_own_host_is_always_answered(self) -> None:
        variables = {"PORTAL_URL": "https://a.vn", "ALLOWED_HOSTS": "b.vn, a.vn,,10.0.0.5"}
        assert environment.allowed_hosts(variables) == ["a.vn", "b.vn", "10.0.0.5"]

    def test_an_ipv6_host_is_written_as_django_compares_it(self) -> None:
        assert environment.allowed_hosts({"PORTAL_URL": "http://[::1]:8000"}) == ["[::1]"]

    def test_accounts_keep_passwords_with_colons(self) -> None:
        accounts = environment.DEMO_ACCOUNTS.read({"DEMO_ACCOUNTS": "a:x:y,b:z"})
        assert accounts == {"a": "x:y", "b": "z"}

    def test_the_table_names_each_variable_once(self) -> None:
        names = [variable.name for variable in environment.VARIABLES]
        assert len(names) == len(set(names))
        assert all(variable.purpose and variable.example for variable in environment.VARIABLES)


class TestDatabase:
    def test_without_an_address_it_is_sqlite_in_the_data_folder(self, tmp_path: Path) -> None:
        settings = environment.database_settings({"DATA_DIR": str(tmp_path)})
        assert settings["ENGINE"] == "django.db.backends.sqlite3"
        assert settings["NAME"] == str(tmp_path / "trienlam.sqlite3")

    def test_sqlite_lets_readers_read_while_one_writes_and_writers_wait(
        self, tmp_path: Path
    ) -> None:
        options = environment.database_settings({"DATA_DIR": str(tmp_path)})["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] == 20
        assert "journal_mode=WAL" in options["init_command"]
        assert "synchronous=NORMAL" in options["init_command"]

    def test_postgresql_is_read_from_its_address(self) -> None:
        settings = environment.database_settings(
            {"DATABASE_URL": "postgresql://user:p%40ss@db.example:5433/trienlam"}
        )
        assert settings["ENGINE"] == "django.db.backends.postgresql"
        assert (settings["USER"], settings["PASSWORD"]) == ("user", "p@ss")
        assert (settings["HOST"], settings["PORT"]) == ("db.example", 5433)
        assert "init_command" not in settings.get("OPTIONS", {})

    def test_the_data_folder_is_for_its_owner_only(self, tmp_path: Path) -> None:
        folder = environment.data_dir({"DATA_DIR": str(tmp_path / "deep" / "data")})
        assert folder.stat().st_mode & 0o777 == 0o700


class TestCaches:
    def test_redis_is_used_through_djangos_own_backend(self) -> None:
        settings = environment.cache_settings({"REDIS_URL": "redis://127.0.0.1:6379/3"})["default"]
        assert settings["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
        assert settings["LOCATION"] == "redis://127.0.0.1:6379/3"

    def test_production_shares_its_cache_between_processes(self, tmp_path: Path) -> None:
        settings = environment.shared_cache_settings({"DATA_DIR": str(tmp_path)})["default"]
        assert settings["BACKEND"] == "django.core.cache.backends.filebased.FileBasedCache"
        assert settings["LOCATION"] == str(tmp_path / "cache")

    def test_renditions_are_not_written_back_to_a_cache(self) -> None:
        backend = environment.cache_settings({})["renditions"]["BACKEND"]
        assert backend == "django.core.cache.backends.dummy.DummyCache"


class TestMail:
    def test_without_a_server_no_mail_is_sent(self) -> None:
        assert environment.mail_settings({}) == {
            "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"
        }

    @pytest.mark.parametrize(
        ("address", "host", "port", "user", "password", "smtps"),
        [
            ("smtp://trienlam:p%40ss@mail.vn", "mail.vn", 587, "trienlam", "p@ss", False),
            ("smtps://mail.vn", "mail.vn", 465, "", "", True),
            ("smtp://10.0.0.5:25/", "10.0.0.5", 25, "", "", False),
        ],
    )
    def test_a_server_is_read_from_its_address(
        self, address: str, host: str, port: int, user: str, password: str, smtps: bool
    ) -> None:
        read = environment.mail_settings({"EMAIL_URL": address, "PORTAL_URL": "https://a.vn"})
        assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == (host, port)
        assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == (user, password)
        assert (read["EMAIL_USE_SSL"], read["EMAIL_USE_TLS"]) == (smtps, not smtps)
        assert read["DEFAULT_FROM_EMAIL"] == "trienlam@a.vn"

    @pytest.mark.parametrize("address", ["mail.vn", "http://mail.vn", "smtp://", "smtp://a/b"])
    def test_nonsense_is_named_without_repeating_it(self, address: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="EMAIL_URL cannot be understood"):
            environment.mail_settings({"EMAIL_URL": address})

    @pytest.mark.parametrize("sender", ["x", "a@b\nBcc: c@d.vn", "@", "Sở Nội vụ"])
    def test_a_sender_that_is_no_address_is_refused(self, sender: str) -> None:
        values = {"EMAIL_URL": "smtp://mail.vn", "EMAIL_FROM": sender}
        with pytest.raises(ImproperlyConfigured, match="EMAIL_FROM"):
            environment.mail_settings(values)
