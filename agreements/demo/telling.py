"""How the demo tells of one agreement: drafted a week before, reviewed, signed by everybody, in force on its first day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agreements.choices import AgreedHow, AgreementKind, PartyRole
from agreements.models import Agreement
from agreements.services.drafting import draft_agreement
from agreements.services.negotiating import pass_review, send_to_review
from agreements.services.parties import add_party, revise_party
from agreements.services.ruling import rule_of
from agreements.services.signing import activate_agreement, record_signature, submit_agreement
from kerjasama.domain import clock
from libraries.models import Institution, User

WIB = ZoneInfo("Asia/Jakarta")
AIMS = (
    "Menumbuhkan kegemaran membaca murid sekolah dasar.\n"
    "Memperkenalkan perpustakaan kepada generasi muda.\n"
    "Menyegarkan koleksi perpustakaan sekolah tanpa membeli buku baru."
)
SCOPE = (
    "Peminjaman koleksi secara bergilir.\nKegiatan bersama: kunjungan kelas, mendongeng, dan pameran buku."
)
WORDS = {
    "aims": AIMS,
    "scope": SCOPE,
    "division_of_work": "Perpustakaan memilih, mengantar, dan menukar buku.\n"
    "Sekolah menyediakan tempat, menjaga buku, dan mencatat pemakaiannya.",
    "procedures": "Setiap serah terima dibuatkan berita acara.\nSekolah mengonfirmasi penerimaan melalui portal.",
    "financing": "Biaya pengantaran ditanggung perpustakaan; biaya penggantian buku hilang ditanggung sekolah.",
}
NOBODY_NAMED = "Pejabat yang berwenang"


@dataclass(frozen=True, slots=True)
class Plan:
    """One agreement to be made. ``quantity``: how many books are lent at a time; None: it lends none.

    ``words`` stand over the usual ones of a school; ``executor`` carries out what others have signed.
    """

    partner: Institution
    starts_on: date
    ends_on: date
    kind: str
    quantity: int | None = 100
    interval_months: int = 3
    title: str = "Peminjaman koleksi secara bergilir"
    parent: Agreement | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    provisions: Sequence[Mapping[str, Any]] = ()
    executor: Institution | None = None
    review_on: date | None = None


def conclude(library: Institution, plan: Plan, officer: User) -> Agreement:
    """From the draft to the first day, each step on its day."""
    with on_day(plan.starts_on - timedelta(days=7)):
        agreement = draft(library, plan, officer)
        if plan.kind != AgreementKind.IMPLICIT:
            have_signed(agreement, officer)
    return begin(agreement, officer)


def draft(library: Institution, plan: Plan, officer: User) -> Agreement:
    """The draft, today, with everything that its kind asks for."""
    lending: dict[str, Any] | None = None
    if plan.quantity is not None:
        lending = {
            "quantity": plan.quantity,
            "interval_months": plan.interval_months,
            "first_delivery_on": plan.starts_on,
            "replacement_days": 30,
            "receipt_days": 3,
        }
    evidence: dict[str, Any] = {}
    if plan.kind == AgreementKind.IMPLICIT:
        evidence = {
            "agreed_by": f"Kepala {plan.partner} dan petugas kerja sama perpustakaan",
            "agreed_on": plan.starts_on - timedelta(days=7),
            "agreed_how": AgreedHow.VISIT,
            "agreed_note": "Disepakati saat kunjungan petugas ke sekolah, disaksikan guru pustakawan."
            if plan.quantity
            else "Disepakati dalam pertemuan; notulennya disimpan di bagian kerja sama.",
        }
    agreement = draft_agreement(
        actor=officer,
        office=library,
        partner=plan.partner,
        kind=plan.kind,
        title=plan.title,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        parent=plan.parent,
        review_on=plan.review_on,
        lending=lending,
        provisions=plan.provisions,
        **{**WORDS, **plan.words, **evidence},
    )
    if plan.executor is not None:
        add_party(agreement=agreement, actor=officer, institution=plan.executor, role=PartyRole.EXECUTOR)
    return marked(agreement)


def have_signed(agreement: Agreement, officer: User) -> None:
    """Reviewed where the office wants it, sent for signature, and signed by everybody today."""
    for party in agreement.parties.filter(signatory_name=""):
        revise_party(agreement=agreement, actor=officer, party=party, signatory_name=NOBODY_NAMED)
    if rule_of(agreement.office, agreement.kind).needs_review:
        send_to_review(agreement=agreement, actor=officer)
        pass_review(
            agreement=agreement,
            actor=officer,
            reviewed_by="Bagian Hukum Sekretariat Daerah",
            reviewed_on=clock.today(),
        )
    submit_agreement(agreement=agreement, actor=officer)
    for party in agreement.parties.all():
        record_signature(agreement=agreement, actor=officer, party=party, signed_on=clock.today())


def begin(agreement: Agreement, officer: User) -> Agreement:
    """In force on its first day."""
    assert agreement.starts_on
    with on_day(agreement.starts_on):
        return activate_agreement(agreement=agreement, actor=officer)


def marked(agreement: Agreement) -> Agreement:
    """Everything in the demo says that it is made up."""
    Agreement.objects.filter(pk=agreement.pk).update(is_demo=True)
    return agreement


def on_day(day: date) -> Any:
    """It is nine in the morning of ``day`` in West Sumatra."""
    return clock.pretend(at(day, 9))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of ``day`` by the clocks of West Sumatra."""
    return datetime.combine(day, time(hour, minute), WIB)
