"""Photographs in portal forms: kept at once, so that going back and forth never asks for them again."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from kerjasama.domain.errors import DomainError
from libraries.choices import FilePurpose
from libraries.models import StoredFile
from libraries.services.files import keep_upload
from loans.models import Consignment


def take_photograph(form: forms.Form, consignment: Consignment, user: Any, kept: str) -> str:
    """The id of the photograph that the form now has: a new one, the one ``kept`` before, or "" after taking it away.

    A refused picture becomes an error of its field; everything else in the form stays as typed.
    """
    upload: UploadedFile[Any] | None = form.cleaned_data.get("photograph")
    if upload is None:
        return "" if form.cleaned_data.get("drop_photograph") else kept
    try:
        row = keep_upload(
            upload,
            owner=consignment.partner,
            counterpart=consignment.lender,
            purpose=FilePurpose.PHOTOGRAPH,
            actor=user,
            field="photograph",
        )
    except DomainError as refusal:
        form.add_error("photograph", str(refusal))
        return kept
    return str(row.pk)


def photographs_of(user: Any, keys: Iterable[str]) -> dict[str, StoredFile]:
    """Kept photographs by id: only those that this very person took."""
    wanted = [key for key in keys if _is_key(key)]
    if not wanted:
        return {}
    rows = StoredFile.objects.visible_to(user).filter(
        pk__in=wanted, uploaded_by=user, purpose=FilePurpose.PHOTOGRAPH
    )
    return {str(row.pk): row for row in rows}


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except (ValueError, ValidationError):
        return False
    return True
