"""What anybody may read about the networks at work: who is in them, and whom to ask (D7, P2)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from libraries.choices import NetworkRole
from libraries.models import Institution, Network


@login_not_required
@require_safe
def networks(request: HttpRequest) -> HttpResponse:
    return render(request, "public/networks.html", {"networks": Network.objects.published().for_list()})


@login_not_required
@require_safe
def network(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Network.objects.published().select_related("office"), slug=slug)
    members = list(row.members.current().in_order())
    # Who is not in the public directory is not named here either; the page only counts them.
    listed = Institution.objects.listed().filter(pk__in=[member.institution_id for member in members])
    shown = set(listed.values_list("pk", flat=True))
    named = [member for member in members if member.institution_id in shown]
    focal = next((member for member in named if member.role == NetworkRole.FOCAL), None)
    context = {"network": row, "members": named, "others": len(members) - len(named), "focal": focal}
    return render(request, "public/network.html", context)
