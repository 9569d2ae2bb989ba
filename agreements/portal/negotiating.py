"""The text of an agreement in the hands of the partner: read article by article, remarked on, agreed to (A3, P1)."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agreements.lifecycle import life_of
from agreements.portal.finding import own_agreement, own_side
from agreements.reading import ReadText, talk_of, text_of
from agreements.services.negotiating import agree_to_text, remark_on_agreement
from agreements.services.printing import draft_pdf
from agreements.services.stepping import roles_of
from kerjasama.domain.errors import DomainError
from libraries.desk import refuse
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried

LONGEST = 2000


class RemarkForm(forms.Form):
    """What should be different, and in which article."""

    article = forms.TypedChoiceField(
        label=gettext_lazy("What is it about?"), coerce=int, required=False, empty_value=0
    )
    note = forms.CharField(
        label=gettext_lazy("Your remark"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What should be different, and why? The library reads it at once."),
        error_messages={"required": gettext_lazy("Write your remark.")},
    )

    def __init__(self, *args: object, text: ReadText, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        numbered = [
            (
                article.number,
                _("Article %(number)s, %(title)s") % {"number": article.number, "title": article.title},
            )
            for article in text.articles
        ]
        self.fields["article"].choices = [("", _("The text as a whole")), *numbered]

    def said(self) -> str:
        """The remark, with the article that it is about before it."""
        number, note = self.cleaned_data["article"], self.cleaned_data["note"]
        return _("Article %(number)s: %(note)s") % {"number": number, "note": note} if number else str(note)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def agreement_text(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The text, what was said of it, and what can be answered; what is sent here is the next remark."""
    row = own_agreement(request, pk)
    side = own_side(request, row)
    text = text_of(row)
    typed = request.POST if request.method == "POST" else carried(request)
    form = RemarkForm(typed, text=text, initial={"article": request.GET.get("pasal", "")})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                remark_on_agreement(agreement=row, actor=request.user, note=form.said())
            except DomainError as error:
                refuse(form, error)
                status = error.status
            else:
                messages.success(request, _("Your remark is with the library."))
                return redirect("portal:agreement_text", row.pk)
    may = life_of(row.kind).available(row.status, roles_of(request.user, row))
    return show(
        request,
        "portal/agreement_text.html",
        {
            "agreement": row,
            "text": text,
            "talk": talk_of(row, side),
            "form": form,
            "carried": request.method != "POST" and typed is not None,
            "may_remark": "remark" in may,
            "may_agree": "agree" in may,
        },
        school_id=side.pk,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def agreement_agree(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Once more what it means to agree; the button here says so to the library."""
    row = own_agreement(request, pk)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            agree_to_text(agreement=row, actor=request.user)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Thank you. The library knows that you agree to the text."))
            return redirect("portal:agreement", row.pk)
    return show(
        request,
        "portal/agreement_agree.html",
        {"agreement": row, "refusal": refusal},
        school_id=own_side(request, row).pk,
        status=refusal.status if refusal else 200,
    )


@require_safe
@portal_page
def agreement_draft(request: PortalRequest, pk: UUID) -> HttpResponse:
    """The paper as it would be now, with a watermark, to print and to show to others at school."""
    row = own_agreement(request, pk)
    response = HttpResponse(draft_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="konsep-{row.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
