"""Upload forms that judge a file by what is in it."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from core.media.keeping import reason_to_keep
from core.media.vetting import MediaRefused, vet_document, vet_image


class VettedImageField(WagtailImageField):
    """Wagtail's image field, with our vetting in place of its full decode."""

    def to_python(self, data: Any) -> Any:
        """The upload with its ``facts``; what cannot be kept is refused with the reason."""
        upload: Any = forms.FileField.to_python(self, data)
        if upload is None:
            return None
        try:
            upload.facts = vet_image(upload)
        except MediaRefused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        upload.seek(0)
        return upload


class VettedImageForm(BaseImageForm):
    """Wagtail's image form with :class:`VettedImageField`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = self.fields["file"]
        self.fields["file"] = VettedImageField(
            label=plain.label, required=plain.required, widget=plain.widget, allow_empty_file=True
        )

    def clean_file(self) -> Any:
        """The uploaded file; the image takes the number of its pages from it."""
        upload = self.cleaned_data.get("file")
        if facts := getattr(upload, "facts", None):
            self.instance.frames = facts.frames
        return upload


class VettedDocumentForm(BaseDocumentForm):
    """Wagtail's document form with the file's content checked against its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].allow_empty_file = True

    def clean_file(self) -> Any:
        """The uploaded file, if its content is what its name says.

        A file that was put on record is not replaced by another.
        """
        upload = self.cleaned_data.get("file")
        if upload and "file" in self.changed_data:
            if self.instance.pk and (reason := reason_to_keep(self.instance)):
                raise forms.ValidationError(reason, code="kept")
            try:
                vet_document(upload, upload.name)
            except MediaRefused as refusal:
                raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
            upload.seek(0)
        return upload
