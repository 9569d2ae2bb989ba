"""Reporting that a book is lost or damaged, and following what becomes of it (L8)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.clauses import LOSS
from agreements.models import Agreement, LendingTerm
from agreements.portal.sentences import replacement_words
from agreements.services.permits import cite
from kerjasama.domain.errors import Conflict, DomainError
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import roles_toward
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from libraries.services.drafts import draft_of, drop_draft, keep_draft
from loans.lifecycle import CASE
from loans.models import Case, LoanLine
from loans.portal.forms import LossForm
from loans.portal.photographs import photographs_of, take_photograph
from loans.portal.views.holdings import held, line_of, may_report
from loans.services.balances import balances
from loans.services.claiming import report_loss as report

FORM = "loss"
PAGE = 30
# No school has lost so many; the page stays readable all the same.
MOST_CASES = 200


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def report_loss(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What happened: answers are kept, nothing is reported before the next page."""
    line = line_of(request, pk)
    if not may_report(request, line):
        return _not_reportable(request, line)
    draft = draft_of(user=request.user, form=FORM, subject_id=line.pk)
    typed = carried(request)
    if request.method == "POST":
        form = LossForm(request.POST, request.FILES)
        if form.is_valid():
            photograph = take_photograph(form, line.consignment, request.user, _photograph_in(draft))
            if not form.errors:
                answers = {**form.cleaned_data, "photograph": photograph}
                answers.pop("drop_photograph")
                keep_draft(user=request.user, form=FORM, subject_id=line.pk, answers=answers)
                return redirect("portal:report_loss_check", line.pk)
    else:
        form = LossForm(initial=typed.dict() if typed is not None else draft)
    kept = photographs_of(request.user, [_photograph_in(draft)])
    return show(
        request,
        "portal/loss/report.html",
        {
            "line": line,
            "form": form,
            "photograph": kept.get(_photograph_in(draft)),
            "carried": typed is not None,
        },
        school_id=line.consignment.partner_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def report_loss_check(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Once more what will be reported and what follows from it; the button here reports."""
    line = line_of(request, pk)
    if not may_report(request, line):
        return _not_reportable(request, line)
    form = LossForm(draft_of(user=request.user, form=FORM, subject_id=line.pk))
    if not form.is_valid():
        return redirect("portal:report_loss", line.pk)
    answers = form.cleaned_data
    key = _photograph_in(form.data)
    photograph = photographs_of(request.user, [key]).get(key)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            with transaction.atomic():
                case = report(
                    line=line,
                    actor=request.user,
                    kind=answers["kind"],
                    account=answers["account"],
                    photograph=photograph,
                )
                drop_draft(user=request.user, form=FORM, subject_id=line.pk)
        except DomainError as error:
            fresh = line_of(request, pk)
            if not may_report(request, fresh):
                return _not_reportable(request, fresh)
            refusal = error
        else:
            messages.success(request, _("Thank you for telling us. The library knows about it now."))
            return redirect("portal:case", case.pk)
    term = _term_of(line)
    return show(
        request,
        "portal/loss/check.html",
        {
            "line": line,
            "answers": answers,
            "kind_words": dict(form.fields["kind"].choices)[answers["kind"]],
            "photograph": photograph,
            "refusal": refusal,
            "days": term.replacement_days if term else None,
            "ways": replacement_words(term.replacement_ways) if term else "",
        },
        school_id=line.consignment.partner_id,
        status=refusal.status if refusal else 200,
    )


@require_safe
@portal_page
def cases(request: PortalRequest) -> HttpResponse:
    """Every report of the school: what is open first."""
    mine = _cases(request).filter(partner=request.acting.school)
    still_open = list(mine.open().order_by("due_on", "pk"))
    page = Paginator(mine.exclude(pk__in=[row.pk for row in still_open]), PAGE).get_page(
        request.GET.get("page")
    )
    nothing = not still_open and not page.paginator.count
    return show(
        request,
        "portal/loss/cases.html",
        {
            "open_cases": still_open,
            "page_obj": page,
            "held": nothing and held(request).filter(consignment__partner=request.acting.school).exists(),
        },
    )


@require_safe
@portal_page
def balance(request: PortalRequest) -> HttpResponse:
    """What our school still has or owes, agreement by agreement; it goes with us into the next."""
    owed = list(balances(request.user, request.acting.today, partner=request.acting.school))
    still_open = _cases(request).filter(partner=request.acting.school).open().order_by("due_on", "pk")
    by_programme: dict[Any, list[Case]] = {}
    for row in still_open[:MOST_CASES]:
        by_programme.setdefault(row.line.consignment.period.programme_id, []).append(row)
    return show(
        request,
        "portal/balance.html",
        {"owed": [(row, by_programme.get(row.pk, [])) for row in owed]},
    )


@require_safe
@portal_page
def case(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What is asked of us, by when, and what was done."""
    row = get_object_or_404(_cases(request), pk=pk)
    term = _term_of(row.line)
    return show(
        request,
        "portal/loss/case.html",
        {
            "case": row,
            "is_open": row.is_open,
            "may": CASE.available(
                row.status, roles_toward(request.user, lender=row.lender_id, partner=row.partner_id)
            ),
            "plea": row.pleas.select_related("letter").defer("letter__content").last(),
            "late": row.days_late(request.acting.toward(row.partner_id).today),
            "ways": replacement_words(term.replacement_ways) if term else "",
            "under": cite(term.agreement, LOSS) if term else "",
            "events": row.events.select_related("actor").order_by("-at"),
        },
        school_id=row.partner_id,
    )


def _cases(request: PortalRequest) -> Any:
    return (
        Case.objects.visible_to(request.user)
        .filter(partner__in=request.acting.keys)
        .select_related(
            "lender",
            "partner",
            "copy__title",
            "line__consignment__period__programme",
            "letter",
            "settlement_record",
            "warning",
            "photograph",
            "replacement_copy__title",
        )
        .defer("letter__content", "settlement_record__content", "warning__content")
    )


def _term_of(line: LoanLine) -> LendingTerm | None:
    """The lending terms under which the book came."""
    programmes = Agreement.objects.filter(programmes__periods__consignments__lines=line)
    return LendingTerm.objects.filter(agreement__in=programmes).select_related("agreement__office").first()


def _not_reportable(request: PortalRequest, line: LoanLine) -> HttpResponse:
    """The book is not with the school any more, or is reported already: the case, or the book's page, says how it stands."""
    known = line.cases.order_by("-reported_on", "-id").first()
    if known is not None and known.is_open:
        messages.info(
            request,
            _("This book was already reported on %(date)s. Here is how it stands.")
            % {"date": plain_date(known.reported_on)},
        )
        return redirect("portal:case", known.pk)
    return show(
        request,
        "portal/loss/not_here.html",
        {"line": line},
        school_id=line.consignment.partner_id,
        status=200 if request.method in ("GET", "HEAD") else Conflict.status,
    )


def _photograph_in(draft: Any) -> str:
    return str(draft.get("photograph", "") or "")
