"""Confirming that a delivery arrived, one question to a page (L5, U7).

    all is fine?  ──yes──────────────────────────────► check ► done
         └─ no ► what differs? ► missing | damaged | not on the list ─► check

Answers are kept as a draft of the person after every page, so back, a broken connection, and a session that ran out cost
nothing. Only the last page does anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kerjasama.domain.errors import Conflict, DomainError
from kerjasama.pages.camera import with_camera
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from libraries.services.drafts import draft_of, drop_draft, keep_draft
from loans.choices import DiscrepancyKind, LineStatus
from loans.models import Consignment, LoanLine
from loans.portal.forms import DamageForm, ExtraForm, ReceivedByForm
from loans.portal.photographs import photographs_of, take_photograph
from loans.portal.receipt_answers import FORM, MOST_EXTRA, ReceiptAnswers, Remark
from loans.portal.views.consignments import consignment_of
from loans.portal.views.holdings import may
from loans.services.crating import boxes_of, sentence_of_boxes
from loans.services.receiving import Difference, confirm_receipt


@dataclass(slots=True)
class Receipt:
    """What every page of the form works on."""

    consignment: Consignment
    lines: list[LoanLine]
    answers: ReceiptAnswers

    def line(self, pk: str) -> LoanLine | None:
        return next((line for line in self.lines if str(line.pk) == pk), None)

    @property
    def missing(self) -> list[LoanLine]:
        return [line for line in self.lines if str(line.pk) in self.answers.missing]

    @property
    def damaged(self) -> list[tuple[LoanLine, Remark]]:
        given = self.answers.damaged
        return [(line, given[str(line.pk)]) for line in self.lines if str(line.pk) in given]

    @property
    def fine_count(self) -> int:
        return len(self.lines) - len(self.answers.missing) - len(self.answers.damaged)


Step = Callable[..., HttpResponse]


def receipt_step(*methods: str) -> Callable[[Step], Step]:
    """A page of the form: finds the delivery and the answers so far, and steps aside when it is confirmed already."""

    def decorate(view: Step) -> Step:
        @require_http_methods(["HEAD", *methods])
        @portal_page
        @wraps(view)
        def step(request: PortalRequest, pk: UUID, **kwargs: Any) -> HttpResponse:
            consignment = consignment_of(request, pk)
            if not may(request.user, "receive", consignment):
                return _already(request, consignment)
            return view(request, _receipt(request, consignment), **kwargs)

        return step

    return decorate


def _receipt(request: PortalRequest, consignment: Consignment) -> Receipt:
    lines = list(
        consignment.lines.filter(status=LineStatus.OUT)
        .select_related("copy__title")
        .order_by(Lower("copy__title__title"), "pk")
    )
    draft = draft_of(user=request.user, form=FORM, subject_id=consignment.pk)
    return Receipt(consignment, lines, ReceiptAnswers.of(draft, [line.pk for line in lines]))


def _keep(request: PortalRequest, receipt: Receipt) -> None:
    keep_draft(
        user=request.user, form=FORM, subject_id=receipt.consignment.pk, answers=receipt.answers.kept()
    )


def _show(
    request: PortalRequest, receipt: Receipt, page: str, status: int = 200, **context: Any
) -> HttpResponse:
    return show(
        request,
        f"portal/receipt/{page}.html",
        {"consignment": receipt.consignment, "receipt": receipt, "answers": receipt.answers, **context},
        school_id=receipt.consignment.partner_id,
        status=status,
    )


def _go(name: str, receipt: Receipt) -> HttpResponseRedirect:
    return redirect(f"portal:{name}", receipt.consignment.pk)


def _already(request: PortalRequest, consignment: Consignment) -> HttpResponse:
    """Somebody was faster, or the delivery is over: who and when, and what now. What was marked here is shown, not lost."""
    lines = list(consignment.lines.select_related("copy__title"))
    draft = draft_of(user=request.user, form=FORM, subject_id=consignment.pk)
    answers = ReceiptAnswers.of(draft, [line.pk for line in lines])
    confirmed = consignment.events.filter(action="receive").select_related("actor").order_by("-at").first()
    return show(
        request,
        "portal/receipt/already.html",
        {
            "consignment": consignment,
            "confirmed": confirmed,
            "differences": consignment.discrepancies.count(),
            "marked": [line for line in lines if str(line.pk) in answers.missing | set(answers.damaged)],
            "said": answers.extra,
        },
        school_id=consignment.partner_id,
        status=200 if request.method in ("GET", "HEAD") else Conflict.status,
    )


@receipt_step("GET", "POST")
def confirm(request: PortalRequest, receipt: Receipt) -> HttpResponse:
    """The one question that most schools ever see."""
    answer = request.POST.get("answer") if request.method == "POST" else ""
    if answer == "different":
        return _go("confirm_differences", receipt)
    if answer == "fine":
        receipt.answers.all_fine()
        _keep(request, receipt)
        return _go("confirm_check", receipt)
    boxes = sentence_of_boxes(boxes_of(receipt.consignment).boxes)
    return _show(request, receipt, "start", boxes=boxes)


@receipt_step("GET")
def differences(request: PortalRequest, receipt: Receipt) -> HttpResponse:
    return _show(request, receipt, "differences")


@receipt_step("GET", "POST")
def missing(request: PortalRequest, receipt: Receipt) -> HttpResponse:
    return _ticks(request, receipt, "missing", receipt.answers.missing, receipt.answers.mark_missing)


@with_camera
@receipt_step("GET", "POST")
def scanned(request: PortalRequest, receipt: Receipt) -> HttpResponse:
    """Each book is ticked as it is scanned; what is not ticked in the end is not in the box."""
    typed = request.POST if request.method == "POST" else carried(request)
    known = {str(line.pk) for line in receipt.lines}
    chosen = set(typed.getlist("line")) & known if typed is not None else set()
    if request.method == "POST" and chosen:
        receipt.answers.mark_missing(known - chosen, known)
        _keep(request, receipt)
        return _go("confirm_check", receipt)
    return _show(
        request,
        receipt,
        "scan",
        422 if request.method == "POST" else 200,
        chosen=chosen,
        nothing_ticked=request.method == "POST",
        carried=request.method != "POST" and typed is not None,
    )


@receipt_step("GET", "POST")
def damaged(request: PortalRequest, receipt: Receipt) -> HttpResponse:
    return _ticks(request, receipt, "damaged", set(receipt.answers.damaged), receipt.answers.mark_damaged)


def _ticks(
    request: PortalRequest,
    receipt: Receipt,
    page: str,
    chosen: set[str],
    mark: Callable[[set[str], set[str]], None],
) -> HttpResponse:
    """Books to tick. ``?q=`` narrows the list without script; ticks of books not shown stay as they are."""
    words = request.GET.get("q", "").strip()[:80]
    if request.method == "POST":
        known = {str(line.pk) for line in receipt.lines}
        mark(set(request.POST.getlist("line")) & known, set(request.POST.getlist("shown")) & known)
        _keep(request, receipt)
        if "look" in request.POST:
            query = urlencode({"q": request.POST.get("q", "").strip()[:80]})
            return redirect(f"{reverse(f'portal:confirm_{page}', args=[receipt.consignment.pk])}?{query}")
        return _go("confirm_check", receipt)
    typed = carried(request)
    if typed is not None:
        chosen = (chosen - set(typed.getlist("shown"))) | set(typed.getlist("line"))
    rows = [line for line in receipt.lines if _matches(line, words)]
    return _show(
        request, receipt, page, rows=rows, chosen=chosen, q=words, carried=typed is not None, page_name=page
    )


def _matches(line: LoanLine, words: str) -> bool:
    title = line.copy.title.title.casefold()
    asked = words.casefold()
    return all(word in title for word in asked.split()) or asked in line.copy.barcode.casefold()


@receipt_step("GET", "POST")
def damage(request: PortalRequest, receipt: Receipt, line_pk: UUID) -> HttpResponse:
    """What is wrong with one damaged book: words and a photograph, both as one likes."""
    line = receipt.line(str(line_pk))
    remark = receipt.answers.damaged.get(str(line_pk))
    if line is None or remark is None:
        raise Http404
    form = _remark_form(request, DamageForm, remark)
    if request.method == "POST" and form.is_valid() and _fill(form, remark, receipt, request):
        _keep(request, receipt)
        return _go("confirm_check", receipt)
    return _show(request, receipt, "damage", line=line, **_remark_context(request, form, remark))


@receipt_step("GET", "POST")
def extra(request: PortalRequest, receipt: Receipt, number: int | None = None) -> HttpResponse:
    """A book that came and is not on the list; with ``number``, one that was already described."""
    known = receipt.answers.extra
    if number is not None and not 1 <= number <= len(known):
        raise Http404
    remark = known[number - 1] if number else Remark()
    form = _remark_form(request, ExtraForm, remark)
    if request.method == "POST" and number is None and len(known) >= MOST_EXTRA:
        form.add_error(None, _("So many books are easier told by telephone. Please call the library."))
    if request.method == "POST" and form.is_valid() and _fill(form, remark, receipt, request):
        if number is None:
            known.append(remark)
        _keep(request, receipt)
        return _go("confirm_check", receipt)
    return _show(request, receipt, "extra", number=number, **_remark_context(request, form, remark))


@require_POST
@receipt_step("POST")
def drop(request: PortalRequest, receipt: Receipt) -> HttpResponse:
    """Take one difference away again, from the page that checks the answers."""
    answers = receipt.answers
    line = request.POST.get("line", "")
    number = request.POST.get("extra", "")
    answers.missing.discard(line)
    answers.damaged.pop(line, None)
    if number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= len(answers.extra):
        del answers.extra[int(number[:4]) - 1]
    _keep(request, receipt)
    return _go("confirm_check", receipt)


@receipt_step("GET", "POST")
def check(request: PortalRequest, receipt: Receipt) -> HttpResponse:
    """Everything that was answered, once more, and the button that counts."""
    answers = receipt.answers
    typed: QueryDict | None = request.POST if request.method == "POST" else carried(request)
    form = ReceivedByForm(typed, initial={"received_by": answers.received_by or str(request.user)})
    photographs = photographs_of(request.user, answers.photographs())
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        answers.received_by = form.cleaned_data["received_by"]
        try:
            with transaction.atomic():
                confirm_receipt(
                    consignment=receipt.consignment,
                    actor=request.user,
                    received_by=answers.received_by,
                    differences=_told(answers, photographs),
                )
                drop_draft(user=request.user, form=FORM, subject_id=receipt.consignment.pk)
        except DomainError as error:
            fresh = consignment_of(request, receipt.consignment.pk)
            _keep(request, receipt)
            if not may(request.user, "receive", fresh):
                return _already(request, fresh)
            refusal = error
        else:
            return _go("confirm_done", receipt)
    return _show(
        request,
        receipt,
        "check",
        status=refusal.status if refusal else 200,
        form=form,
        refusal=refusal,
        carried=request.method != "POST" and typed is not None,
        photographs=photographs,
    )


def _told(answers: ReceiptAnswers, photographs: dict[str, Any]) -> list[Difference]:
    def difference(kind: str, line: str | None, remark: Remark) -> Difference:
        return Difference(
            kind=kind,
            line_id=UUID(line) if line else None,
            description=remark.description,
            photograph=photographs.get(remark.photograph),
        )

    return [
        *(difference(DiscrepancyKind.MISSING, line, Remark()) for line in sorted(answers.missing)),
        *(difference(DiscrepancyKind.DAMAGED, line, remark) for line, remark in answers.damaged.items()),
        *(difference(DiscrepancyKind.EXTRA, None, remark) for remark in answers.extra),
    ]


@require_safe
@portal_page
def done(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What was recorded, and what happens next."""
    consignment = consignment_of(request, pk)
    if consignment.received_on is None:
        messages.info(request, _("This delivery has not been confirmed yet."))
        return redirect("portal:confirm", pk)
    told = list(consignment.discrepancies.select_related("line__copy__title"))
    return show(
        request,
        "portal/receipt/done.html",
        {"consignment": consignment, "told": told},
        school_id=consignment.partner_id,
    )


def _remark_form(request: PortalRequest, form: type[DamageForm] | type[ExtraForm], remark: Remark) -> Any:
    if request.method == "POST":
        return form(request.POST, request.FILES)
    typed = carried(request)
    initial = {"description": remark.description}
    return form(
        initial={**initial, "description": typed.get("description", "")} if typed is not None else initial
    )


def _fill(form: Any, remark: Remark, receipt: Receipt, request: PortalRequest) -> bool:
    """Write the form onto ``remark``; False when the photograph was refused."""
    photograph = take_photograph(form, receipt.consignment, request.user, remark.photograph)
    if form.errors:
        return False
    remark.description, remark.photograph = form.cleaned_data["description"], photograph
    return True


def _remark_context(request: PortalRequest, form: Any, remark: Remark) -> dict[str, Any]:
    kept = photographs_of(request.user, [remark.photograph] if remark.photograph else [])
    return {
        "form": form,
        "photograph": kept.get(remark.photograph),
        "carried": request.method != "POST" and carried(request) is not None,
    }
