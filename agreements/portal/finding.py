"""Looking up what is a partner's own: its agreements and the duties in them."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from agreements.models import Agreement, Obligation
from libraries.models import Institution
from libraries.portal.acting import PortalRequest

RELATED = ("office", "partner", "lending_term", "document", "signed_scan", "parent", "predecessor")


def own_agreement(request: PortalRequest, pk: UUID) -> Agreement:
    """One agreement to which one of the person's schools is a party; 404 for everybody else's."""
    rows = (
        Agreement.objects.visible_to(request.user)
        .filter(parties__institution__in=request.acting.keys)
        .select_related(*RELATED)
        .distinct()
    )
    return get_object_or_404(rows, pk=pk)


def own_side(request: PortalRequest, agreement: Agreement) -> Institution:
    """For which institution the person reads this agreement: the main partner, or the party that it stands for."""
    keys = request.acting.keys
    if agreement.partner_id in keys:
        return agreement.partner
    party = agreement.parties.select_related("institution").filter(institution__in=keys).first()
    return party.institution if party else agreement.partner


def own_duty(request: PortalRequest, pk: UUID) -> Obligation:
    """A duty in an agreement that the person may read, whoever has taken it on."""
    rows = Obligation.objects.visible_to(request.user).filter(
        agreement__parties__institution__in=request.acting.keys
    )
    return get_object_or_404(rows.for_list().distinct(), pk=pk)
