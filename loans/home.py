"""What is due today in lending, its place in the menu of the desk, and its line on the page of an agreement."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind
from kerjasama.domain import clock
from kerjasama.house import Area, HomeCard, MenuItem
from kerjasama.pages.templatetags.house import days_until, plain_date
from libraries.access import access_of, roles_toward
from loans.choices import (
    OWED_CASES,
    CaseStatus,
    ConsignmentStatus,
    LineStatus,
    PeriodStatus,
    PlanStatus,
    ProgrammeStatus,
)
from loans.lifecycle import DESK
from loans.models import Case, Consignment, Period, PlannedBook, Programme, RotationPlan, Scan, Wish
from loans.services.balances import balances
from loans.services.continuing import holes_of, holes_words

SHOWN = 3
# A delivery is picked and packed in the two weeks before its day.
AHEAD = timedelta(days=14)


def work_menu(user: Any) -> Iterable[MenuItem]:
    yield MenuItem(
        _("Programmes"),
        reverse("work:programmes"),
        "calendar",
        order=50,
        area=Area.LENDING,
        also=("/admin/kerja/periode/", "/admin/loans/programme/"),
    )
    yield MenuItem(
        _("Rotation plans"),
        reverse("work:plans"),
        "chart",
        order=50,
        area=Area.LENDING,
        also=("/admin/kerja/papan/", "/admin/kerja/profil/"),
    )
    yield MenuItem(
        _("Deliveries"),
        reverse("work:consignments"),
        "box",
        order=51,
        area=Area.LENDING,
        also=(
            "/admin/kerja/penerimaan/",
            "/admin/kerja/kembali/",
            "/admin/kerja/baris/",
            "/admin/kerja/selisih/",
            "/admin/loans/",
        ),
    )
    yield MenuItem(
        _("Where the books are"),
        reverse("work:tracking"),
        "pin",
        order=52,
        area=Area.LENDING,
        also=("/admin/kerja/tidak-di-rak/", "/admin/kerja/buku-luar/", "/admin/kerja/sekaligus/"),
    )
    yield MenuItem(
        _("What is this book?"),
        reverse("work:look"),
        "search",
        order=52,
        area=Area.LENDING,
        also=("/admin/kerja/pindai/",),
    )
    yield MenuItem(_("Stocktaking"), reverse("work:stocktakes"), "scan", order=52, area=Area.LENDING)
    yield MenuItem(
        _("Cases"),
        reverse("work:cases"),
        "warning",
        order=53,
        area=Area.LENDING,
        also=("/admin/loans/case/",),
    )
    yield MenuItem(
        _("Wishes"),
        reverse("work:wishes"),
        "wish",
        order=54,
        area=Area.LENDING,
        also=("/admin/loans/wish/",),
    )


def home_cards(user: Any) -> Iterable[HomeCard]:
    """Late swaps, what to prepare, what is being picked, receipts, cases, wishes, scans: one query each; and the plan's holes."""
    if not access_of(user).is_office:
        return
    today = clock.today()
    yield from late_swaps(user, today)
    yield from to_prepare(user, today)
    yield from being_picked(user, today)
    yield from receipts(user, today)
    yield from cases(user, today)
    yield from wishes(user, today)
    yield from scans(user)
    yield from plan_holes(user)


def plan_holes(user: Any) -> Iterable[HomeCard]:
    """The plan in force has lost books or schools: one question where no plan is in force, five where one is."""
    offices = access_of(user).offices
    plans = RotationPlan.objects.filter(lender__in=offices, status=PlanStatus.ADOPTED).for_list()
    present = plans.order_by("-adopted_at", "-created_at").first()
    holes = holes_of(present) if present else None
    if present and holes and holes.any:
        yield HomeCard(
            title=_("Holes in the rotation plan"),
            count=holes.books + holes.ended + holes.joined,
            sentence=holes_words(holes),
            url=reverse("work:plan", args=[present.pk]),
            order=47,
        )


