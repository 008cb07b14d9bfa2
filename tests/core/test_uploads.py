"""What happens when something unfit is uploaded through the admin: a reason, and nothing stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import CustomDocument, CustomImage, RenditionSet
from tests import factories, images

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own, to see what is left in it."""
    settings.MEDIA_ROOT = tmp_path / "private"
    settings.RENDITIONS_ROOT = tmp_path / "h"
    return tmp_path


@pytest.fixture
def editor(client: Client) -> Client:
    """Signed in to the admin."""
    client.force_login(factories.UserFactory(is_superuser=True))
    return client


def upload_image(editor: Client, name: str, content: bytes) -> str:
    answer = editor.post(
        reverse("wagtailimages:add"),
        {"title": "Bản quét", "file": SimpleUploadedFile(name, content), "collection": 1},
    )
    return "" if answer.status_code == 302 else answer.content.decode()


def upload_document(editor: Client, name: str, content: bytes) -> str:
    answer = editor.post(
        reverse("wagtaildocs:add"),
        {"title": "Văn bản", "file": SimpleUploadedFile(name, content), "collection": 1},
    )
    return "" if answer.status_code == 302 else answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("anh.jpg", b"khong phai anh" * 50, "không phải"),
        ("anh.jpg", images.truncated(images.jpeg()), "thiếu phần cuối"),
        ("bom.png", images.bomb_png(), "điểm ảnh"),
        ("ve.jpg", images.svg_with_script(), "SVG"),
        ("trong.jpg", b"", "Tệp rỗng"),
        ("quet.tif", images.tiff_with_words_for_numbers(), "bị hỏng"),
    ],
    ids=[
        "not an image",
        "truncated",
        "400-megapixel bomb",
        "SVG with script",
        "0 bytes",
        "TIFF with words for numbers",
    ],
)
def test_an_unfit_image_is_refused_in_vietnamese_and_nothing_is_stored(
    editor: Client, own_folder: Path, name: str, content: bytes, reason: str
) -> None:
    page = upload_image(editor, name, content)
    assert reason in page
    assert not CustomImage.objects.exists()
    assert [path for path in own_folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("to-trinh.pdf", images.executable()), ("to-trinh.pdf", images.html()), ("to-trinh.pdf", b"")],
    ids=["EXE called .pdf", "HTML called .pdf", "0 bytes"],
)
def test_an_unfit_document_is_refused_in_vietnamese_and_nothing_is_stored(
    editor: Client, own_folder: Path, name: str, content: bytes
) -> None:
    page = upload_document(editor, name, content)
    assert "to-trinh.pdf" in page or "tệp" in page.lower()
    assert "Văn bản" in page
    assert not CustomDocument.objects.exists()
    assert [path for path in own_folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("quet.jpg", images.cmyk_jpeg()),
        ("quet.png", images.grey_16_bit_png()),
        ("quet.tif", images.multi_frame_tiff()),
        ("quet.jpg", images.oriented_jpeg(6)),
        ("quet.webp", images.webp()),
    ],
    ids=["CMYK", "16-bit", "multi-frame TIFF", "turned by EXIF", "WebP"],
)
def test_what_scanners_make_is_accepted_and_its_widths_are_made_by_the_task(
    editor: Client, name: str, content: bytes, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert upload_image(editor, name, content) == ""
    image = CustomImage.objects.get()
    renditions = RenditionSet.objects.get(image=image)
    assert renditions.made_at is not None
    assert renditions.widths
    width, height = renditions.widths[-1]
    assert (width > height) == (image.width > image.height)
    if name.endswith(".tif"):
        assert image.frames > 1


def test_an_unfit_image_among_many_is_refused_alone(editor: Client) -> None:
    answer = editor.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Quét", "files[]": SimpleUploadedFile("quet.jpg", b"khong phai anh" * 50)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert answer.status_code == 200
    assert answer.json()["success"] is False
    assert "không phải" in answer.json()["error_message"]
    assert not CustomImage.objects.exists()


def test_the_size_is_read_from_the_header_and_turned_by_exif(editor: Client) -> None:
    lying_in_the_file = images.oriented_jpeg(6, width=600, height=800)
    upload_image(editor, "quet.jpg", lying_in_the_file)
    image = CustomImage.objects.get()
    assert (image.width, image.height) == (600, 800)


def test_an_original_has_no_address_that_answers(client: Client, editor: Client) -> None:
    upload_image(editor, "quet.jpg", images.jpeg())
    image = CustomImage.objects.get()
    for address in (
        image.file.url,
        f"/{image.file.name}",
        f"/media/{image.file.name}",
        f"/admin-tep/{image.file.name}",
        f"/admin-tep/images/../{image.file.name}",
        f"/static/../{image.file.name}",
    ):
        assert editor.get(address).status_code == 404, address
