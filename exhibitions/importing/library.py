"""Files of an import that become images and documents of the library."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext as _
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


def make_medium(file: ImportFile, by: User) -> tuple[CustomImage | CustomDocument, bool]:
    """The image or document of ``file``, and whether it was made now.

    Within a transaction. Raises ValidationError when ``by`` may add none to the library, and
    OSError when its content cannot be stored.
    """
    known = file.image or file.document
    if known is not None:
        return known, False
    model = CustomImage if file.kind == "image" else CustomDocument
    name, collection = stored_name(file), collection_for(model, by)
    put_into_library(file, name)
    told = _told(file, name, by) | {"collection_id": collection}
    made: CustomImage | CustomDocument
    if model is CustomImage:
        made = file.image = CustomImage.objects.create(frames=file.frames, **told)
    else:
        made = file.document = CustomDocument.objects.create(**told)
    file.save(update_fields=["image", "document"])
    return made, True


def _told(file: ImportFile, name: str, by: User) -> dict[str, Any]:
    """What is written of a file in the library, without reading it again."""
    return {
        "title": PurePosixPath(file.name).name[:TITLE_LENGTH],
        "file": name,
        "file_size": file_path(file).stat().st_size,
        "file_hash": file.content_hash,
        "uploaded_by_user": by,
    }


def collection_for(model: type[CustomImage | CustomDocument], user: User) -> int:
    """The number of the collection a person's files are put into: the highest they may use.

    Raises ValidationError when there is none.
    """
    allowed = _collections(model, user).order_by("path").first()
    if allowed is None:
        raise ValidationError(said_of_no_right(model))
    number: int = allowed.pk
    return number


def may_add(model: type[CustomImage | CustomDocument], user: User) -> bool:
    """Whether ``user`` may add images, or documents, to any collection."""
    return _collections(model, user).exists()


def _collections(model: type[CustomImage | CustomDocument], user: User) -> QuerySet[Collection]:
    policy = policy_registry.get_by_type(model)
    allowed: QuerySet[Collection] = policy.collections_user_has_permission_for(user, "add")
    return allowed


def said_of_no_right(model: type[CustomImage | CustomDocument]) -> str:
    """What people are told who may add no images, or no documents, to the library."""
    if model is CustomImage:
        return _(
            "You may not add images to the library. Ask the administrator for the right, or "
            "take the images out of this import."
        )
    return _(
        "You may not add documents to the library. Ask the administrator for the right, or "
        "take the sound recordings and films out of this import."
    )


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
