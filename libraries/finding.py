"""What the desk's one search box finds in the directory and the office (U27)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kerjasama.house import Hit
from libraries.models import Document, Institution, Network
from libraries.searching import find_institutions

SHOWN = 8


def desk_search(user: Any, words: str) -> Iterable[Hit]:
    """Institutions by name, NPSN, NPP or ISIL; networks by name; papers by number or verification code. Three queries."""
    code = words.upper()
    for row in find_institutions(Institution.objects.visible_to(user), words)[:SHOWN]:
        yield Hit(
            _("Institution"),
            row.name,
            " · ".join(part for part in (row.npsn or row.npp, row.city) if part),
            reverse("work:partner", args=[row.pk]),
            "school",
            exact=code in (row.npsn, row.npp, row.isil.upper()),
            order=10,
        )
    for network in Network.objects.visible_to(user).filter(name__icontains=words)[:SHOWN]:
        yield Hit(
            _("Network"),
            network.name,
            f"{network.get_kind_display()} · {network.get_status_display()}",
            reverse("work:network", args=[network.pk]),
            "globe",
            order=30,
        )
    for paper in (
        Document.objects.visible_to(user)
        .filter(Q(number__icontains=words) | Q(verify_code=code))
        .select_related("recipient")
        .order_by("-issued_on")[:SHOWN]
    ):
        yield Hit(
            _("Document"),
            paper.number,
            f"{paper.title}",
            reverse("admin:libraries_document_change", args=[paper.pk]),
            "document",
            exact=code in (paper.verify_code, paper.number.upper()),
            order=60,
        )
