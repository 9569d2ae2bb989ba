"""Agreements over the API: drafted, changed, and moved through their life."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser

from agreements.api.inputs import AgreementChange, AgreementInput, SignatureInput, SignedScanInput
from agreements.api.rows import AgreementDetail, AgreementRow
from agreements.filters import AgreementFilter
from agreements.lifecycle import IMPLICIT, KEEPS, WRITTEN
from agreements.models import Agreement
from agreements.services import drafting, ending, signing
from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from kerjasama.domain.errors import NotPermitted
from libraries.access import roles_toward
from libraries.choices import FilePurpose
from libraries.services.files import keep_upload

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


def attach_scan(view: Any, row: Agreement, data: dict[str, Any]) -> Agreement:
    actor = view.actor
    if not roles_toward(actor, office=row.office_id) & KEEPS:  # before anything is written to the disk
        raise NotPermitted("role_missing", _("Only the office that keeps the agreement can attach its scan."))
    file = keep_upload(
        data["file"],
        owner=row.office,
        counterpart=row.partner,
        purpose=FilePurpose.SIGNED_SCAN,
        actor=actor,
    )
    return drafting.attach_signed_scan(agreement=row, file=file, actor=actor)


class AgreementViewSet(EventsMixin, CreateMixin, ReviseMixin, ReadViewSet):
    """What a library and a partner agreed on. The office that keeps it sees it always, a partner once it is no draft."""

    scope_noun = "agreements"
    queryset = Agreement.objects.select_related(
        "office", "partner", "parent", "document", "lending_term"
    ).prefetch_related("parties__institution")
    list_queryset = Agreement.objects.select_related("office", "partner")
    serializer_class = AgreementRow
    detail_class = AgreementDetail
    filterset_class = AgreementFilter
    create_input = AgreementInput
    revise_input = AgreementChange
    create_example = {
        "office": SOME_ID,
        "partner": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20",
        "kind": "pks",
        "title": "Peminjaman koleksi dengan rotasi",
        "starts_on": "2026-07-01",
        "ends_on": "2027-06-30",
        "aims": "Meningkatkan minat baca siswa.",
        "lending": {"quantity": 100, "interval_months": 3, "first_delivery_on": "2026-07-13"},
    }
    revise_example = {"financing": "Setiap pihak menanggung biayanya sendiri.", "lending": {"quantity": 120}}
    lives = (WRITTEN, IMPLICIT)
    subject = "agreement"
    acts = {
        "submit": Act(
            signing.submit_agreement, says="Send a complete draft for signature: it gets its number."
        ),
        "reopen": Act(
            signing.reopen_agreement,
            NoteInput,
            says="Back to draft; signatures given so far no longer count.",
            example={"note": "Tanggal mulai keliru."},
        ),
        "sign": Act(
            signing.record_signature,
            SignatureInput,
            says="Record that one party has signed.",
            example={"party": SOME_ID, "signed_on": "2026-06-29"},
        ),
        "activate": Act(signing.activate_agreement, says="Bring it into force."),
        "terminate": Act(
            ending.terminate_agreement,
            NoteInput,
            says="End it before its time. Books that are out still come back.",
            example={"note": "Sekolah digabung dengan SDN 02."},
        ),
        "cancel": Act(
            ending.cancel_agreement,
            NoteInput,
            says="Give up a draft or what was never signed.",
            example={"note": "Sekolah memilih jadwal lain."},
        ),
        "attach_scan": Act(
            drafting.attach_signed_scan,
            SignedScanInput,
            says="Keep the scan of the signed paper.",
            run=attach_scan,
            parsers=(MultiPartParser,),
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Agreement:
        return drafting.draft_agreement(actor=self.actor, **data)

    def do_revise(self, row: Agreement, data: dict[str, Any]) -> Agreement:
        return drafting.revise_agreement(agreement=row, actor=self.actor, version=row.version, **data)
