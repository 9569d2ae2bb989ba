"""The school itself: what it was told, its papers, its contacts, the language, and which school is acted for."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.choices import NUMBERED_AS_AGREEMENTS, PaperKind, PaperStatus, ServiceKind, Tone
from libraries.emails import headline
from libraries.hours import week_lines
from libraries.models import Document, Membership, Notice, Person
from libraries.portal.acting import SESSION_KEY, PortalRequest, portal_page, show
from libraries.portal.forms import LanguageForm
from libraries.services.people import choose_language

PAGE = 30
# Nothing settles a notice that only informs: after this it is history.
NEWS_FOR = timedelta(days=30)


@require_safe
@portal_page
def notices(request: PortalRequest) -> HttpResponse:
    """What the library told the school, newest first; what is dealt with, or old news, stands under a tab of its own."""
    school = request.acting.school
    told = Notice.objects.visible_to(request.user).filter(recipient=school).select_related("sender")
    settled = request.GET.get("lihat") == "selesai"
    current = Q(settled_at__isnull=True) & (~Q(tone=Tone.CALM) | Q(created_at__gte=clock.now() - NEWS_FOR))
    chosen = told.exclude(current) if settled else told.filter(current)
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    lines = [(notice, _without_name(headline(notice), str(school))) for notice in page]
    return show(request, "portal/notices.html", {"page_obj": page, "lines": lines, "settled": settled})


def _without_name(sentence: str, name: str) -> str:
    """Sentences are made for a mailbox and begin with the school; on the school's own page that is said already."""
    rest = sentence.removeprefix(f"{name}: ")
    return rest[:1].upper() + rest[1:]


@require_safe
@portal_page
def documents(request: PortalRequest) -> HttpResponse:
    """Every numbered paper that was made out to the school, by kind."""
    kind = request.GET.get("jenis", "")
    papers = (
        Document.objects.visible_to(request.user)
        .filter(recipient=request.acting.school, status=PaperStatus.ISSUED)
        .select_related("issuer")
        .defer("content")
    )
    if kind in PaperKind.values:
        papers = papers.filter(kind=kind)
    page = Paginator(papers, PAGE).get_page(request.GET.get("page"))
    kinds = [choice for choice in PaperKind.choices if choice[0] not in NUMBERED_AS_AGREEMENTS]
    return show(request, "portal/documents.html", {"page_obj": page, "kind": kind, "kinds": kinds})


@require_safe
@portal_page
def school(request: PortalRequest) -> HttpResponse:
    """The school as the library knows it: people to contact, who signs in, language, and the way to change things."""
    acting = request.acting
    people = Person.objects.visible_to(request.user).filter(institution=acting.school)
    accounts = (
        Membership.objects.current(acting.today).filter(institution=acting.school).select_related("user")
    )
    return show(
        request,
        "portal/school.html",
        {
            "people": people.order_by("-signs", "name"),
            "week": week_lines(acting.school.openings.week()),
            "services": [label for value, label in ServiceKind.choices if value in acting.school.services],
            "accounts": accounts.order_by("user__name"),
            "form": LanguageForm(initial={"language": request.user.language}),
        },
    )


@require_POST
@portal_page
def language(request: PortalRequest) -> HttpResponse:
    """For the account and for this device at once."""
    try:
        user = choose_language(user=request.user, language=request.POST.get("language", ""))
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:school")
    with override(user.language):
        messages.success(request, _("Pages and e-mails now speak your language."))
    response = redirect("portal:school")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_POST
@portal_page
def act_for(request: PortalRequest) -> HttpResponse:
    """Somebody with several schools chooses one; only their own can be chosen."""
    wanted = request.POST.get("school", "")
    if wanted in {str(key) for key in request.acting.keys}:
        request.session[SESSION_KEY] = wanted
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if here else "portal:home")
