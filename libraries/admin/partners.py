"""The directory at the desk: the list of partners with its map, and everything about one of them on one page (D1)."""

from urllib.parse import quote
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence
from kerjasama.house import collect
from libraries.choices import ServiceKind
from libraries.desk import DeskPage, chosen
from libraries.hours import week_lines
from libraries.listing import (
    HEADS,
    Wanted,
    choices_of,
    directory_paper,
    points_of,
    sheet_rows,
    tied_institutions,
)
from libraries.models import Closure, Institution, Opening, Person
from libraries.models.institution import InstitutionQuerySet
from libraries.services.directory import KEEPS_DIRECTORY

# What an entry may lack, and how the rows that lack it are found.
LACKS: dict[str, tuple[Sentence, Q]] = {
    "alamat": (gettext_lazy("no address"), Q(address="")),
    "hubungan": (gettext_lazy("neither telephone nor e-mail"), Q(phone="", email="")),
    "peta": (gettext_lazy("no place on the map"), Q(latitude=None)),
    "jam": (gettext_lazy("no opening hours"), ~Exists(Opening.objects.filter(institution=OuterRef("pk")))),
    "kontak": (
        gettext_lazy("no contact"),
        ~Exists(Person.objects.filter(institution=OuterRef("pk"), erased_at__isnull=True)),
    ),
    "nomor": (gettext_lazy("no NPSN (schools)"), Q(npsn="", kind__in=["school", "madrasah"])),
    "wilayah": (gettext_lazy("no region"), Q(region=None)),
}  # fmt: skip
TIED = {
    "ya": gettext_lazy("with an agreement in force"),
    "tidak": gettext_lazy("without an agreement in force"),
}


class PartnerRows(DeskPage):
    """What the list, its map and its papers have in common: the rows that were asked for."""

    def asked(self) -> tuple[Wanted, str, str, str]:
        wanted = Wanted.read(self.request.GET.dict())
        lack = chosen(self.request.GET.get("kurang"), LACKS)
        tied = chosen(self.request.GET.get("kerja"), TIED)
        shown = chosen(self.request.GET.get("tampil"), ("publik", "tersembunyi", "nonaktif"))
        return wanted, lack, tied, shown

    def rows(self) -> InstitutionQuerySet:
        wanted, lack, tied, shown = self.asked()
        rows = Institution.objects.visible_to(self.request.user)
        rows = rows.filter(is_active=shown != "nonaktif")
        if shown in ("publik", "tersembunyi"):
            rows = rows.filter(is_listed=shown == "publik")
        if lack:
            rows = rows.filter(LACKS[lack][1])
        if tied:
            held = Q(pk__in=tied_institutions(collect("ties", None), clock.today()))
            rows = rows.filter(held if tied == "ya" else ~held)
        return wanted.narrow(rows)

    @property
    def may_keep(self) -> bool:
        return self.access.everything or bool(self.access.having(KEEPS_DIRECTORY))


class PartnerList(PartnerRows):
    """All institutions that the office knows, narrowed by kind, place, agreement and what is missing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted, lack, tied, shown = self.asked()
        rows = self.rows()
        if self.wants_sheet:
            return self.sheet(slugify(_("directory")), HEADS, sheet_rows(rows))
        page = self.page_of(rows.select_related("region"))
        held = tied_institutions(collect("ties", [row.pk for row in page]), clock.today())
        return self.show(
            "admin/libraries/partners.html",
            page_obj=page,
            lines=[(row, row.pk in held) for row in page],
            wanted=wanted,
            lack=lack,
            tied=tied,
            shown=shown,
            lacks=[(value, words) for value, (words, _rows) in LACKS.items()],
            ties=list(TIED.items()),
            services=ServiceKind.choices,
            narrowed=bool(wanted or lack or tied or shown),
            may_keep=self.may_keep,
            **choices_of(Institution.objects.visible_to(request.user)),
        )


class PartnerPoints(PartnerRows):
    """The places of the list, for its map."""

    def get(self, request: HttpRequest) -> JsonResponse:
        found = points_of(self.rows(), lambda pk, slug: reverse("work:partner", args=[pk]))
        return JsonResponse(found, headers={"Cache-Control": "private, no-store"})


class PartnerPaper(PartnerRows):
    """The list as a printed directory."""

    def get(self, request: HttpRequest) -> HttpResponse:
        title = _("Directory of libraries and partners")
        paper = directory_paper(self.rows(), title=title, today=clock.today(), site=request.get_host())
        return pdf_answer(render_pdf("directory", paper), slugify(title))


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


class PartnerPage(PartnerRows):
    """Everything about one partner: entry, hours, people, and what every app of the house knows of it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.find(Institution.objects.select_related("parent", "region"), pk)
        today = clock.today(row.zone)
        own = row.pk in self.access.having(KEEPS_DIRECTORY) or self.access.everything
        return self.show(
            "admin/libraries/partner.html",
            partner=row,
            week=week_lines(row.openings.week()),
            closures=Closure.objects.filter(institution=row, ends_on__gte=today).order_by("starts_on")[:5],
            people=Person.objects.visible_to(request.user).filter(institution=row).order_by("-signs", "name"),
            units=Institution.objects.visible_to(request.user).filter(parent=row).order_by("name")[:20],
            services=[label for value, label in ServiceKind.choices if value in row.services],
            missing=missing_of(row),
            parts=collect("partner_parts", request.user, row),
            may_keep=own if row.is_office else self.may_keep,
            town=quote(row.city),
            today=today,
        )


def missing_of(row: Institution) -> list[Sentence]:
    """What the entry lacks, in words. One statement."""
    cuts = {
        name: Exists(Institution.objects.filter(cut, pk=OuterRef("pk")))
        for name, (_words, cut) in LACKS.items()
    }
    found = Institution.objects.filter(pk=row.pk).annotate(
        **{f"lacks_{name}": cut for name, cut in cuts.items()}
    )
    answers = found.values(*(f"lacks_{name}" for name in cuts)).get()
    return [words for name, (words, _cut) in LACKS.items() if answers[f"lacks_{name}"]]
