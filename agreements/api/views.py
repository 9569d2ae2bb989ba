"""Agreements over the API: drafted, changed, and moved through their life."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser

from agreements.api.desk import PermissionMixin
from agreements.api.inputs import (
    AddendumInput,
    AgreementChange,
    AgreementCopyInput,
    AgreementInput,
    AuthorityChange,
    AuthorityInput,
    DerivedInput,
    FulfilmentInput,
    LegalReviewInput,
    ObligationChange,
    ObligationInput,
    PartyChange,
    PartyChosen,
    PartyInput,
    SignatureBack,
    SignatureInput,
    SignedScanInput,
    StandingInput,
    TermInput,
    WrittenInput,
)
from agreements.api.office_rules import TemplateNameInput, TemplateRow
from agreements.api.rows import AgreementDetail, AgreementRow, AuthorityRow, ObligationRow
from agreements.filters import AgreementFilter, AuthorityFilter, ObligationFilter
from agreements.lifecycle import IMPLICIT, KEEPS, OBLIGATION, WRITTEN
from agreements.models import Agreement, Obligation, SigningAuthority
from agreements.services import (
    authority,
    continuing,
    drafting,
    ending,
    negotiating,
    obligations,
    parties,
    signing,
)
from agreements.services.templates import template_from_agreement
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


class AgreementViewSet(PermissionMixin, EventsMixin, CreateMixin, ReviseMixin, ReadViewSet):
    """What a library and a partner agreed on. The office that keeps it sees it always, a partner once it is no draft."""

    scope_noun = "agreements"
    queryset = Agreement.objects.select_related(
        "office", "partner", "parent", "predecessor", "document", "lending_term"
    ).prefetch_related("parties__institution", "provisions")
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
        "negotiate": Act(
            negotiating.negotiate_agreement,
            says="Put the draft before the partner, who can read and answer now.",
        ),
        "remark": Act(
            negotiating.remark_on_agreement,
            NoteInput,
            says="A remark of either side on the text; the other side is told.",
            example={"note": "Pasal 3: mohon tenggat 45 hari."},
        ),
        "agree": Act(negotiating.agree_to_text, says="The partner agrees to the text as it stands."),
        "send_to_review": Act(negotiating.send_to_review, says="Send it to legal review."),
        "pass_review": Act(
            negotiating.pass_review,
            LegalReviewInput,
            says="Record who found the text in order, and when.",
            example={"reviewed_by": "Bagian Hukum Sekretariat Daerah", "reviewed_on": "2026-06-20"},
        ),
        "send_back": Act(
            negotiating.send_back,
            NoteInput,
            says="The review found something: back to negotiation.",
            example={"note": "Pasal 5 bertentangan dengan peraturan daerah."},
        ),
        "submit": Act(
            signing.submit_agreement, says="Send a complete draft for signature: it gets its number."
        ),
        "reopen": Act(
            signing.reopen_agreement,
            NoteInput,
            says="Back to draft, as long as nobody has signed; the paper is withdrawn.",
            example={"note": "Tanggal mulai keliru."},
        ),
        "sign": Act(
            signing.record_signature,
            SignatureInput,
            says="Record that one party has signed.",
            example={"party": SOME_ID, "signed_on": "2026-06-29", "place": "Bukittinggi"},
        ),
        "unsign": Act(
            signing.take_signature_back,
            SignatureBack,
            says="Take back a signature that was recorded by mistake.",
            example={"party": SOME_ID, "note": "Keliru memilih pihak."},
        ),
        "confirm_review": Act(
            ending.confirm_review,
            StandingInput,
            says="Record that both have looked at an unwritten agreement, and when they look again.",
            example={"note": "Masih berjalan baik.", "next_review_on": "2027-01-15"},
        ),
        "renew": Act(
            continuing.renew_agreement,
            TermInput,
            says="Draft the next term, linked to this one.",
            example={"starts_on": "2027-07-01", "ends_on": "2028-06-30"},
            makes=True,
        ),
        "write_down": Act(
            continuing.write_down,
            WrittenInput,
            says="Draft the written agreement that supersedes this unwritten one.",
            example={"kind": "pks"},
            makes=True,
        ),
        "amend": Act(
            continuing.amend_agreement,
            AddendumInput,
            says="Draft an addendum that changes it.",
            example={"title": "Penambahan jumlah buku"},
            makes=True,
        ),
        "derive": Act(
            continuing.derive_work_plan,
            DerivedInput,
            says="Draft a work plan of a unit under this agreement.",
            example={"office": SOME_ID, "partner": SOME_ID, "title": "Magang mahasiswa 2026"},
            makes=True,
        ),
        "copy": Act(
            continuing.copy_agreement,
            AgreementCopyInput,
            says="A new draft with the chosen parts of this one.",
            example={"parts": ["words", "lending"]},
            makes=True,
        ),
        "add_party": Act(
            parties.add_party,
            PartyInput,
            says="A further party of a draft.",
            example={"institution": SOME_ID, "role": "member"},
        ),
        "revise_party": Act(
            parties.revise_party,
            PartyChange,
            says="Who signs for a party, what it takes on, whom to call.",
            example={
                "party": SOME_ID,
                "signatory_name": "Yusnida, S.Pd.",
                "signatory_position": "Kepala Sekolah",
            },
        ),
        "remove_party": Act(
            parties.remove_party,
            PartyChosen,
            says="Take a further party out of a draft.",
            example={"party": SOME_ID},
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
        "make_template": Act(
            template_from_agreement,
            TemplateNameInput,
            says="Keep its words and terms, without parties, days and numbers, for new drafts to begin with.",
            example={"name": "PKS sekolah"},
            answers=TemplateRow,
            status=201,
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


class ObligationViewSet(EventsMixin, CreateMixin, ReviseMixin, ReadViewSet):
    """What each party of an agreement has taken on, by when, and what came of it."""

    scope_noun = "obligations"
    queryset = Obligation.objects.for_list()
    serializer_class = ObligationRow
    filterset_class = ObligationFilter
    create_input = ObligationInput
    revise_input = ObligationChange
    create_example = {
        "agreement": SOME_ID,
        "party": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20",
        "text": "Menyediakan rak buku di sudut baca.",
        "due_on": "2026-12-31",
    }
    revise_example = {"due_on": "2027-01-31"}
    lives = (OBLIGATION,)
    subject = "obligation"
    acts = {
        "fulfil_partly": Act(
            obligations.fulfil_partly,
            NoteInput,
            says="Part of it is done.",
            example={"note": "Satu dari dua rak sudah ada."},
        ),
        "fulfil": Act(
            obligations.fulfil_obligation, FulfilmentInput, says="It is done.", example={"on": "2026-11-20"}
        ),
        "lapse": Act(
            obligations.let_lapse,
            NoteInput,
            says="It will not be done any more, and why.",
            example={"note": "Ruang dipakai untuk kelas."},
        ),
        "reopen": Act(
            obligations.reopen_obligation,
            NoteInput,
            says="It is open again, and why.",
            example={"note": "Rak diambil kembali."},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Obligation:
        return obligations.add_obligation(actor=self.actor, **data)

    def do_revise(self, row: Obligation, data: dict[str, Any]) -> Obligation:
        return obligations.revise_obligation(obligation=row, actor=self.actor, **data)


class AuthorityViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Which institution may sign which kind of agreement, from one day to another, and on what basis."""

    scope_noun = "signing-authorities"
    queryset = SigningAuthority.objects.for_list()
    serializer_class = AuthorityRow
    filterset_class = AuthorityFilter
    create_input = AuthorityInput
    revise_input = AuthorityChange
    create_example = {
        "institution": SOME_ID,
        "kind": "pks",
        "starts_on": "2015-01-01",
        "ends_on": "2021-12-31",
        "basis": "Perubahan nomenklatur UPT",
    }
    revise_example = {"ends_on": "2021-12-31"}

    def do_create(self, data: dict[str, Any]) -> SigningAuthority:
        return authority.record_authority(actor=self.actor, **data)

    def do_revise(self, row: SigningAuthority, data: dict[str, Any]) -> SigningAuthority:
        return authority.revise_authority(authority=row, actor=self.actor, **data)
