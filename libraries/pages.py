"""The checked way to files and documents, and the public verification of a paper."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kerjasama.brakes import stop, too_often
from kerjasama.domain.errors import DomainError
from libraries.choices import PaperStatus
from libraries.models import Document, StoredFile
from libraries.services.barcodes import MOST_BYTES, codes_in
from libraries.services.documents import note_view, pdf_of
from libraries.services.files import note_file_view

# Guessing a code is hopeless at any speed; this only keeps a robot from asking all day (S25).
VERIFIED_PER_ADDRESS = (30, 60)
# A phone sends two frames a second while it scans.
FRAMES_PER_PERSON = (200, 60)


@require_POST
def camera_frame(request: HttpRequest) -> JsonResponse:
    """One frame of a camera, read for a browser that cannot read codes itself; nothing of it is kept."""
    if too_often("camera frame", str(request.user.pk), FRAMES_PER_PERSON):
        answer = JsonResponse({"codes": []}, status=429)
        answer["Retry-After"] = str(FRAMES_PER_PERSON[1])
        return answer
    frame = request.FILES.get("frame")
    if frame is None or (frame.size or 0) > MOST_BYTES:
        return JsonResponse({"codes": []}, status=413 if frame else 422)
    try:
        return JsonResponse({"codes": codes_in(frame.read())})
    except DomainError as error:
        return JsonResponse({"codes": [], "detail": str(error)}, status=error.status)


@require_safe
def file(request: HttpRequest, pk: UUID) -> FileResponse:
    """A stored file, to those who may see it; anybody else learns nothing."""
    row = get_object_or_404(StoredFile.objects.visible_to(request.user), pk=pk)
    note_file_view(file=row, user=request.user)
    return send(row)


@require_safe
def document(request: HttpRequest, pk: UUID) -> FileResponse:
    """The PDF of a numbered paper."""
    row = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    note_view(document=row, user=request.user)
    return send(pdf_of(row), inline=True)


def send(row: StoredFile, *, inline: bool = False) -> FileResponse:
    """The bytes with a name people understand. Only our own PDFs open in the browser; uploads are downloads."""
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=not inline,
        filename=row.original_name,
        content_type=row.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@login_not_required
@require_safe
def verify_lookup(request: HttpRequest) -> HttpResponseRedirect:
    """The little form on the front page: from a typed code to its page."""
    code = "".join(request.GET.get("code", "").split()).upper()[:64]
    return redirect("verify", code) if code else redirect(reverse("front") + "#periksa")


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a paper with this code was issued here (L4). Shows the least: what, who, when, and its hash."""
    refused = stop(request, "verify", VERIFIED_PER_ADDRESS)
    if refused:
        return refused
    row = (
        Document.objects.filter(verify_code=code.upper())
        .select_related("issuer", "recipient", "file")
        .first()
    )
    if row is None:
        return render(request, "public/verify.html", {"code": code, "found": False}, status=404)
    paper = {
        "title": row.title,
        "number": row.number,
        "issuer": row.issuer,
        "recipient": row.recipient,
        "issued_on": row.issued_on,
        "items_count": row.item_count,
        "sha256": row.file.sha256 if row.file else "",
        "status": "withdrawn" if row.status == PaperStatus.WITHDRAWN else "valid",
        "completed": row.status == PaperStatus.COMPLETED,
    }
    return render(request, "public/verify.html", {"code": code, "found": True, "document": paper})
