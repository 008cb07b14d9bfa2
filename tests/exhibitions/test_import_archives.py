"""An editor's ZIP: its files are found under their names, and nobody else's ZIP does harm."""

from __future__ import annotations

import io
import random
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from exhibitions.importing import archives
from exhibitions.importing.archives import (
    Contents,
    Member,
    RefusedArchive,
    contents_of,
    unpack_member,
)
from tests import images

LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Packed:
    """A file of an archive written by hand; what is None is told truly."""

    raw: bytes
    content: bytes = b"scan"
    flags: int = 0
    method: int = 0
    extra: bytes = b""
    attributes: int = 0
    size: int | None = None
    packed_size: int | None = None
    checksum: int | None = None
    place: int | None = None


def zip_by_hand(*files: Packed, before: bytes = b"") -> bytes:
    """A ZIP of these files, byte by byte, as no ordinary program would write it."""
    data, directory = before, b""
    for file in files:
        packed = file.content
        if file.method == 8:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = packer.compress(file.content) + packer.flush()
        checksum = zlib.crc32(file.content) if file.checksum is None else file.checksum
        size = len(file.content) if file.size is None else file.size
        packed_size = len(packed) if file.packed_size is None else file.packed_size
        place = len(data) - len(before) if file.place is None else file.place
        facts = (file.flags, file.method, 0, 0x21, checksum, packed_size, size)
        lengths = (len(file.raw), len(file.extra))
        data += struct.pack("<4s5H3L2H", b"PK\3\4", 20, *facts, *lengths)
        data += file.raw + file.extra + packed
        directory += struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\1\2", 0x0314, 20, *facts, *lengths, 0, 0, 0, file.attributes, place),
        )
        directory += file.raw + file.extra
    count = len(files) & 0xFFFF
    start = len(data) - len(before)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return data + directory + end


def good_zip(**files: bytes) -> bytes:
    """A ZIP as any program writes it."""
    return images.archive({name.replace("__", "."): data for name, data in files.items()})


def in_cp1258(name: str) -> bytes:
    """The name as Vietnamese Windows writes it: tone marks after their letters."""
    written = b""
    for letter in unicodedata.normalize("NFC", name):
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            *base, tone = unicodedata.normalize("NFD", letter)
            # The dot below stands before the circumflex where all marks are apart.
            tones = [mark for mark in (*base[1:], tone) if mark in "\u0300\u0301\u0303\u0309\u0323"]
            others = [mark for mark in (*base[1:], tone) if mark not in tones]
            plain = unicodedata.normalize("NFC", base[0] + "".join(others))
            written += plain.encode("cp1258") + "".join(tones).encode("cp1258")
    return written


def unicode_path(name: str, raw: bytes) -> bytes:
    """The extra field that gives the name in Unicode."""
    content = b"\1" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
    return struct.pack("<HH", 0x7075, len(content)) + content


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Reasons are told apart by their English words."""
    with translation.override("en"):
        yield


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files are unpacked to; empty."""
    (tmp_path / "unpacked").mkdir()
    return tmp_path / "unpacked"


def listed(archive: Path, data: bytes) -> Contents:
    archive.write_bytes(data)
    return contents_of(archive)


def names(contents: Contents) -> list[str]:
    return [member.name for member in contents.members]


def refusal(archive: Path, data: bytes) -> str:
    with pytest.raises(RefusedArchive) as refused:
        listed(archive, data)
    assert "%(" not in str(refused.value)
    return str(refused.value)


def refusal_of_first(archive: Path, folder: Path, limit: int = LIMIT) -> str:
    """Why the first file is refused when it is unpacked, which leaves nothing."""
    with pytest.raises(RefusedArchive) as refused:
        unpack_member(archive, contents_of(archive).members[0], folder / "1", limit=limit)
    assert list(folder.iterdir()) == []
    return str(refused.value)


