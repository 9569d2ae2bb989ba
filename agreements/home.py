"""What is due today among the agreements, and their place in the menu of the desk."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementStatus, RequestSide
from agreements.models import Agreement, CooperationRequest, Obligation
from kerjasama.domain import clock
from kerjasama.house import Area, HomeCard, MenuItem
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import access_of
from libraries.choices import Role

SHOWN = 3
SOON = timedelta(days=90)


def work_menu(user: Any) -> Iterable[MenuItem]:
    yield MenuItem(
        _("Desk check"),
        reverse("work:desk_check"),
        "shield",
        order=14,
        also=(reverse("work:borrowing_rule"),),
    )
    # The permission page is asked for from an agreement, and its answer leads back to one.
    yield MenuItem(
        _("Agreements"),
        reverse("work:agreements"),
        "handshake",
        order=20,
        area=Area.AGREEMENTS,
        also=(reverse("work:permission"), "/admin/agreements/"),
    )
    yield MenuItem(
        _("Expiry board"), reverse("work:agreement_board"), "clock", order=21, area=Area.AGREEMENTS
    )
    yield MenuItem(_("Requests"), reverse("work:requests"), "mail", order=22, area=Area.AGREEMENTS)
    yield MenuItem(_("Authority to sign"), reverse("work:authority"), "key", order=25, area=Area.AGREEMENTS)
    yield MenuItem(
        _("Templates"), reverse("work:agreement_templates"), "document", order=26, area=Area.AGREEMENTS
    )
    yield MenuItem(
        _("Rules of agreements"),
        reverse("work:agreement_rules"),
        "settings",
        order=27,
        area=Area.AGREEMENTS,
        also=("/admin/libraries/numberpattern/",),
    )
    yield MenuItem(
        _("Activities"),
        reverse("work:activities"),
        "calendar",
        order=30,
        area=Area.ACTIVITIES,
        also=("/admin/agreements/activity/",),
    )
    yield MenuItem(
        _("Tools"),
        reverse("work:equipment_list"),
        "settings",
        order=31,
        area=Area.ACTIVITIES,
        also=("/admin/agreements/equipment/", "/admin/agreements/booking/"),
    )


def home_cards(user: Any) -> Iterable[HomeCard]:
    """Four matters, one query each: who waits for our answer, which duties are late, what ends soon, and what is not yet
    in force."""
    access = access_of(user)
    if not access.is_office:
        return
    today = clock.today()
    # Agreements are the officer's and the head's first matter, and the librarian's last.
    order = 20 if access.everything or access.having({Role.OFFICER, Role.HEAD}) else 80
    yield from _asked(user, order)
    yield from _late_duties(user, today, order)
    mine = Agreement.objects.visible_to(user).select_related("partner").annotate(total=Window(Count("pk")))
    ends = list(
        mine.filter(status=AgreementStatus.ACTIVE, ends_on__lte=today + SOON).order_by("ends_on", "pk")[
            :SHOWN
        ]
    )
    if ends:
        yield HomeCard(
            title=_("Agreements that end soon"),
            count=ends[0].total,
            sentence=_("They end within 90 days. Talk to the partner about going on."),
            url=reverse("work:agreements") + "?bagian=segera",
            tone="due",
            order=order + 5,
            lines=tuple(
                (str(row.partner), plain_date(row.ends_on), page_of(row)) for row in ends if row.ends_on
            ),
        )
    unsigned = [
        AgreementStatus.DRAFT,
        AgreementStatus.NEGOTIATION,
        AgreementStatus.LEGAL_REVIEW,
        AgreementStatus.SIGNING,
    ]
    open_ones = list(mine.filter(status__in=unsigned).order_by(F("status").desc(), "-updated_at")[:SHOWN])
    if open_ones:
        yield HomeCard(
            title=_("Agreements not yet in force"),
            count=open_ones[0].total,
            sentence=_("Drafts to be finished, texts on the table, and papers that wait for a signature."),
            url=reverse("work:agreements") + "?bagian=tanda-tangan",
            order=order + 10,
            lines=tuple((str(row.partner), str(row.get_status_display()), page_of(row)) for row in open_ones),
        )


def agreement_links(user: Any, agreement: Agreement) -> Iterable[MenuItem]:
    """The request that an agreement came from, for whoever may read it."""
    origin = CooperationRequest.objects.visible_to(user).filter(agreement=agreement).first()
    if origin is not None:
        yield MenuItem(
            _("The request it came from"), reverse("work:request", args=[origin.pk]), "mail", order=10
        )


def _asked(user: Any, order: int) -> Iterable[HomeCard]:
    """Requests that wait for us, longest waiting first."""
    rows = (
        CooperationRequest.objects.visible_to(user)
        .filter(office__in=access_of(user).offices)
        .waiting_for(RequestSide.OFFICE)
        .select_related("institution")
        .annotate(total=Window(Count("pk")))
        .order_by("updated_at", "pk")
    )
    waiting = list(rows[:SHOWN])
    if waiting:
        yield HomeCard(
            title=_("Requests to cooperate"),
            count=waiting[0].total,
            sentence=_("Somebody waits for our answer."),
            url=reverse("work:requests") + "?bagian=menunggu",
            tone="due",
            order=order,
            lines=tuple(
                (row.asker_name, row.subject, reverse("work:request", args=[row.pk])) for row in waiting
            ),
        )


def _late_duties(user: Any, today: date, order: int) -> Iterable[HomeCard]:
    """For those who keep agreements: duties of either side whose day has passed, the longest overdue first."""
    kept = access_of(user).having({Role.OFFICER, Role.HEAD})
    if not kept:
        return
    rows = (
        Obligation.objects.overdue(today)
        .filter(agreement__office__in=kept)
        .select_related("agreement", "party__institution")
        .annotate(total=Window(Count("pk")))
        .order_by("due_on", "pk")
    )
    late = list(rows[:SHOWN])
    if late:
        yield HomeCard(
            title=_("Duties that are overdue"),
            count=late[0].total,
            sentence=_("What one side has taken on and has not done in time."),
            url=page_of(late[0].agreement),
            tone="late",
            order=order + 3,
            lines=tuple((str(row.party.institution), row.text, page_of(row.agreement)) for row in late),
        )


def page_of(row: Agreement) -> str:
    return reverse("work:agreement", args=[row.pk])
