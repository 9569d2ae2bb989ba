"""What schools want most, for whoever buys (L10)."""

from typing import Any

from django.db.models import Count, F, Min, OuterRef, Sum
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from libraries.catalogue.models import Copy
from libraries.desk import SHEET_ROWS, DeskPage, chosen
from loans.models import Wish
from loans.models.wish import TRAVELLING, counted, free_of


class WantedTitles(DeskPage):
    """What most schools wait for, against what there is: the list to buy by."""

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = Wish.objects.visible_to(request.user).open()
        copies = Copy.objects.filter(TRAVELLING, title=OuterRef("title"), owner=OuterRef("lender"))
        titles = (
            seen.filter(title__isnull=False)
            .values(
                "lender", "title", library=F("lender__name"), name=F("title__title"), isbn=F("title__isbn")
            )
            .annotate(
                schools=Count("partner", distinct=True),
                weight=Sum("priority"),
                since=Min("wished_on"),
                stock=counted(copies),
                free=counted(free_of(copies)),
            )
            .order_by("-schools", "-weight", "name", "title")
        )
        cuts = {"": gettext_lazy("All titles"), "beli": gettext_lazy("Too few copies")}
        cut = chosen(request.GET.get("bagian"), cuts)
        if cut == "beli":
            titles = titles.filter(stock__lt=F("schools"))
        words = self.words()
        if words:
            titles = titles.filter(title__title__icontains=words)
        typed = (
            seen.exclude(words="")
            .annotate(said=Lower("words"))
            .values("said")
            .annotate(name=Min("words"), schools=Count("partner", distinct=True), since=Min("wished_on"))
            .order_by("-schools", "since", "said")
        )
        if self.wants_sheet:
            return self._sheet(titles, typed)
        return self.show(
            "admin/loans/wishes_wanted.html",
            page_obj=self.page_of(titles),
            tabs=[(key, label, None) for key, label in cuts.items()],
            cut=cut,
            words=words,
            typed=typed[:30],
            several=len(self.access.offices) != 1,
        )

    def _sheet(self, titles: Any, typed: Any) -> HttpResponse:
        heads = (_("Title"), _("ISBN"), _("Library"), _("Schools"), _("Copies"), _("Free copies"), _("Since"))
        rows = [
            (
                row["name"],
                row["isbn"],
                row["library"],
                row["schools"],
                row["stock"],
                row["free"],
                row["since"],
            )
            for row in titles[:SHEET_ROWS]
        ]
        rows += [(row["name"], "", "", row["schools"], 0, 0, row["since"]) for row in typed[:SHEET_ROWS]]
        return self.sheet("judul-diinginkan", heads, rows)
