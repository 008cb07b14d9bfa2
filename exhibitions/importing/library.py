"""Files of an import that become images and documents of the library."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.storage import default_storage
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from core.models import CustomDocument, CustomImage, User
from core.vietnamese import slugify
from exhibitions.importing.folder import file_path, put_into_library
from exhibitions.models import Import, ImportFile

TITLE_LENGTH = 255
STEM_LENGTH = 40
FOLDERS = {"image": "original_images", "document": "documents"}


def stored_name(file: ImportFile) -> str:
    """Where in the storage the content of ``file`` lies: always the same place for one file.

    So whatever interrupts its making, the next attempt finds what the former one left.
    """
    stem = slugify(PurePosixPath(file.name).stem, STEM_LENGTH) or "tep"
    folder = FOLDERS[file.kind]
    return f"{folder}/{stem}-{file.of_import.key[:10]}-{file.pk}.{file.extension}"


def make_medium(file: ImportFile, by: User | None) -> tuple[CustomImage | CustomDocument, bool]:
    """The image or document of ``file``, and whether it was made now.

    Within a transaction. Raises OSError when its content cannot be stored.
    """
    known = file.image or file.document
    if known is not None:
        return known, False
    name = stored_name(file)
    put_into_library(file, name)
    made: CustomImage | CustomDocument
    if file.kind == "image":
        told = _told(file, name, by, CustomImage)
        made = file.image = CustomImage.objects.create(frames=file.frames, **told)
    else:
        made = file.document = CustomDocument.objects.create(
            **_told(file, name, by, CustomDocument)
        )
    file.save(update_fields=["image", "document"])
    return made, True


def _told(
    file: ImportFile, name: str, by: User | None, model: type[CustomImage | CustomDocument]
) -> dict[str, Any]:
    """What is written of a file in the library, without reading it again."""
    return {
        "title": PurePosixPath(file.name).name[:TITLE_LENGTH],
        "file": name,
        "file_size": file_path(file).stat().st_size,
        "file_hash": file.content_hash,
        "uploaded_by_user": by,
        "collection_id": collection_for(model, by),
    }


def collection_for(model: type[CustomImage | CustomDocument], user: User | None) -> int:
    """The number of the collection a person's files are put into: the highest they may use."""
    root: int = Collection.get_first_root_node().pk
    if user is None:
        return root
    policy = policy_registry.get_by_type(model)
    allowed = policy.collections_user_has_permission_for(user, "add").order_by("path").first()
    return allowed.pk if allowed else root


def remove_unused_files(job: Import) -> None:
    """Remove from the storage what was put there for files that became no medium."""
    for file in job.files.filter(image=None, document=None, kind__in=FOLDERS):
        path = Path(default_storage.path(stored_name(file)))
        if path.exists() and not _belongs_to_a_medium(stored_name(file)):
            path.unlink(missing_ok=True)


def _belongs_to_a_medium(name: str) -> bool:
    return (
        CustomImage.objects.filter(file=name).exists()
        or CustomDocument.objects.filter(file=name).exists()
    )
