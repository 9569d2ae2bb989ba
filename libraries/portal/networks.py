"""The networks that a school belongs to, and who else is in them (D7)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from libraries.choices import NetworkRole
from libraries.models import Network, NetworkMember
from libraries.portal.acting import PortalRequest, portal_page, show


@require_safe
@portal_page
def networks(request: PortalRequest) -> HttpResponse:
    mine = NetworkMember.objects.current().filter(institution=request.acting.school)
    rows = Network.objects.visible_to(request.user).filter(pk__in=mine.values("network")).for_list()
    return show(request, "portal/networks.html", {"networks": rows})


@require_safe
@portal_page
def network(request: PortalRequest, pk: UUID) -> HttpResponse:
    mine = NetworkMember.objects.current().filter(institution__in=request.acting.keys)
    row = get_object_or_404(
        Network.objects.visible_to(request.user)
        .filter(pk__in=mine.values("network"))
        .select_related("office"),
        pk=pk,
    )
    members = list(row.members.current().in_order())
    own = next(member for member in members if member.institution_id in request.acting.keys)
    return show(
        request,
        "portal/network.html",
        {
            "network": row,
            "members": members,
            "own": own,
            "focal": next((member for member in members if member.role == NetworkRole.FOCAL), None),
        },
        school_id=own.institution_id,
    )
