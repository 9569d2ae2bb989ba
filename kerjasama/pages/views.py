"""The front page, the way home after signing in, and what is said when something goes wrong."""

import re
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from kerjasama.house import collect
from kerjasama.pages.style import style_context

# Fields that a stale form never hands back: secrets, and what the fresh form brings itself.
_NEVER_KEPT = re.compile(r"csrfmiddlewaretoken|password|code|secret|token|credential", re.IGNORECASE)
_KEPT_AT_MOST = 200


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, and the doors in. The same page for a guest and for somebody signed in."""
    return render(request, "public/front.html", {"parts": collect("front_parts")})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everyone's own first page: librarians to today's work, partners to the first entry of their menu."""
    if getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    menu = collect("portal_menu", request.user)
    return redirect(menu[0].url if menu else "front")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")


@login_not_required
@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it beside what is no page and cannot name its mark: feeds, tables, PDFs."""
    return redirect(static("img/mark.svg"))


@login_not_required
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every part of the house on one page, for those who build pages. Only while developing."""
    return render(request, "public/style.html", style_context())


# --- when something goes wrong ------------------------------------------------------------------------------------


def _said(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """An error page that leans on no database and no person; it names the request, so that the log can be found."""
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string(template, context), status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, "400.html", 400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, "403.html", 403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, "404.html", 404)


class MethodPage:
    """An address that only takes forms, opened by itself, says so; Django's own answer is an empty page. Programs keep theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or not request.accepts("text/html"):
            return response
        page = _said(request, "405.html", 405)
        page["Allow"] = response["Allow"]
        return page


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return _said(request, "500.html", 500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that went stale (signed in anew elsewhere, cookie gone): offer to send it again, with all that was typed.

    Offered only when the browser itself says that the form came from a page of ours; a form from another site gets
    the refusal and nothing else, or a stranger could have his own words sent by one press of a button.
    """
    typed: list[tuple[str, str]] = []
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin":
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            if not _NEVER_KEPT.search(name)
            for value in values
        ][:_KEPT_AT_MOST]
    context = {"typed": typed, "had_files": bool(request.FILES) if typed else False}
    return render(request, "403_csrf.html", context, status=403)
