"""A school puts its own entry right: how it is reached, when it is open, whom one may ask (D1, F15, P1)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, Sentence
from libraries.choices import ConsentHow
from libraries.entry_forms import HoursForm
from libraries.models import Person
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried
from libraries.portal.forms import ContactForm, EntryForm, ErasureForm
from libraries.services.contacts import register_person, revise_person, withdraw_consent
from libraries.services.directory import correct_own_entry
from libraries.services.erasing import erase_contact, everything_kept
from libraries.services.opening import set_opening_hours

FORM_METHODS = ["GET", "HEAD", "POST"]


def _answer(
    request: PortalRequest,
    form: forms.BaseForm,
    act: Callable[[dict[str, Any]], Sentence],
    *,
    title: Sentence,
    label: Sentence,
    draft: str,
    text: Sentence = "",
    kind: str = "primary",
    school_id: UUID | None = None,
    **more: Any,
) -> HttpResponse:
    """Show a form of the school's own page, or do what it asks and go back there. A refusal stands beside its field."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = act(form.cleaned_data)
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                messages.success(request, said)
                return redirect("portal:school")
    context = {
        "form": form,
        "title": title,
        "text": text,
        "label": label,
        "kind": kind,
        "draft": draft,
        "carried": request.method != "POST" and form.is_bound,
        **more,
    }
    return show(request, "portal/entry_form.html", context, school_id=school_id, status=status)


def _typed(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else carried(request)


@require_http_methods(FORM_METHODS)
@portal_page
def own_entry(request: PortalRequest) -> HttpResponse:
    school = request.acting.school

    def act(cleaned: dict[str, Any]) -> Sentence:
        correct_own_entry(institution=school, actor=request.user, **cleaned)
        return _("Thank you. The entry of the school is put right.")

    # The form writes what is typed onto the row it was given; the page shows the row as it is kept.
    form = EntryForm(_typed(request), instance=type(school).objects.get(pk=school.pk))
    return _answer(
        request,
        form,
        act,
        title=_("Our entry"),
        text=_(
            "What partners and the public directory say of the school. Name and NPSN are kept by the library."
        ),
        label=_("Keep"),
        draft="entry",
    )


@require_http_methods(FORM_METHODS)
@portal_page
def hours(request: PortalRequest) -> HttpResponse:
    school = request.acting.school

    def act(cleaned: dict[str, Any]) -> Sentence:
        set_opening_hours(institution=school, actor=request.user, week=HoursForm.week_of(cleaned))
        return _("The opening hours are kept.")

    form = HoursForm(_typed(request), initial=HoursForm.initial_of(school.openings.week()))
    return _answer(
        request,
        form,
        act,
        title=_("Opening hours"),
        text=_("Type the hours of each day like this: 08.00–12.00, 13.00–16.00. An empty day is closed."),
        label=_("Keep the hours"),
        draft="hours",
    )


@require_http_methods(FORM_METHODS)
@portal_page
def contact_new(request: PortalRequest) -> HttpResponse:
    school = request.acting.school

    def act(cleaned: dict[str, Any]) -> Sentence:
        person = register_person(
            actor=request.user, institution=school, **_with_consent(cleaned, None, request)
        )
        return _("%(name)s is now a contact.") % {"name": person.name}

    return _answer(
        request,
        ContactForm(_typed(request)),
        act,
        title=_("New contact"),
        text=_(
            "Whom may the library talk to? A principal, a teacher, a parent of the class or of the committee."
        ),
        label=_("Keep the contact"),
        draft="contact-new",
    )


@require_http_methods(FORM_METHODS)
@portal_page
def contact(request: PortalRequest, pk: UUID) -> HttpResponse:
    person = _own(request, pk)

    def act(cleaned: dict[str, Any]) -> Sentence:
        if person.consent_on and not cleaned["agreed"]:
            withdraw_consent(person=person, actor=request.user)
        revise_person(person=person, actor=request.user, **_with_consent(cleaned, person, request))
        return _("Thank you. The contact is put right.")

    initial = {name: getattr(person, name) for name in ContactForm.base_fields if hasattr(person, name)}
    form = ContactForm(_typed(request), initial=initial | {"agreed": person.consent_on is not None})
    return _answer(
        request,
        form,
        act,
        title=person.name,
        label=_("Keep"),
        draft=f"contact-{person.pk}",
        school_id=person.institution_id,
        person=person,
    )


@require_safe
@portal_page
def contact_data(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Everything kept about one contact of the school; ``?bentuk=json`` as a file."""
    person = _own(request, pk)
    kept = everything_kept(person=person, actor=request.user)
    if request.GET.get("bentuk") == "json":
        name = slugify(person.name) or "kontak"
        return JsonResponse(
            kept.data(),
            json_dumps_params={"ensure_ascii": False, "indent": 2},
            headers={
                "Content-Disposition": f'attachment; filename="{name}.json"',
                "Cache-Control": "private, no-store",
            },
        )
    return show(
        request, "portal/contact_data.html", {"kept": kept, "person": person}, school_id=person.institution_id
    )


@require_http_methods(FORM_METHODS)
@portal_page
def contact_erase(request: PortalRequest, pk: UUID) -> HttpResponse:
    person = _own(request, pk)

    def act(cleaned: dict[str, Any]) -> Sentence:
        erase_contact(person=person, actor=request.user)
        return _("The contact is erased.")

    return _answer(
        request,
        ErasureForm(request.POST if request.method == "POST" else None),
        act,
        title=_("Erase %(name)s for good?") % {"name": person.name},
        text=_(
            "Name, number and address go from the contact and from its whole history; nobody can bring them back. "
            "Papers that were issued keep what they say."
        ),
        label=_("Erase for good"),
        kind="danger-solid",
        draft=f"erase-{person.pk}",
        school_id=person.institution_id,
        erasing=True,
        person=person,
    )


def _own(request: PortalRequest, pk: UUID) -> Person:
    rows = Person.objects.visible_to(request.user).select_related("institution")
    return get_object_or_404(rows, pk=pk, institution__in=request.acting.keys)


def _with_consent(cleaned: dict[str, Any], person: Person | None, request: PortalRequest) -> dict[str, Any]:
    """The form's two ticks as the service takes them: a day and a way only when something new was agreed to."""
    given = {name: value for name, value in cleaned.items() if name not in ("agreed", "show_publicly")}
    if not cleaned["agreed"]:
        return given
    if person is None or person.consent_on is None:
        day = clock.today(request.acting.school.zone)
        given |= {
            "consent_on": day,
            "consent_how": ConsentHow.PORTAL,
            "show_publicly": cleaned["show_publicly"],
        }
    elif person.show_publicly != cleaned["show_publicly"]:
        given["show_publicly"] = cleaned["show_publicly"]
    return given