def late_swaps(user: Any, today: Any) -> Iterable[HomeCard]:
    rows = list(
        Consignment.objects.visible_to(user)
        .out()
        .filter(due_on__lt=today)
        .select_related("partner")
        .annotate(total=Window(Count("pk")))
        .order_by("due_on", "pk")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Books that should be back"),
            count=rows[0].total,
            sentence=_("Deliveries whose day has passed. The schools have been reminded; a call helps."),
            url=reverse("work:tracking") + "?bagian=terlambat",
            tone="late",
            order=30,
            lines=tuple((str(row.partner), days_until(row.due_on, today), delivery_url(row)) for row in rows),
        )


def to_prepare(user: Any, today: Any) -> Iterable[HomeCard]:
    # Counted on its own: a join would be counted along with the total.
    promised = (
        PlannedBook.objects.filter(period=OuterRef("pk")).order_by().values("period").values_list(Count("pk"))
    )
    rows = list(
        Period.objects.visible_to(user)
        .filter(
            status=PeriodStatus.PLANNED,
            programme__status=ProgrammeStatus.RUNNING,
            starts_on__lte=today + AHEAD,
        )
        .exclude(consignments__status=ConsignmentStatus.PICKING)
        .for_list()
        .annotate(total=Window(Count("pk")), books=Subquery(promised))
        .order_by("starts_on", "pk")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Swaps to prepare"),
            count=rows[0].total,
            sentence=_("Due within two weeks, and nobody packs them yet. Let the books be proposed."),
            url=reverse("work:programmes"),
            tone="due",
            order=40,
            lines=tuple(
                (
                    row.programme.for_whom,
                    " · ".join(
                        [
                            plain_date(row.starts_on),
                            days_until(row.starts_on, today),
                            *promised_words(row.books),
                        ]
                    ),
                    reverse("work:programme", args=[row.programme_id]),
                )
                for row in rows
            ),
        )


def promised_words(books: int | None) -> list[str]:
    """What the adopted plan has for a delivery, in words; nothing when it has none."""
    if not books:
        return []
    return [ngettext("%(books)s book planned", "%(books)s books planned", books) % {"books": books}]


def being_picked(user: Any, today: Any) -> Iterable[HomeCard]:
    rows = list(
        Consignment.objects.visible_to(user)
        .filter(status=ConsignmentStatus.PICKING)
        .select_related("partner", "period")
        .annotate(
            total=Window(Count("pk")),
            picked=Count("lines", filter=Q(lines__status=LineStatus.PICKED)),
            wanted=Count("lines", filter=Q(lines__status__in=[LineStatus.PICKED, LineStatus.PROPOSED])),
        )
        .order_by("period__starts_on", "pk")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Boxes being packed"),
            count=rows[0].total,
            sentence=_("Fetch the books by the pick list and scan them into the box."),
            url=reverse("work:consignments") + "?bagian=disiapkan",
            order=45,
            lines=tuple(
                (
                    str(row.partner),
                    gettext("%(picked)d of %(wanted)d scanned")
                    % {"picked": row.picked, "wanted": row.wanted},
                    delivery_url(row),
                )
                for row in rows
            ),
        )


def receipts(user: Any, today: Any) -> Iterable[HomeCard]:
    rows = list(
        Consignment.objects.visible_to(user)
        .annotate(
            differences=Count("discrepancies", filter=Q(discrepancies__resolved_at__isnull=True)),
        )
        .filter(Q(status=ConsignmentStatus.FLAGGED) | Q(differences__gt=0))
        .select_related("partner")
        .annotate(total=Window(Count("pk")))
        .order_by(F("confirm_by").asc(nulls_last=True), "pk")[:SHOWN]
    )
    if rows:
        flagged = any(row.status == ConsignmentStatus.FLAGGED for row in rows)
        yield HomeCard(
            title=_("Receipts to look into"),
            count=rows[0].total,
            sentence=_("Not confirmed in time, or confirmed with differences."),
            url=reverse("work:receipts") + ("" if flagged else "?bagian=selisih"),
            tone="due",
            order=50,
            lines=tuple(
                (
                    str(row.partner),
                    ngettext("%(count)d difference", "%(count)d differences", row.differences)
                    % {"count": row.differences}
                    if row.differences
                    else str(row.get_status_display()),
                    delivery_url(row),
                )
                for row in rows
            ),
        )