class TestContents:
    def test_files_are_listed_in_the_order_of_the_archive_and_unpacked_whole(
        self, archive: Path, folder: Path
    ) -> None:
        scans = {"b/2.jpg": images.jpeg(), "a/1.jpg": images.png(), "c.pdf": images.pdf()}

        contents = listed(archive, images.archive(scans))

        assert names(contents) == list(scans)
        assert [member.basename for member in contents.members] == ["2.jpg", "1.jpg", "c.pdf"]
        for member in contents.members:
            unpack_member(archive, member, folder / str(member.index), limit=LIMIT)
            assert (folder / str(member.index)).read_bytes() == scans[member.name]
            assert member.size == len(scans[member.name])
        assert len(list(folder.iterdir())) == 3

    def test_stored_and_deflated_files_of_any_size_are_unpacked(
        self, archive: Path, folder: Path
    ) -> None:
        noise = random.Random(1).randbytes(3_500_001)
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            for content in (b"", b"x", noise, b"\0" * 3_000_000):
                with zipfile.ZipFile(archive, "w", method) as package:
                    package.writestr("1.jpg", content)
                unpack_member(archive, contents_of(archive).members[0], folder / "1", limit=LIMIT)
                assert (folder / "1").read_bytes() == content

    def test_an_archive_written_to_a_pipe_is_read(self, archive: Path, folder: Path) -> None:
        # Sizes then stand after the data and in the directory only.
        class Pipe(io.RawIOBase):
            data = b""

            def writable(self) -> bool:
                return True

            def write(self, data: Any) -> int:
                written = memoryview(data).tobytes()
                self.data += written
                return len(written)

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("1.jpg", images.jpeg())
        (member,) = listed(archive, pipe.data).members

        unpack_member(archive, member, folder / "1", limit=LIMIT)

        assert (folder / "1").read_bytes() == images.jpeg()

    def test_a_large_archives_numbers_are_read(self, archive: Path, folder: Path) -> None:
        with zipfile.ZipFile(archive, "w") as package:
            with package.open("1.jpg", "w", force_zip64=True) as file:
                file.write(images.jpeg())
            package.writestr("2.jpg", images.png())
        data = archive.read_bytes()
        end = data.rindex(b"PK\5\6")
        _sign, _d, _f, _h, count, length, place, _c = struct.unpack("<4s4H2LH", data[end:])
        end_64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, place)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
        short_end = b"PK\5\6" + b"\0" * 4 + b"\xff" * 12 + b"\0\0"
        for before in (b"", b"MZ" + b"\0" * 500):
            contents = listed(archive, before + data[:end] + end_64 + locator + short_end)

            assert names(contents) == ["1.jpg", "2.jpg"]
            unpack_member(archive, contents.members[1], folder / "2", limit=LIMIT)
            assert (folder / "2").read_bytes() == images.png()

    def test_large_sizes_and_places_are_taken_from_the_extra_field(
        self, archive: Path, folder: Path
    ) -> None:
        large = struct.pack("<HHQQQ", 1, 24, 4, 4, 0)
        file = Packed(
            b"1.jpg", extra=large, size=0xFFFFFFFF, packed_size=0xFFFFFFFF, place=0xFFFFFFFF
        )

        (member,) = listed(archive, zip_by_hand(file)).members

        assert member.size == 4
        unpack_member(archive, member, folder / "1", limit=LIMIT)
        assert (folder / "1").read_bytes() == b"scan"

    def test_an_archive_that_unpacks_itself_is_read(self, archive: Path, folder: Path) -> None:
        data = zip_by_hand(Packed(b"1.jpg"), before=images.executable())

        (member,) = listed(archive, data).members

        unpack_member(archive, member, folder / "1", limit=LIMIT)
        assert (folder / "1").read_bytes() == b"scan"

    def test_two_files_of_the_same_name_are_both_kept(self, archive: Path, folder: Path) -> None:
        contents = listed(
            archive, zip_by_hand(Packed(b"1.jpg", b"one"), Packed(b"1.jpg", b"another"))
        )

        assert names(contents) == ["1.jpg", "1.jpg"]
        for member, content in zip(contents.members, (b"one", b"another"), strict=True):
            unpack_member(archive, member, folder / "1", limit=LIMIT)
            assert (folder / "1").read_bytes() == content

    def test_what_nobody_sent_on_purpose_is_left_out_and_counted(self, archive: Path) -> None:
        left_out = [
            b"scans/",
            b"__MACOSX/scans/._1.jpg",
            b".DS_Store",
            b"scans/.DS_Store",
            b"scans/Thumbs.db",
            b"Desktop.ini",
            b"~$list.docx",
            b".git/config",
        ]

        contents = listed(
            archive,
            zip_by_hand(
                *(Packed(name, b"" if name.endswith(b"/") else b"x") for name in left_out),
                Packed(b"folder", b"", attributes=0x10),
                Packed(b"folder 2", b"", attributes=(stat.S_IFDIR | 0o755) << 16),
                Packed(b"scans/1.jpg"),
            ),
        )

        assert names(contents) == ["scans/1.jpg"]
        assert contents.refused == ()
        assert contents.left_out == len(left_out) + 2

    def test_an_archive_without_files_has_none(self, archive: Path) -> None:
        assert listed(archive, zip_by_hand()) == Contents((), (), 0)

    def test_five_thousand_files_are_listed_and_one_more_is_refused(self, archive: Path) -> None:
        files = [Packed(b"%d.jpg" % number, b"") for number in range(5_001)]
        notes = [Packed(b"__MACOSX/._%d.jpg" % number, b"") for number in range(5_000)]

        contents = listed(archive, zip_by_hand(*files[:5_000], *notes))

        assert len(contents.members) == contents.left_out == 5_000
        assert "5000" in refusal(archive, zip_by_hand(*files))

    def test_an_archive_that_grows_after_it_was_listed_is_read_again(
        self, archive: Path, folder: Path
    ) -> None:
        (member,) = listed(archive, zip_by_hand(Packed(b"1.jpg", b"one"))).members
        archive.write_bytes(zip_by_hand(Packed(b"2.jpg", b"another")))

        with pytest.raises(RefusedArchive, match="changed"):
            unpack_member(archive, member, folder / "1", limit=LIMIT)
        for index in (-1, 7):
            with pytest.raises(RefusedArchive, match="changed"):
                unpack_member(archive, replace(member, index=index), folder / "1", limit=LIMIT)


