"""What the classes of our partners read: for librarians to look at, not to change (F15)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from libraries.catalogue.filters import ReadingListFilter
from libraries.catalogue.models import ReadingList
from libraries.catalogue.services.reading_lists import reading_list_pdf
from libraries.desk import SHEET_ROWS, DeskPage, chosen


class ReadingLists(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        seen = ReadingList.objects.visible_to(request.user)
        years = list(seen.order_by("-school_year").values_list("school_year", flat=True).distinct())
        year = chosen(request.GET.get("tahun"), years)
        words = self.words()
        rows = ReadingListFilter({"q": words, "school_year": year}, seen, request=request).qs.for_list()
        if self.wants_sheet:
            heads = (_("School"), _("Class"), _("School year"), _("Title"), _("Books"), _("Shared"))
            return self.sheet(
                "daftar-bacaan",
                heads,
                (
                    (
                        row.institution.name,
                        row.class_name,
                        row.school_year,
                        row.title,
                        row.item_count,
                        _("Yes") if row.is_public else _("No"),
                    )
                    for row in rows[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/catalogue/reading_lists.html",
            page_obj=self.page_of(rows),
            words=words,
            year=year,
            years=years,
        )


class ReadingListPage(DeskPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.find(ReadingList.objects.select_related("institution"), pk)
        return self.show(
            "admin/catalogue/reading_list.html",
            reading_list=row,
            items=row.items.select_related("title").order_by("position"),
        )


class ReadingListPdf(DeskPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.find(ReadingList.objects.select_related("institution"), pk)
        response = HttpResponse(reading_list_pdf(row), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="daftar-bacaan-{row.pk}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response
