"""How the source of an item is credited: composed here, once, for every use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Credit:
    """Who an item comes from: an organisation, or a person with title ("NSNA Vũ Bách")."""

    organisation: str = ""
    person: str = ""

    @property
    def source(self) -> str:
        """The source alone; an organisation goes before a person."""
        return ", ".join(part for part in (self.organisation, self.person) if part)

    @property
    def text(self) -> str:
        """The credit under a picture: "Nguồn: Trung tâm Lưu trữ quốc gia III", or ""."""
        return f"Nguồn: {self.source}" if self.source else ""


@dataclass(frozen=True)
class Holding:
    """Where an original lies, from the repository down to the sheet."""

    repository: str = ""
    fonds: str = ""
    inventory: str = ""
    box: str = ""
    file: str = ""
    sheet: str = ""

    @property
    def text(self) -> str:
        """The reference as archives cite it: "Phông …, Mục lục số 1, Hồ sơ 1234, tờ 5"."""
        named = (
            ("", self.repository),
            ("" if self.fonds.lower().startswith("phông") else "Phông ", self.fonds),
            ("Mục lục số ", self.inventory),
            ("Hộp số ", self.box),
            ("Hồ sơ ", self.file),
            ("tờ ", self.sheet),
        )
        return ", ".join(f"{name}{value}" for name, value in named if value)


def compose(credit: Credit, holding: Holding) -> str:
    """The whole credit line: the source, then where the original lies."""
    return ", ".join(part for part in (credit.text, holding.text) if part)