VIETNAMESE = [
    "Lời kêu gọi 1948.jpg",
    "Ảnh Bác Hồ.jpg",
    "Đại hội.tif",
    "Hồ sơ/Quyết định số 15 – mặt trước.jpg",
    "ĐỒNG KHỞI ẤP BẮC.jpg",
    "Nhà ở Việt Bắc.jpg",
    "ở.jpg",
    "Ộ.jpg",
    "Lời “kêu gọi” của Bác – 1948….jpg",
]


class TestNames:
    @pytest.mark.parametrize("name", VIETNAMESE)
    def test_a_vietnamese_name_is_read_however_it_was_written(
        self, name: str, archive: Path
    ) -> None:
        decomposed = unicodedata.normalize("NFD", name)
        ways = {
            "7-Zip": Packed(name.encode(), flags=0x800),
            "macOS": Packed(decomposed.encode()),
            "Vietnamese Windows": Packed(in_cp1258(name)),
            "WinRAR": Packed(b"L?i.jpg", extra=unicode_path(name, b"L?i.jpg")),
            "another field first": Packed(
                b"L?i.jpg", extra=b"UT\1\0\0" + unicode_path(name, b"L?i.jpg")
            ),
        }

        for way, file in ways.items():
            assert names(listed(archive, zip_by_hand(file))) == [name], way

    def test_names_of_several_origins_are_each_read_in_their_own_way(self, archive: Path) -> None:
        contents = listed(
            archive,
            zip_by_hand(
                *(Packed(in_cp1258(name)) for name in VIETNAMESE),
                Packed("Lêi.jpg".encode("cp437")),
                Packed(VIETNAMESE[0].encode()),
            ),
        )

        assert names(contents) == [*VIETNAMESE, "Lêi.jpg", VIETNAMESE[0]]

    @pytest.mark.parametrize(
        "name", ["Lêi.jpg", "café.jpg", "hôtel à là.jpg", "voilà.jpg", "señor.jpg"]
    )
    def test_a_name_written_by_windows_in_english_is_read(self, name: str, archive: Path) -> None:
        assert names(listed(archive, zip_by_hand(Packed(name.encode("cp437"))))) == [name]

    def test_a_name_with_a_letter_only_western_windows_has_is_read(self, archive: Path) -> None:
        # In 1258 the tilde would stand without a letter.
        raw = "ÞÝ šport 'þá'.jpg".encode("cp1252")

        assert names(listed(archive, zip_by_hand(Packed(raw)))) == ["ÞÝ šport 'þá'.jpg"]

    def test_the_other_names_decide_where_one_name_cannot(self, archive: Path) -> None:
        # Băi by 1258 and Bãi by 1252.
        doubtful = Packed(b"B\xe3i.jpg")

        assert names(listed(archive, zip_by_hand(doubtful))) == ["Băi.jpg"]
        western = Packed("þá þá.jpg".encode("cp1252"))
        assert names(listed(archive, zip_by_hand(doubtful, western)))[0] == "Bãi.jpg"

    def test_a_unicode_path_of_another_name_is_not_believed(self, archive: Path) -> None:
        stale = unicode_path("another.jpg", b"older name")

        assert names(listed(archive, zip_by_hand(Packed(b"1.jpg", extra=stale)))) == ["1.jpg"]

    def test_a_name_that_falsely_says_it_is_utf_8_is_read(self, archive: Path) -> None:
        raw = in_cp1258("Đại hội.tif")

        assert names(listed(archive, zip_by_hand(Packed(raw, flags=0x800)))) == ["Đại hội.tif"]

    def test_shown_paths_are_clean(self, archive: Path) -> None:
        for raw, shown in (
            (b"./a//b/./1.jpg", "a/b/1.jpg"),
            (b"a\n\t\x1b[31m.jpg", "a[31m.jpg"),
            ("gpj\u202e.exe".encode(), "gpj.exe"),
        ):
            (member,) = listed(archive, zip_by_hand(Packed(raw))).members
            assert member.name == shown
            assert member.basename == shown.rpartition("/")[2]


