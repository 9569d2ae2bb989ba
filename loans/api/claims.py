"""Loss and damage over the API (L8)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Prefetch
from rest_framework.parsers import MultiPartParser

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.parsing import JSONParser
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.choices import FilePurpose
from libraries.services.files import keep_upload
from loans.api.claim_inputs import (
    AcceptOfferInput,
    AppealInput,
    DecisionInput,
    ExtendInput,
    OfferInput,
    ReduceInput,
    WarnInput,
    WriteOffInput,
    WriteOffNumberInput,
)
from loans.api.claim_rows import CaseDetail, CaseRow
from loans.api.deliveries import CASE_JOINS, SOME_ID
from loans.api.inputs import AssessInput, CaseInput, FindInput, SettleInput
from loans.filters import CaseFilter
from loans.lifecycle import CASE
from loans.models import Case, Plea
from loans.services import claiming, ending_cases, pleading


def with_photograph(service: Callable[..., Case], view: Any, row: Case, data: dict[str, Any]) -> Case:
    """A picture that came along is kept before the service is asked, and goes with it if the answer is no."""
    upload = data.pop("photograph", None)
    kept = (
        keep_upload(
            upload,
            owner=row.partner,
            counterpart=row.lender,
            purpose=FilePurpose.PHOTOGRAPH,
            actor=view.actor,
            field="photograph",
        )
        if upload
        else None
    )
    return service(case=row, actor=view.actor, photograph=kept, **data)


class CaseViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """The loss or damage of one copy, from the report to its settlement. Open cases outlive their agreement."""

    scope_noun = "cases"
    queryset = Case.objects.select_related(*CASE_JOINS).prefetch_related(
        Prefetch("pleas", Plea.objects.select_related("letter").order_by("created_at", "id"))
    )
    list_queryset = Case.objects.select_related(*CASE_JOINS)
    serializer_class = CaseRow
    detail_class = CaseDetail
    filterset_class = CaseFilter
    create_input = CaseInput
    create_example = {
        "consignment": SOME_ID,
        "barcode": "BH-000123",
        "kind": "lost",
        "account": "Hilang saat kunjungan kelas.",
    }
    lives = (CASE,)
    subject = "case"
    acts = {
        "offer": Act(
            pleading.offer_replacement,
            OfferInput,
            says="The school offers a book in its place; the library looks at it before it is brought.",
            example={
                "title": "Ragam Batik Nusantara untuk Anak",
                "isbn": "9786020332959",
                "condition": "good",
            },
            run=partial(with_photograph, pleading.offer_replacement),
            parsers=(JSONParser, MultiPartParser),
        ),
        "accept": Act(
            pleading.accept_offer,
            AcceptOfferInput,
            says="The book offered is as good; it is to be brought. The letter of acceptance is issued.",
            example={"note": "Silakan dibawa saat penukaran."},
        ),
        "refuse": Act(
            pleading.refuse_offer,
            DecisionInput,
            says="The book offered will not do; the demand stands. The answer is issued as a letter.",
            example={"note": "Buku bekas pakai dengan halaman hilang."},
        ),
        "appeal": Act(
            pleading.appeal_case,
            AppealInput,
            says="The school objects to the demand; nothing is due until the library has decided.",
            example={"words": "Buku rusak karena atap bocor, bukan kelalaian."},
            run=partial(with_photograph, pleading.appeal_case),
            parsers=(JSONParser, MultiPartParser),
        ),
        "uphold": Act(
            pleading.uphold_demand,
            DecisionInput,
            says="The demand stands.",
            example={"note": "Buku disimpan di luar lemari."},
        ),
        "reduce": Act(
            pleading.reduce_demand,
            ReduceInput,
            says="Something else, or less, is asked from now on.",
            example={"note": "Buku sudah tua.", "demand": "price", "amount": "20000.00"},
        ),
        "withdraw": Act(
            pleading.withdraw_demand,
            NoteInput,
            says="Nothing is asked any more; the case closes as waived, with its record.",
            example={"note": "Kerusakan karena bencana."},
        ),
        "extend": Act(
            ending_cases.extend_case,
            ExtendInput,
            says="Give more time.",
            example={"due_on": "2027-01-31", "note": "Libur sekolah."},
        ),
        "warn": Act(
            ending_cases.warn_partner,
            WarnInput,
            says="The replacement is late: a letter to the head with the agreement's clause is issued.",
            example={"note": "Sudah ditelepon dua kali."},
        ),
        "write_off": Act(
            ending_cases.write_off_case,
            WriteOffInput,
            says="Nothing can be had: the copy leaves the stock by a decision, and the record is issued.",
            example={"number": "SK 12/PBH/2027", "note": "Sekolah terendam banjir."},
        ),
        "note_write_off": Act(
            ending_cases.note_write_off,
            WriteOffNumberInput,
            says="The number of the list by which the copy of a closed case left the inventory.",
            example={"number": "SK 12/PBH/2027"},
        ),
        "retract": Act(
            ending_cases.retract_report,
            NoteInput,
            says="The report was a mistake; the book stands on the school's list again.",
            example={"note": "Buku terselip di kelas 3."},
        ),
        "assess": Act(
            claiming.assess_case,
            AssessInput,
            says="What the partner is asked for and by when; the letter is issued.",
            example={"demand": "price", "amount": "45000.00", "due_on": "2026-12-22"},
        ),
        "settle": Act(
            claiming.settle_case,
            SettleInput,
            says="How it ended: replaced, paid, or waived with its reason; the record is issued.",
            example={"settlement": "same_title", "replacement_barcode": "BH-009001"},
        ),
        "find": Act(
            claiming.find_case,
            FindInput,
            says="The book has turned up again.",
            example={"condition": "worn"},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Case:
        return claiming.report_loss(actor=self.actor, **data)
