"""The first start: what `make demo` makes up, keeps, and refuses."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import environment, quickstart


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder in the place of the project's."""
    monkeypatch.setattr(quickstart, "ROOT", tmp_path)
    monkeypatch.setattr(quickstart, "DEMO_ENVIRONMENT", tmp_path / ".env.demo")
    for variable in environment.VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)
    return tmp_path


class TestDemoEnvironment:
    def test_what_it_makes_up_is_enough_for_production(self, clone: Path) -> None:
        assert environment.production_problems(quickstart.demo_environment("127.0.0.1", 8000)) == []

    def test_only_its_owner_can_read_the_file(self, clone: Path) -> None:
        quickstart.demo_environment("127.0.0.1", 8000)
        assert stat.S_IMODE((clone / ".env.demo").stat().st_mode) == 0o600

    def test_a_second_start_keeps_key_and_passwords(self, clone: Path) -> None:
        first = quickstart.demo_environment("127.0.0.1", 8000)
        second = quickstart.demo_environment("127.0.0.1", 8001)
        for name in ("SECRET_KEY", "DEMO_ACCOUNTS", "DATA_DIR"):
            assert first[name] == second[name]
        assert second["PORTAL_URL"] == "http://127.0.0.1:8001"

    def test_two_clones_share_no_secret(self, clone: Path) -> None:
        first, second = quickstart.new_demo_environment(), quickstart.new_demo_environment()
        assert first["SECRET_KEY"] != second["SECRET_KEY"]
        passwords = [
            password
            for values in (first, second)
            for password in environment.DEMO_ACCOUNTS.read(values).values()
        ]
        assert len(set(passwords)) == len(passwords) == 2 * len(quickstart.DEMO_ACCOUNT_NAMES)

    def test_the_callers_own_values_win(self, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/trienlam")
        values = quickstart.demo_environment("127.0.0.1", 8000)
        assert values["DATABASE_URL"] == "postgresql://db.example/trienlam"

    def test_listening_everywhere_is_answered_under_the_machines_own_address(
        self, clone: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quickstart, "machine_address", lambda: "192.0.2.7")
        values = quickstart.demo_environment("0.0.0.0", 8000)
        assert values["PORTAL_URL"] == "http://192.0.2.7:8000"
        assert "192.0.2.7" in environment.allowed_hosts(values)


class TestInstalling:
    @pytest.fixture(autouse=True)
    def recorded_commands(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> list[tuple[str, ...]]:
        commands: list[tuple[str, ...]] = []
        (tmp_path / "requirements.txt").write_text("a==1\n")
        (tmp_path / "requirements-dev.txt").write_text("a==1\nb==2\n")
        monkeypatch.setattr(quickstart, "LOCK", tmp_path / "requirements.txt")
        monkeypatch.setattr(quickstart, "DEVELOPMENT_LOCK", tmp_path / "requirements-dev.txt")
        monkeypatch.setattr(quickstart, "STAMP", tmp_path / "installed.json")
        monkeypatch.setattr(quickstart, "venv_works", lambda: True)
        monkeypatch.setattr(quickstart, "run", lambda *command: commands.append(command))
        return commands

    def test_the_locked_hashes_are_checked(self, recorded_commands: list[tuple[str, ...]]) -> None:
        quickstart.install()
        assert "--require-hashes" in recorded_commands[0]

    def test_it_installs_once(self, recorded_commands: list[tuple[str, ...]]) -> None:
        quickstart.install()
        quickstart.install()
        assert len(recorded_commands) == 1

    def test_it_installs_again_when_the_lock_file_changed(
        self, recorded_commands: list[tuple[str, ...]]
    ) -> None:
        quickstart.install()
        quickstart.LOCK.write_text("a==2\n")
        quickstart.install()
        assert len(recorded_commands) == 2

    def test_what_development_installed_is_enough_for_the_demonstration(
        self, recorded_commands: list[tuple[str, ...]]
    ) -> None:
        quickstart.install(development=True)
        quickstart.install()
        assert len(recorded_commands) == 1
        assert str(quickstart.DEVELOPMENT_LOCK) in recorded_commands[0]


class TestPython:
    def test_a_too_old_python_is_told_in_both_languages(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "version_info", (3, 9, 2))
        with pytest.raises(SystemExit) as refusal:
            quickstart.require_python()
        assert "máy này có 3.9" in str(refusal.value)
        assert "this is 3.9" in str(refusal.value)

    def test_the_missing_debian_package_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quickstart.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(SystemExit) as refusal:
            quickstart.require_python()
        assert str(refusal.value).count("sudo apt install python3-venv") == 2

    def test_it_needs_nothing_but_the_standard_library(self) -> None:
        code = "import config.quickstart, sys; print('django' in sys.modules)"
        result = subprocess.run(
            [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
            cwd=environment.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert result.stdout.strip() == "False", result.stderr
