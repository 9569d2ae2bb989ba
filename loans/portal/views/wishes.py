"""What we wish for: looked up in the catalogue, tapped, answered, taken back (L10)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kerjasama.domain.errors import DomainError
from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Copy, Title
from libraries.catalogue.searching import find_titles
from libraries.desk import chosen, plain, refuse
from libraries.models import Institution
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from loans.choices import OPEN_WISHES, LineStatus, Subject, WishPriority
from loans.models import LoanLine, Wish
from loans.models.wish import TRAVELLING, counted, free_of
from loans.services.wishing import MOST_WISHES, lenders_of, make_wish, remark, withdraw_wish

FOUND = 10
SHORTEST = 2
# Of wishes that are over, the latest.
OVER = 30


class WishForm(forms.Form):
    """One wish in its three shapes; which of them it is, the service sees."""

    title = forms.ModelChoiceField(queryset=Title.objects.none(), required=False, widget=forms.HiddenInput)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("How much do you want it?"),
        choices=WishPriority.choices,
        coerce=int,
        required=False,
        empty_value=WishPriority.WANTED.value,
        initial=WishPriority.WANTED.value,
    )
    note = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example: for the lessons of class 4. No names of pupils."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].queryset = Title.objects.all()


class SubjectForm(WishForm):
    subject = forms.ChoiceField(
        label=gettext_lazy("Subject"),
        choices=[],
        error_messages={"required": gettext_lazy("Choose a subject from the list.")},
    )
    reading_level = forms.ChoiceField(label=gettext_lazy("Reading level"), choices=[], required=False)
    field_order = ("subject", "reading_level", "priority", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["title"]
        self.fields["subject"].choices = [("", _("Choose a subject")), *Subject.choices]
        self.fields["reading_level"].choices = [("", _("For all levels")), *ReadingLevel.choices]


class WordsForm(WishForm):
    words = forms.CharField(
        label=gettext_lazy("Which book?"),
        max_length=300,
        help_text=gettext_lazy("Title and author, or what it should be about."),
        error_messages={
            "required": gettext_lazy("Write which book you wish for, or what it should be about.")
        },
    )
    field_order = ("words", "priority", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["title"]


FORMS: dict[str, type[WishForm]] = {"judul": WishForm, "bidang": SubjectForm, "tulisan": WordsForm}


@require_safe
@portal_page
def wishes(request: PortalRequest) -> HttpResponse:
    """Our wishes and what became of them; above them, the catalogue to wish from."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def wish_new(request: PortalRequest) -> HttpResponse:
    """Made from one of the forms of the list; what was typed before a sign-in stands there again."""
    posted = request.method == "POST"
    typed = request.POST if posted else carried(request)
    kind = chosen(typed.get("bentuk"), FORMS) if typed is not None else ""
    if not posted and kind in ("", "judul"):
        return redirect("portal:wishes")
    form = FORMS.get(kind, WishForm)(typed, auto_id=f"{kind}_%s")
    if not posted:
        return _page(request, kind, form)
    lender = _among(list(lenders_of(request.acting.school)), request.POST.get("perpustakaan"))
    if lender is None:
        form.add_error(None, _("No library brings books to your school now, so nothing can be wished yet."))
    if not form.is_valid() or lender is None:
        return _page(request, kind, form, 422)
    try:
        wish = make_wish(
            lender=lender, partner=request.acting.school, actor=request.user, **form.cleaned_data
        )
    except (DomainError, ValidationError) as error:
        if isinstance(error, DomainError) and error.field == "title":
            form.add_error(None, str(error))
        else:
            refuse(form, error)
        return _page(request, kind, form, getattr(error, "status", 422))
    said = [_("“%(what)s” is on your list.") % {"what": wish}, remark(wish)]
    messages.success(request, " ".join(filter(None, said)))
    return redirect("portal:wishes")


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def wish_withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    rows = Wish.objects.visible_to(request.user).filter(partner__in=request.acting.keys)
    wish = get_object_or_404(rows.for_list(), pk=pk)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            withdraw_wish(wish=wish, actor=request.user)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("“%(what)s” is off your list.") % {"what": wish})
            return redirect("portal:wishes")
    return show(
        request,
        "portal/wishes/withdraw.html",
        {"wish": wish, "refusal": refusal},
        school_id=wish.partner_id,
        status=refusal.status if refusal else 200,
    )


def _page(
    request: PortalRequest, kind: str = "", form: WishForm | None = None, status: int = 200
) -> HttpResponse:
    school = request.acting.school
    given = request.POST if request.method == "POST" else request.GET
    lenders = list(lenders_of(school))
    lender = _among(lenders, given.get("perpustakaan"))
    words = plain(given.get("q", ""))[:80]
    mine = Wish.objects.visible_to(request.user).filter(partner=school).with_stock().for_list()
    waiting = list(mine.filter(status__in=OPEN_WISHES).order_by("-wished_on", "-pk"))
    for row in waiting:
        row.remark = remark(row)
    return show(
        request,
        "portal/wishes/list.html",
        {
            "lenders": lenders,
            "lender": lender,
            "words": words,
            "found": _found(request, lender, words),
            "waiting": waiting,
            "over": mine.exclude(status__in=OPEN_WISHES).order_by("-updated_at", "-pk")[:OVER],
            "most": MOST_WISHES,
            "priorities": WishPriority.choices,
            "form": form,
            "kind": kind,
            "subject_form": form if kind == "bidang" else SubjectForm(auto_id="bidang_%s"),
            "words_form": form
            if kind == "tulisan"
            else WordsForm(auto_id="tulisan_%s", initial={"words": words}),
        },
        status=status,
    )


def _found(request: PortalRequest, lender: Institution | None, words: str) -> list[Title]:
    """Titles that the words mean, those of the library first, each with what hinders a wish for it. One query."""
    if lender is None or len(words) < SHORTEST:
        return []
    school = request.acting.school
    copies = Copy.objects.filter(TRAVELLING, title=OuterRef("pk"), owner=lender)
    had = LoanLine.objects.filter(
        copy__title=OuterRef("pk"), consignment__partner=school, consignment__lender=lender
    ).exclude(status=LineStatus.DROPPED)
    rows = find_titles(Title.objects.visible_to(request.user), words).annotate(
        stock=counted(copies),
        free=counted(free_of(copies)),
        wished=Exists(Wish.objects.open().filter(partner=school, title=OuterRef("pk"))),
        had=Exists(had),
    )
    return sorted(rows.order_by("title", "pk")[:FOUND], key=lambda row: not row.stock)


def _among(lenders: list[Institution], key: str | None) -> Institution | None:
    """The library that was chosen, else the first."""
    return next((row for row in lenders if str(row.pk) == key), lenders[0] if lenders else None)
