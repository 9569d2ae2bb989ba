"""What the desk's one search box finds in lending: deliveries and cases by code, books by barcode or title (U27)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kerjasama.house import Hit
from libraries.catalogue.models import Copy
from loans.filters import WishFilter
from loans.models import Case, Consignment, Wish

SHOWN = 8


def desk_search(user: Any, words: str) -> Iterable[Hit]:
    """Four queries. A title is found when every word of it that was typed occurs."""
    code = words.upper()
    for row in (
        Consignment.objects.visible_to(user).filter(code__istartswith=words).select_related("partner")[:SHOWN]
    ):
        yield Hit(
            _("Delivery"),
            f"{row.code} · {row.partner}",
            str(row.get_status_display()),
            reverse("work:consignment", args=[row.pk]),
            "box",
            exact=row.code == code,
            order=30,
        )
    for case in (
        Case.objects.visible_to(user)
        .filter(code__istartswith=words)
        .select_related("partner", "copy__title")[:SHOWN]
    ):
        yield Hit(
            _("Loss or damage case"),
            f"{case.code} · {case.copy.title}",
            f"{case.partner} · {case.get_status_display()}",
            reverse("work:case", args=[case.pk]),
            "warning",
            exact=case.code == code,
            order=40,
        )
    wishes = WishFilter({"q": words}, Wish.objects.visible_to(user).open()).qs
    for wish in wishes.select_related("partner", "title").order_by("-priority", "wished_on", "pk")[:SHOWN]:
        yield Hit(
            _("Wish of a school"),
            str(wish),
            f"{wish.partner} · {wish.get_status_display()}",
            reverse("work:wish", args=[wish.pk]),
            "wish",
            order=60,
        )
    title = Q()
    for word in words.split():
        title &= Q(title__title__icontains=word)
    books = Copy.objects.visible_to(user).filter(Q(barcode=words) | Q(barcode=code) | title)
    for copy in books.select_related("title", "holder").order_by("barcode")[:SHOWN]:
        yield Hit(
            _("Book"),
            copy.title.title,
            f"{copy.barcode} · {copy.holder if copy.place == 'away' else copy.get_place_display()}",
            reverse("work:copy", args=[copy.pk]),
            "book",
            exact=copy.barcode.upper() == code,
            order=50,
        )
