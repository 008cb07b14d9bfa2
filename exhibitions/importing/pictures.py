"""Files that arrived as the pictures they give, and which of these a name in a list means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from core.vietnamese import fold
from exhibitions.importing.filenames import without_extension


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

    @property
    def called(self) -> str:
        """What it is called in a list: "a.tif#2" is the second page within a.tif."""
        return self.file.called if self.frame == 1 else f"{self.file.called}#{self.frame}"


def pictures_of(file: ArrivedFile) -> list[Picture]:
    """What ``file`` gives, in order: a picture for each page, or itself."""
    if file.pages:
        return [Picture(page) for page in file.pages]
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


def names_in(text: str) -> tuple[str, ...]:
    """The names of files in a cell: a line each, or divided by semicolons; without "#2"."""
    return tuple(re.sub(r"#\d+$", "", name) for name in entries(text))


def entries(text: str) -> list[str]:
    """The names in a cell, with "#2" where the second page within a file is meant."""
    return [name.strip() for name in re.split(r"[\n;]+", text) if name.strip()]


@lru_cache(maxsize=4_096)
def _keys_of(name: str) -> tuple[str, str, str]:
    """A name without its folders by which it is compared: as it is, folded, without extension."""
    called = PurePosixPath(name.replace("\\", "/")).name
    base, sign, frame = called.rpartition("#")
    if not (base and frame.isdecimal()):
        base, sign, frame = called, "", ""
    return called.casefold(), fold(called), fold(without_extension(base)) + sign + frame


def place_of(name: str, shown: Mapping[int, str]) -> int | None:
    """The place of the picture that ``name`` means: the more of the name is the same the better."""
    wanted = _keys_of(name)
    for way, key in enumerate(wanted):
        for place, other in shown.items():
            if _keys_of(other)[way] == key:
                return place
    return None


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, marks, folders and extension."""
    return _keys_of(one)[-1] == _keys_of(other)[-1]


def named_by(name: str, coming: Sequence[Picture]) -> list[Picture]:
    """The pictures a list means: by their own name, or that of the file they are pages of."""
    wanted = _keys_of(name)
    for way, key in enumerate(wanted):
        found = [
            picture
            for picture in coming
            if key in {_keys_of(each)[way] for each in _names_of(picture)}
        ]
        if found:
            return found
    return []


def _names_of(picture: Picture) -> set[str]:
    names = {picture.called, picture.file.called}
    if picture.file.name.count("/"):
        names.add(str(PurePosixPath(picture.file.name).parent.name))
    return names