class TestRefusedMembers:
    @pytest.mark.parametrize(
        ("file", "reason"),
        [
            (Packed(b"../1.jpg"), "leads out"),
            (Packed(b"a/../../1.jpg"), "leads out"),
            (Packed(b"/etc/passwd"), "leads out"),
            (Packed(b"//server/1.jpg"), "leads out"),
            (Packed(b"C:\\1.jpg"), "leads out"),
            (Packed(b"c:1.jpg"), "leads out"),
            (Packed(b"a\\1.jpg"), "characters"),
            (Packed(b"1.jpg\0.exe"), "characters"),
            (Packed(b""), "no name"),
            (Packed(b"\xe2\x80\x8b"), "no name"),
            (Packed(b"a" * 1001), "too long"),
            (Packed(b"1.jpg", attributes=(stat.S_IFLNK | 0o777) << 16), "link"),
            (Packed(b"1.jpg", attributes=(stat.S_IFIFO | 0o666) << 16), "special"),
            (Packed(b"1.jpg", attributes=(stat.S_IFCHR | 0o666) << 16), "special"),
            (Packed(b"1.jpg", flags=1), "password"),
            (Packed(b"1.jpg", flags=1, method=99), "password"),
            (Packed(b"1.jpg", method=9), "Deflate"),
            (Packed(b"1.jpg", method=14), "Deflate"),
            (Packed(b"more.zip"), "archive in the archive"),
            (Packed(b"more.RAR"), "archive in the archive"),
            (Packed(b"more.7z"), "archive in the archive"),
            (Packed(b"1.jpg", place=3), "damaged"),
            (Packed(b"1.jpg", packed_size=10_000), "damaged"),
            (Packed(b"1.tif", size=50 * 1024**2 + 1), "more than is reasonable"),
        ],
        ids=lambda value: value if isinstance(value, str) else repr(value.raw[:20]),
    )
    def test_a_file_that_cannot_be_taken_is_named_with_the_reason_and_the_rest_goes_on(
        self, file: Packed, reason: str, archive: Path, folder: Path
    ) -> None:
        contents = listed(archive, zip_by_hand(Packed(b"0.jpg"), file, Packed(b"2.jpg")))

        assert names(contents) == ["0.jpg", "2.jpg"]
        (refused,) = contents.refused
        assert reason in refused.reason
        assert (refused.index, [member.index for member in contents.members]) == (1, [0, 2])
        assert len(refused.name) <= 201 and "\0" not in refused.name
        for member in contents.members:
            unpack_member(archive, member, folder / "1", limit=LIMIT)

    def test_a_refused_file_is_not_unpacked_by_asking_for_it(
        self, archive: Path, folder: Path
    ) -> None:
        listed(archive, zip_by_hand(Packed(b"../1.jpg")))
        forged = Member("../1.jpg", "1.jpg", 4, 0)

        with pytest.raises(RefusedArchive, match="leads out"):
            unpack_member(archive, forged, folder / "1", limit=LIMIT)

    def test_a_blank_page_that_shrinks_far_is_no_bomb(self, archive: Path, folder: Path) -> None:
        blank = Packed(b"blank.tif", b"\xff" * 9_000_000, method=8)

        (member,) = listed(archive, zip_by_hand(blank)).members

        unpack_member(archive, member, folder / "1", limit=LIMIT)

    def test_files_that_share_their_bytes_are_refused(self, archive: Path) -> None:
        kernel = Packed(b"0.tif", b"\0" * 100_000, method=8)

        contents = listed(
            archive,
            zip_by_hand(
                kernel,
                *(replace(kernel, raw=b"%d.tif" % number, place=0) for number in (1, 2)),
                Packed(b"good.jpg"),
            ),
        )

        assert names(contents) == ["good.jpg"]
        assert [refused.name for refused in contents.refused] == ["0.tif", "1.tif", "2.tif"]

    def test_a_file_quoted_within_another_is_refused(self, archive: Path) -> None:
        inner = zip_by_hand(Packed(b"inner.jpg"))[:39]
        outer = Packed(b"outer.jpg", inner)

        contents = listed(
            archive, zip_by_hand(outer, Packed(b"inner.jpg", place=39), Packed(b"2.jpg"))
        )

        assert names(contents) == ["2.jpg"]


