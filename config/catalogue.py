"""The Vietnamese catalogue against the code: ``make messages`` and part of ``make lint``.

``update`` collects the texts of code and templates into ``locale/vi`` and compiles it;
``check`` fails when a text is missing, untranslated or no longer used, or when the
compiled file says something else. Both need the gettext tools to read the code.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locale" / "vi" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")

Key = tuple[str, str]
"""Context and msgid of a message."""


def collect(domain: str) -> None:
    """Have Django bring a domain's ``.po`` up to date with code and templates."""
    subprocess.run(
        [
            *(sys.executable, "manage.py", "makemessages", "--locale", "vi", "--domain", domain),
            *("--no-obsolete", "--no-wrap", "--add-location", "file", "--verbosity", "0"),
            *("--ignore", ".venv", "--ignore", "data", "--ignore", "tests", "--ignore", "bench"),
            *("--ignore", "vendor"),
        ],
        cwd=ROOT,
        check=True,
    )


def keys(catalogue: polib.POFile | polib.MOFile) -> set[Key]:
    """Give what identifies each message."""
    return {(entry.msgctxt or "", entry.msgid) for entry in catalogue}


def texts(catalogue: polib.POFile | polib.MOFile) -> dict[Key, tuple[str, ...]]:
    """Give the translation of each message, all plural forms."""
    return {
        (entry.msgctxt or "", entry.msgid): (entry.msgstr, *entry.msgstr_plural.values())
        for entry in catalogue
    }


def problems(domain: str) -> list[str]:
    """List what is wrong with a domain's catalogue; its files are left as they were."""
    po_path = FOLDER / f"{domain}.po"
    before = po_path.read_bytes()
    catalogue = polib.pofile(before.decode())
    try:
        collect(domain)
        used = keys(polib.pofile(po_path.read_text(encoding="utf-8")))
    finally:
        po_path.write_bytes(before)
    found = [f"not in {po_path.name}: {msgid!r}" for _, msgid in sorted(used - keys(catalogue))]
    found += [f"no longer used: {msgid!r}" for _, msgid in sorted(keys(catalogue) - used)]
    found += [f"untranslated: {entry.msgid!r}" for entry in catalogue.untranslated_entries()]
    found += [f"marked fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()]
    compiled = po_path.with_suffix(".mo")
    if not compiled.exists() or texts(polib.mofile(str(compiled))) != texts(catalogue):
        found.append(f"{compiled.name} is not what {po_path.name} compiles to: make messages")
    return found


def present_domains() -> list[str]:
    """Give the domains that have a catalogue."""
    return [domain for domain in DOMAINS if (FOLDER / f"{domain}.po").exists()]


def update() -> None:
    """Bring every domain up to date and compile it."""
    for domain in present_domains():
        collect(domain)
        polib.pofile(str(FOLDER / f"{domain}.po")).save_as_mofile(str(FOLDER / f"{domain}.mo"))


def main() -> None:
    """Do ``update`` or ``check``, as the command line says."""
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["check"]:
        found = [problem for domain in present_domains() for problem in problems(domain)]
        if found:
            sys.exit("\n".join(found))
    else:
        sys.exit("usage: python -m config.catalogue update|check")


if __name__ == "__main__":
    main()