def cases(user: Any, today: Any) -> Iterable[HomeCard]:
    with_us = (CaseStatus.REPORTED, CaseStatus.OFFERED, CaseStatus.APPEALED)
    waiting = Q(status__in=with_us) | Q(status__in=OWED_CASES, due_on__lt=today)
    rows = list(
        Case.objects.visible_to(user)
        .filter(waiting)
        .select_related("partner", "copy__title")
        .annotate(total=Window(Count("pk")))
        .order_by("due_on", "pk")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Lost and damaged books"),
            count=rows[0].total,
            sentence=_("To be assessed or answered, or the replacement is late."),
            url=reverse("work:cases"),
            tone="late" if any(row.status in OWED_CASES for row in rows) else "due",
            order=60,
            lines=tuple(
                (
                    row.copy.title.title,
                    f"{row.partner} · {days_until(row.due_on, today)}"
                    if row.status in OWED_CASES
                    else f"{row.partner} · {row.get_status_display()}",
                    reverse("work:case", args=[row.pk]),
                )
                for row in rows
            ),
        )


def wishes(user: Any, today: Any) -> Iterable[HomeCard]:
    rows = list(
        Wish.objects.visible_to(user)
        .unanswered()
        .select_related("partner", "title")
        .annotate(total=Window(Count("pk")))
        .order_by("-priority", "wished_on", "pk")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Wishes waiting for an answer"),
            count=rows[0].total,
            sentence=_("Schools would like these books. Promise them with one press, or say why not."),
            url=reverse("work:wishes"),
            order=65,
            lines=tuple(
                (
                    str(row),
                    f"{row.partner} · {row.get_priority_display()}",
                    reverse("work:wish", args=[row.pk]),
                )
                for row in rows
            ),
        )


def scans(user: Any) -> Iterable[HomeCard]:
    count = Scan.objects.visible_to(user).to_review().count()
    if count:
        yield HomeCard(
            title=_("Scans to decide"),
            count=count,
            sentence=_(
                "Made without a connection and refused when they arrived. The books were really there."
            ),
            url=reverse("work:scan_reviews"),
            tone="due",
            order=62,
        )


def delivery_url(row: Consignment) -> str:
    return reverse("work:consignment", args=[row.pk])


def agreement_links(user: Any, agreement: Any) -> Iterable[MenuItem]:
    """From an agreement to what is lent under it, and to what its partner has or owes from whichever agreement."""
    yield from programme_links(user, agreement)
    owed = balances(user, clock.today(), lender=agreement.office_id, partner=agreement.partner_id)
    if owed.exists():
        yield MenuItem(
            _("What this partner has or owes"),
            f"{reverse('work:balances')}?partner={agreement.partner_id}",
            "books",
        )


def programme_links(user: Any, agreement: Any) -> Iterable[MenuItem]:
    """From an agreement to its programme; where there is none yet, to opening it.

    An addendum changes the agreement above it: what is lent under both is the programme of that one.
    """
    addendum = agreement.kind == AgreementKind.ADDENDUM
    lent_under = agreement.parent_id if addendum else agreement.pk
    programmes = list(Programme.objects.filter(agreement=lent_under).order_by("label", "pk"))
    for programme in programmes:
        words = _("Lending programme and its dates")
        yield MenuItem(
            f"{words}: {programme.label}" if programme.label else words,
            reverse("work:programme", args=[programme.pk]),
            "calendar",
        )
    if programmes:
        return
    lends = (
        not addendum and agreement.status == "active" and getattr(agreement, "lending_term", None) is not None
    )
    if lends and roles_toward(user, lender=agreement.office_id) & DESK:
        yield MenuItem(
            _("Open the lending programme"), reverse("work:programme_open", args=[agreement.pk]), "plus"
        )
