"""From a clone to a running portal, with nothing but Python: behind ``make demo``.

Runs under the system's Python, before anything is installed, so it uses the standard
library only and keeps to what old Pythons can at least parse far enough to be told
that they are too old. Texts are in Vietnamese and English at once.

``python3 -m config.quickstart install [--dev]`` makes ``.venv`` and installs the locked
dependencies into it; ``demo`` does the same, writes the demonstration's own environment
file on the first run, and becomes ``manage.py demo``.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
"""What is installed: the checksum of each lock file whose packages are all there."""

LOCK = ROOT / "requirements.txt"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.txt"
"""Holds everything of LOCK as well."""

DEMO_ENVIRONMENT = ROOT / ".env.demo"
DEMO_ACCOUNT_NAMES = ("quantri", "bientap", "pheduyet", "vanthu")
PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that are taken for one another when read aloud."""

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)
"""The lock file holds hashes for these, both included."""


def say(vietnamese: str, english: str) -> None:
    """Print one step."""
    print(f"→ {vietnamese} / {english} …", flush=True)


def refuse(vietnamese: str, english: str) -> None:
    """End with a message in both languages and the exit code 1."""
    sys.exit(f"\n✗ {vietnamese}\n✗ {english}\n")


def require_python() -> None:
    """End, naming the Debian package that is missing, when this Python will not do."""
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        version = ".".join(str(part) for part in sys.version_info[:2])
        refuse(
            f"Cần Python 3.11 đến 3.13, máy này có {version}. Cài gói python3.11 (hoặc mới "
            "hơn) rồi chạy: make demo PYTHON=python3.11",
            f"Python 3.11 to 3.13 is needed, this is {version}. Install the package python3.11 "
            "(or newer), then run: make demo PYTHON=python3.11",
        )
    if importlib.util.find_spec("ensurepip") is None:
        refuse(
            "Thiếu gói python3-venv. Cài bằng: sudo apt install python3-venv",
            "The package python3-venv is missing. Install it: sudo apt install python3-venv",
        )


def checksum(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def installed_checksums() -> dict[str, str]:
    """Give what the stamp in ``.venv`` says is installed; nothing when it cannot be read."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def venv_works() -> bool:
    """Tell whether ``.venv`` has a Python that finds its own packages.

    It does not after the system's Python went from one version to the next.
    """
    if not VENV_PYTHON.exists():
        return False
    probe = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    return subprocess.run([VENV_PYTHON, "-c", probe], check=False).returncode == 0


def install(development: bool = False) -> None:
    """Make ``.venv`` if needed, and install the lock file if it changed since.

    Exact versions with checked hashes; nothing outside ``.venv`` is touched.
    """
    if not venv_works():
        require_python()
        say("Tạo môi trường Python .venv", "Making the Python environment .venv")
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    lock = DEVELOPMENT_LOCK if development else LOCK
    if installed_checksums().get(lock.name) == checksum(lock):
        return
    say(
        f"Cài các thư viện trong {lock.name} (một đến hai phút)",
        f"Installing the libraries of {lock.name} (a minute or two)",
    )
    run(
        *(str(VENV_PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps"),
        *("--disable-pip-version-check", "-qq", "--requirement", str(lock)),
    )
    locks = [LOCK, DEVELOPMENT_LOCK] if development else [LOCK]
    STAMP.write_text(json.dumps({path.name: checksum(path) for path in locks}), encoding="utf-8")


def run(*command: str) -> None:
    """Run a command; end with its exit code when it fails (it has said why itself)."""
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def random_password() -> str:
    """Give a password of 12 random characters (59 bits), in groups that can be typed."""
    groups = ("".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def new_demo_environment() -> dict[str, str]:
    """Make up the settings of a demonstration: its own key, passwords, hosts and folder."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "DATA_DIR": "data",
        "DEMO_ACCOUNTS": ",".join(f"{name}:{random_password()}" for name in DEMO_ACCOUNT_NAMES),
    }


def write_environment(path: Path, values: dict[str, str]) -> None:
    """Write ``NAME=value`` lines to a new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# Written by the first make demo; kept by later ones. Holds secrets.\n")
        for name, value in values.items():
            file.write(f"{name}={value}\n")


def read_environment(path: Path) -> dict[str, str]:
    """Read ``NAME=value`` lines; blank lines and those that begin with # are passed over."""
    values = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.lstrip().startswith("#"):
            values[name.strip()] = value.strip()
    return values


def machine_address() -> str:
    """Give the address by which others on the network reach this machine.

    Connecting a datagram socket sends nothing; it only asks the system which of the
    machine's addresses it would send from. 192.0.2.1 is reserved for documentation.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def demo_environment(host: str, port: int) -> dict[str, str]:
    """Give the environment of the demonstration's process; the caller's own values win."""
    if not DEMO_ENVIRONMENT.exists():
        say(
            f"Ghi khoá và mật khẩu ngẫu nhiên vào {DEMO_ENVIRONMENT.name}",
            f"Writing a random key and passwords to {DEMO_ENVIRONMENT.name}",
        )
        write_environment(DEMO_ENVIRONMENT, new_demo_environment())
    values = read_environment(DEMO_ENVIRONMENT)
    values["DATA_DIR"] = str(ROOT / values.get("DATA_DIR", "data"))
    everywhere = host in {"0.0.0.0", "::"}
    public_host = machine_address() if everywhere else host
    public_host = f"[{public_host}]" if ":" in public_host else public_host
    values["PORTAL_URL"] = f"http://{public_host}:{port}"
    if everywhere:
        values["ALLOWED_HOSTS"] += f",{socket.gethostname()}"
    return {**values, **os.environ}


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python3 -m config.quickstart")
    commands = parser.add_subparsers(dest="command", required=True)
    install_parser = commands.add_parser("install", help="make .venv with the dependencies")
    install_parser.add_argument("--dev", action="store_true", help="those of development too")
    demo_parser = commands.add_parser("demo", help="install, then serve the demonstration")
    demo_parser.add_argument("--host", default="127.0.0.1")
    demo_parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()

    os.chdir(ROOT)
    if options.command == "install":
        install(development=options.dev)
        return
    install()
    environment = demo_environment(options.host, options.port)
    arguments = ["manage.py", "demo", "--host", options.host, "--port", str(options.port)]
    os.execve(str(VENV_PYTHON), [str(VENV_PYTHON), *arguments], environment)


if __name__ == "__main__":
    main()
