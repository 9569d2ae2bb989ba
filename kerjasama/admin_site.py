"""The librarians' face: Django's admin with our tokens, and today's work on its home page instead of a list of tables."""

from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite, site
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kerjasama.house import collect


class KerjasamaAdminSite(AdminSite):
    site_header = _("Kerjasama")
    site_title = _("Kerjasama")
    index_title = _("Today's work")
    index_template = "admin/index.html"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one door for signing in, with its second factor; the admin has none of its own."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("home"))
        return HttpResponseRedirect(
            f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        )

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        cards = collect("home_cards", request.user)
        return super().index(request, {"cards": cards, **(extra_context or {})})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        if self.has_permission(request):
            context["work_menu"] = collect("work_menu", request.user)
        return context


# Tables that other packages bring along. Rights here come from memberships, factors and sessions are kept on pages of
# their own, and asking Django's permissions for each of them would cost every page two queries.
NOT_OURS = (
    "auth.Group",
    "account.EmailAddress",
    "account.EmailConfirmation",
    "mfa.Authenticator",
    "usersessions.UserSession",
)


class KerjasamaAdminConfig(AdminConfig):
    default_site = "kerjasama.admin_site.KerjasamaAdminSite"

    def ready(self) -> None:
        super().ready()
        for label in NOT_OURS:
            model = apps.get_model(label)
            if site.is_registered(model):
                site.unregister(model)
