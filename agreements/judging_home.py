"""What is due today about the judging of cooperations, and its place in the menu of the desk (A11)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.choices import AgreementStatus
from agreements.models import Agreement, Evaluation, Obstacle
from agreements.services.prompting import to_evaluate
from kerjasama.domain import clock
from kerjasama.house import Area, HomeCard, MenuItem
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import access_of
from libraries.choices import Role

SHOWN = 3
# Where the pages of one indicator, one measurement and one obstacle begin.
FIGURES = ("/admin/kerja/indikator/", "/admin/kerja/nilai/", "/admin/kerja/hambatan/")


def work_menu(user: Any) -> Iterable[MenuItem]:
    yield MenuItem(
        gettext_lazy("Evaluations"),
        reverse("work:evaluations"),
        "chart",
        order=23,
        area=Area.AGREEMENTS,
        also=FIGURES,
    )


def home_cards(user: Any) -> Iterable[HomeCard]:
    """Two matters, one query each: cooperations to be evaluated before they end, and remedies whose day has come."""
    access = access_of(user)
    if not access.is_office:
        return
    today = clock.today()
    keeper = access.everything or bool(access.having({Role.OFFICER, Role.HEAD}))
    if keeper:
        yield from _to_evaluate(user, today)
    yield from _remedies(user, today, keeper)


def _to_evaluate(user: Any, today: date) -> Iterable[HomeCard]:
    rows = list(to_evaluate(user, today).annotate(total=Window(Count("pk")))[:SHOWN])
    if rows:
        yield HomeCard(
            title=_("Cooperations to be evaluated"),
            count=rows[0].total,
            sentence=_("They end soon, and are renewed only after an evaluation."),
            url=reverse("work:evaluations") + "?bagian=perlu",
            tone="late" if rows[0].evaluate_by < today else "due",
            order=28,
            lines=tuple(
                (
                    str(row.partner),
                    plain_date(row.evaluate_by),
                    reverse("work:indicators", args=[row.pk]),
                )
                for row in rows
            ),
        )


def _remedies(user: Any, today: date, keeper: bool) -> Iterable[HomeCard]:
    """Keepers see all of their office; everybody else what was given to them."""
    due = Obstacle.objects.visible_to(user).due(today)
    if not keeper:
        due = due.filter(owner=user)
    rows: list[Any] = list(
        due.select_related("agreement__partner")
        .annotate(total=Window(Count("pk")))
        .order_by("due_on", "pk")[:SHOWN]
    )
    if rows:
        yield HomeCard(
            title=_("Obstacles to be removed"),
            count=rows[0].total,
            sentence=_("The day by which somebody wanted to see to them has come."),
            url=reverse("work:indicators", args=[rows[0].agreement_id]) + "#obstacles",
            tone="late" if rows[0].due_on < today else "due",
            order=34,
            lines=tuple(
                (
                    f"{row.agreement.partner}: {row.get_kind_display()}",
                    plain_date(row.due_on),
                    reverse("work:indicators", args=[row.agreement_id]) + "#obstacles",
                )
                for row in rows
            ),
        )


def agreement_links(user: Any, agreement: Agreement) -> Iterable[MenuItem]:
    """From an agreement to its aims, and to its evaluation where there is one. One query."""
    if agreement.status == AgreementStatus.CANCELLED:
        return
    yield MenuItem(_("Aims and figures"), reverse("work:indicators", args=[agreement.pk]), "chart", order=60)
    latest = Evaluation.objects.visible_to(user).filter(agreement=agreement).first()
    if latest is not None:
        label = _("Evaluation, finished") if latest.is_finished else _("Evaluation, being written")
        yield MenuItem(label, reverse("work:evaluation", args=[latest.pk]), "document", order=61)
