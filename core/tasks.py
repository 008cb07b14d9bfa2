"""Background work of the core app, done by the clockwork."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task

from core.media.renditions import RenditionFailed, make_renditions
from core.media.storage import move_rendition_folder, remove_rendition_folder, rendition_folder
from core.media.vetting import MediaRefused
from core.models.media import CustomImage, RenditionSet, random_key
from core.pictures import DEFAULT_PROFILE, PublicationProfile

MARK_FONTS = [
    settings.BASE_DIR / "static" / "fonts" / f"be-vietnam-pro-{subset}-500-normal.woff2"
    for subset in ("latin", "vietnamese")
]


def is_waiting(job: Task, *args: Any) -> bool:
    """Whether ``job`` stands in the queue with these arguments, or is being done."""
    from django_tasks_db.models import DBTaskResult  # can be imported only once apps are loaded

    unfinished = DBTaskResult.objects.filter(task_path=job.module_path).exclude(
        status__in=(TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    )
    return any(each.args_kwargs["args"] == list(args) for each in unfinished)


def ensure_renditions(
    image_id: int, profile: PublicationProfile = DEFAULT_PROFILE, frame: int = 1
) -> None:
    """See to it that ``image_id`` has a set under ``profile``: queue its making if it lacks one."""
    _set, created = RenditionSet.objects.get_or_create(
        image_id=image_id, ceiling=profile.ceiling, mark=profile.mark, frame=frame
    )
    if created:
        set_id = _set.pk
        transaction.on_commit(lambda: make_rendition_set.enqueue(set_id))


def queue_renditions(image_id: int) -> None:
    """A new file has come: make its default set, and every other set it had, anew."""
    RenditionSet.objects.get_or_create(
        image_id=image_id, ceiling=DEFAULT_PROFILE.ceiling, mark=DEFAULT_PROFILE.mark, frame=1
    )
    for set_id in RenditionSet.objects.filter(image_id=image_id).values_list("pk", flat=True):
        make_rendition_set.enqueue(set_id)


@task(backend="jobs")
def make_rendition_set(set_id: int) -> None:
    """Make the files of one set from the private original, under a fresh key.

    The row takes the new key only when all files lie there, so a page never names
    a file that is not there, and a kill in the middle leaves the former set in force.
    What was made of a file that has been replaced meanwhile is thrown away.
    """
    renditions = RenditionSet.objects.select_related("image").filter(pk=set_id).first()
    if renditions is None:
        return
    key, source = random_key(), renditions.image.file
    try:
        made = make_renditions(
            source.path,
            rendition_folder(key),
            ceiling=renditions.ceiling,
            mark=renditions.mark,
            page=renditions.frame - 1,
            font_paths=MARK_FONTS,
        )
    except (MediaRefused, RenditionFailed) as error:
        # Kept with the set, so that the upkeep does not try it again for ever.
        _record(renditions, source.name, made_at=None, failure=str(error))
        raise
    widths = sorted({(each.width, each.height) for each in made})
    is_current = _record(
        renditions,
        source.name,
        key=key,
        widths=[list(size) for size in widths],
        made_at=timezone.now(),
        failure="",
    )
    remove_rendition_folder(renditions.key if is_current else key)


@transaction.atomic
def _record(renditions: RenditionSet, source_name: str, **columns: Any) -> bool:
    """Write what has become of a set, if the image still has the file it was made of.

    The image is held meanwhile: whoever replaces its file comes before or after, and
    takes back afterwards what is written here.
    """
    CustomImage.objects.select_for_update().filter(pk=renditions.image_id).first()
    current = RenditionSet.objects.filter(pk=renditions.pk, image__file=source_name)
    return bool(current.update(**columns))


def rotate_rendition_keys(image_ids: list[int]) -> None:
    """Give every set of these images a new key; the old addresses answer 404 from the commit on."""
    for renditions in RenditionSet.objects.filter(image_id__in=image_ids):
        old_key, new_key = renditions.key, random_key()
        RenditionSet.objects.filter(pk=renditions.pk).update(key=new_key)
        transaction.on_commit(partial(move_rendition_folder, old_key, new_key))
