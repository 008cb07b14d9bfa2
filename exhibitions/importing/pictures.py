"""Files that arrived, as the pictures they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.vietnamese import fold


@dataclass(frozen=True)
class ArrivedFile:
    """A file that arrived and was found good. A PDF has a page in ``pages`` for each of its own."""

    number: int
    name: str
    """With its folders."""
    content_hash: str = ""
    frames: int = 1
    pages: tuple[ArrivedFile, ...] = ()

    @property
    def called(self) -> str:
        """What it is called in a list: its name without folders."""
        return PurePosixPath(self.name).name


@dataclass(frozen=True)
class Picture:
    """One picture or recording that a file gives: a page of it, or all of it."""

    file: ArrivedFile
    frame: int = 1
    container: ArrivedFile | None = None
    """The PDF that ``file`` is a page of."""
    page_of_container: int = 1

    @property
    def key(self) -> tuple[int, int]:
        """By which it is told from all others."""
        return self.file.number, self.frame

    @property
    def called(self) -> str:
        """What it is called in a list: "a.tif#2" is the second page within a.tif."""
        return self.file.called if self.frame == 1 else f"{self.file.called}#{self.frame}"

    @property
    def sent_as(self) -> ArrivedFile:
        """The file that was sent: the PDF, or the file itself."""
        return self.container or self.file

    @property
    def page(self) -> int:
        """Which page of the file that was sent it is."""
        return self.page_of_container if self.container else self.frame


def pictures_of(file: ArrivedFile) -> list[Picture]:
    """What ``file`` gives, in order: a picture for each page, or itself."""
    if file.pages:
        return [Picture(page, 1, file, number) for number, page in enumerate(file.pages, start=1)]
    return [Picture(file, frame) for frame in range(1, file.frames + 1)]


def content_hashes(files: Sequence[ArrivedFile]) -> list[str]:
    """By which what ``files`` show is known again, one for each picture or recording."""
    pictures, _twice = without_doubles([picture for file in files for picture in pictures_of(file)])
    return [picture.file.content_hash for picture in pictures]


def without_doubles(pictures: Sequence[Picture]) -> tuple[list[Picture], list[Picture]]:
    """Those that are taken, and those of a file that came before with its name and content.

    The same scans come in a folder, and in an archive once more.
    """
    taken: dict[tuple[str, str, int], Picture] = {}
    doubles: list[Picture] = []
    for picture in pictures:
        key = (fold(picture.called), picture.file.content_hash, picture.frame)
        if picture.file.content_hash and key in taken:
            doubles.append(picture)
        else:
            taken[key] = picture
    return list(taken.values()), doubles