class TestUnpacking:
    @pytest.mark.parametrize(
        ("file", "reason"),
        [
            (Packed(b"1.jpg", images.jpeg(), checksum=1), "damaged"),
            (Packed(b"1.jpg", images.jpeg(), method=8, checksum=1), "damaged"),
            (Packed(b"1.jpg", images.jpeg(), method=8, size=9), "damaged"),
            (Packed(b"1.jpg", images.jpeg(), method=8, size=90_000), "damaged"),
            (Packed(b"1.jpg", images.jpeg(), size=9), "damaged"),
            (Packed(b"1.jpg", images.jpeg(), method=8, packed_size=99), "damaged"),
            (Packed(b"1.jpg", good_zip(a__jpg=b"x")), "archive in the archive"),
            (Packed(b"1.docx", good_zip(a__jpg=b"x")), "archive in the archive"),
            (Packed(b"1.jpg", b"Rar!\x1a\x07\x01\0" + b"x" * 50), "archive in the archive"),
            (Packed(b"1.jpg", b"7z\xbc\xaf\x27\x1c" + b"x" * 50), "archive in the archive"),
            (Packed(b"1.jpg", zip_by_hand()), "archive in the archive"),
        ],
        ids=[
            "checksum",
            "checksum of deflated",
            "more than said",
            "less than said",
            "stored with more than said",
            "cut",
            "zip",
            "zip named docx",
            "rar",
            "7z",
            "empty zip",
        ],
    )
    def test_a_file_that_is_not_what_it_says_is_refused_and_leaves_nothing(
        self, file: Packed, reason: str, archive: Path, folder: Path
    ) -> None:
        archive.write_bytes(zip_by_hand(file))

        assert reason in refusal_of_first(archive, folder)

    def test_bytes_that_are_no_deflate_stream_are_refused(
        self, archive: Path, folder: Path
    ) -> None:
        data = zip_by_hand(Packed(b"1.jpg", images.jpeg(), method=8))
        archive.write_bytes(data[:40] + b"\xff" * 400 + data[440:])

        assert "damaged" in refusal_of_first(archive, folder)

    def test_a_file_larger_than_is_accepted_is_refused_before_it_is_read(
        self, archive: Path, folder: Path
    ) -> None:
        archive.write_bytes(zip_by_hand(Packed(b"1.jpg", images.jpeg())))

        assert "at most 0 MB" in refusal_of_first(archive, folder, limit=100)

    def test_a_bomb_that_hides_its_ratio_behind_padding_is_found_while_it_unpacks(
        self, archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(archives, "BOMB_SIZE", 2_000_000)
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        deflated = packer.compress(b"\0" * 9_000_000) + packer.flush()
        content = deflated + random.Random(1).randbytes(100_000)
        data = zip_by_hand(Packed(b"1.tif", content, size=9_000_000))
        # Written as stored and said to be deflated.
        data = data.replace(b"PK\3\4\x14\0\0\0\0\0", b"PK\3\4\x14\0\0\0\x08\0")
        data = data.replace(b"PK\1\2\x14\3\x14\0\0\0\0\0", b"PK\1\2\x14\3\x14\0\0\0\x08\0")
        assert listed(archive, data).refused == ()

        # The padding is read along with the first piece, so a piece is made small.
        monkeypatch.setattr(archives, "_CHUNK", 4_000)

        assert "more than is reasonable" in refusal_of_first(archive, folder)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("list.docx", images.docx()),
            ("list.xlsx", images.xlsx()),
            ("list.odt", images.odt()),
            (
                "list.ods",
                # As LibreOffice does it: the kind stands plain at the beginning.
                zip_by_hand(
                    Packed(b"mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
                    Packed(b"content.xml", b"<office:document-content/>"),
                ),
            ),
        ],
    )
    def test_documents_that_are_packages_themselves_are_unpacked(
        self, name: str, content: bytes, archive: Path, folder: Path
    ) -> None:
        archive.write_bytes(zip_by_hand(Packed(name.encode(), content)))

        unpack_member(archive, contents_of(archive).members[0], folder / "1", limit=LIMIT)

        assert (folder / "1").read_bytes() == content

    def test_a_failing_disk_leaves_nothing_and_is_not_blamed_on_the_archive(
        self, archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(path: Path, target: Path) -> Path:
            raise OSError(28, "No space left on device")

        archive.write_bytes(zip_by_hand(Packed(b"1.jpg")))
        (member,) = contents_of(archive).members
        monkeypatch.setattr(Path, "replace", full)

        with pytest.raises(OSError, match="No space"):
            unpack_member(archive, member, folder / "1", limit=LIMIT)
        assert list(folder.iterdir()) == []


class TestRefusedArchives:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (images.empty(), "not a ZIP"),
            (images.jpeg(), "not a ZIP"),
            (b"PK", "not a ZIP"),
            (b"PK\5\6", "not a ZIP"),
            (b"Rar!\x1a\x07\x01\0" + b"x" * 500, "no ZIP"),
            (b"7z\xbc\xaf\x27\x1c" + b"x" * 500, "no ZIP"),
            (b"\x1f\x8b\x08" + b"x" * 500, "no ZIP"),
            (b"PK\7\x08" + zip_by_hand(Packed(b"1.jpg"))[:-30], "several parts"),
            (zip_by_hand(Packed(b"1.jpg"))[:-1], "ends too early"),
            (images.truncated(good_zip(a__jpg=images.jpeg())), "ends too early"),
        ],
        ids=[
            "empty",
            "jpeg",
            "two bytes",
            "an end alone",
            "rar",
            "7z",
            "gz",
            "first part",
            "cut at the end",
            "cut in the middle",
        ],
    )
    def test_what_is_no_whole_zip_is_refused_with_what_to_do(
        self, data: bytes, reason: str, archive: Path
    ) -> None:
        assert reason in refusal(archive, data)

    def test_the_last_of_several_parts_is_refused(self, archive: Path) -> None:
        data = bytearray(zip_by_hand(Packed(b"1.jpg")))
        end = data.rindex(b"PK\5\6")
        data[end + 4] = 3

        assert "several parts" in refusal(archive, bytes(data))

    def test_a_directory_that_makes_no_sense_is_refused(self, archive: Path) -> None:
        data = zip_by_hand(Packed(b"1.jpg"), Packed(b"2.jpg"))
        directory, end = data.index(b"PK\1\2"), data.rindex(b"PK\5\6")

        for place, value in ((directory, 0), (directory + 28, 0xFF), (end + 12, 0xFF)):
            changed = bytearray(data)
            changed[place] = value
            assert "damaged" in refusal(archive, bytes(changed))

    def test_an_archive_too_large_for_the_format_macos_wrote_is_refused(
        self, archive: Path
    ) -> None:
        # All places modulo 4 GB; the file is sparse.
        data = zip_by_hand(Packed(b"1.jpg"))
        with archive.open("wb") as file:
            file.write(data[: data.index(b"PK\1\2")])
            file.seek(0x1_0000_0000, io.SEEK_CUR)
            file.write(data[data.index(b"PK\1\2") :])

        with pytest.raises(RefusedArchive, match="less than 4 GB"):
            contents_of(archive)

    def test_an_archive_that_says_it_unpacks_to_more_than_fits_is_refused(
        self, archive: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(archives, "MAX_UNPACKED", 40 * 1024**2)
        # Each less than what a bomb has.
        large = [Packed(b"%d.tif" % number, size=45 * 1024**2 // 2) for number in range(2)]

        assert "would unpack" in refusal(archive, zip_by_hand(*large))

    def test_a_directory_of_millions_is_refused_before_it_is_read(
        self, archive: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = zip_by_hand(*(Packed(b"%d.jpg" % number) for number in range(20)))
        monkeypatch.setattr(archives, "MAX_ENTRIES", 19)
        assert "files" in refusal(archive, data)
        monkeypatch.undo()
        monkeypatch.setattr(archives, "MAX_DIRECTORY", 900)
        assert "files" in refusal(archive, data)


def unpack_everything(archive: Path, folder: Path) -> None:
    """List and unpack; only what is foreseen goes wrong."""
    try:
        contents = contents_of(archive)
    except RefusedArchive as refused:
        assert str(refused).endswith(".")
        return
    for refused_member in contents.refused:
        assert refused_member.reason.endswith(".")
    for member in contents.members:
        assert ".." not in member.name.split("/")
        try:
            unpack_member(archive, member, folder / str(member.index), limit=LIMIT)
        except RefusedArchive as refused:
            assert str(refused).endswith(".")


class TestStrangers:
    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.one_of(
                st.text(max_size=40).map(lambda name: name.encode("utf-8", "surrogatepass")),
                st.binary(max_size=40),
                st.lists(
                    st.sampled_from(["..", ".", "", "a", "C:", "/", "\\", "~", "\0", "ế"]),
                    max_size=6,
                ).map(lambda parts: "/".join(parts).encode()),
            ),
            max_size=6,
        ),
        st.sampled_from([0, 0x800]),
    )
    def test_whatever_names_say_nothing_is_written_outside_the_folder(
        self, raw_names: list[bytes], flags: int
    ) -> None:
        with tempfile.TemporaryDirectory() as place:
            top = Path(place)
            folder = top / "a" / "unpacked"
            folder.mkdir(parents=True)
            archive = top / "archive"
            archive.write_bytes(zip_by_hand(*(Packed(name, flags=flags) for name in raw_names)))

            contents = contents_of(archive)
            unpack_everything(archive, folder)

            count = len(contents.members) + len(contents.refused) + contents.left_out
            assert count == len(raw_names)
            written = {path.relative_to(top).as_posix() for path in top.rglob("*")}
            assert written == {"archive", "a", "a/unpacked"} | {
                f"a/unpacked/{member.index}" for member in contents.members
            }

    def test_any_changed_byte_is_refused_or_read_but_never_breaks_anything(
        self, tmp_path: Path, folder: Path
    ) -> None:
        data = good_zip(a__jpg=images.jpeg(80, 60), b__docx=images.docx(), c__tif=b"\0" * 9000)
        chance = random.Random(20240902)
        # The structure is small beside the data, so half of the places are in it.
        directory = data.index(b"PK\1\2")
        places = chance.sample(range(len(data)), 110) + chance.sample(
            range(directory, len(data)), 110
        )
        for number, place in enumerate(places):
            changed = bytearray(data)
            changed[place] ^= chance.randrange(1, 256)
            archive = tmp_path / f"archive {number}"
            archive.write_bytes(bytes(changed))

            unpack_everything(archive, folder)

    def test_an_archive_cut_anywhere_is_refused(self, tmp_path: Path) -> None:
        data = zip_by_hand(Packed(b"1.jpg"), Packed(b"2.jpg"))
        for length in range(len(data)):
            with pytest.raises(RefusedArchive):
                listed(tmp_path / f"archive {length}", data[:length])
