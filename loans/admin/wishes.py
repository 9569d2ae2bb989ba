"""Wishes of schools: the list, one wish and its answer, several answered at once (L10)."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kerjasama.domain.wording import plain_date
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, chosen, note_field, timeline
from libraries.models import Institution
from loans.admin.wording import WISH_ALSO, WISH_REASONS
from loans.choices import OPEN_WISHES, PeriodStatus, WishStatus
from loans.filters import WishFilter
from loans.lifecycle import WISH
from loans.models import Period, Wish
from loans.models.wish import UNANSWERED
from loans.services.planner_words import unserved_words
from loans.services.planning_report import why_unserved
from loans.services.wishing import decline_wish, decline_wishes, promise_wish, remark, serve_wish

# Deliveries that a promise is offered for with one press; the form has them all.
OFFERED = 3
KEPT_PROMISE = Q(status=WishStatus.PLANNED) & ~UNANSWERED


class WishList(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        seen = Wish.objects.visible_to(request.user)
        schools = list(
            Institution.objects.filter(pk__in=seen.order_by().values("partner")).order_by("name", "pk")
        )
        school = chosen(request.GET.get("sekolah"), [str(row.pk) for row in schools])
        words = self.words()
        rows = WishFilter({"q": words, "partner": school}, seen, request=request).qs
        cuts = {
            "": (gettext_lazy("Waiting for an answer"), UNANSWERED),
            "dijanjikan": (gettext_lazy("Promised"), KEPT_PROMISE),
            "terpenuhi": (gettext_lazy("Fulfilled"), Q(status=WishStatus.SERVED)),
            "ditolak": (gettext_lazy("Declined"), Q(status=WishStatus.DECLINED)),
            "ditarik": (gettext_lazy("Taken back"), Q(status=WishStatus.WITHDRAWN)),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=q) for n, (_label, q) in enumerate(cuts.values())}
        )
        tabs = [(key, label, counts[f"cut{n}"]) for n, (key, (label, _q)) in enumerate(cuts.items())]
        rows = rows.filter(cuts[cut][1]).for_list()
        waiting = cut in ("", "dijanjikan")
        rows = (
            rows.order_by("-priority", "wished_on", "pk") if waiting else rows.order_by("-answered_on", "-pk")
        )
        if self.wants_sheet:
            return self._sheet(rows.with_stock()[:SHEET_ROWS])
        return self.show(
            "admin/loans/wishes.html",
            page_obj=self.page_of(rows.with_stock()),
            tabs=tabs,
            cut=cut,
            words=words,
            schools=schools,
            school=school,
            waiting=waiting,
        )

    def _sheet(self, rows: Any) -> HttpResponse:
        heads = (
            _("Wish"),
            _("School"),
            _("How much it is wanted"),
            _("Status"),
            _("Wished on"),
            _("Copies"),
            _("Free copies"),
            _("Answer"),
            _("Answered on"),
            _("Note"),
        )
        return self.sheet(
            "keinginan",
            heads,
            (
                (
                    row,
                    row.partner.name,
                    row.get_priority_display(),
                    row.get_status_display(),
                    row.wished_on,
                    row.stock if row.title_id else "",
                    row.free if row.title_id else "",
                    row.answer,
                    row.answered_on,
                    row.note,
                )
                for row in rows
            ),
        )


class WishPage(DeskPage):
    """One wish: everything that decides the answer, and the answers with one press each."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        wish = self.find(Wish.objects.for_list().with_stock(), pk)
        may = WISH.available(wish.status, roles_toward(request.user, lender=wish.lender_id))
        others = (
            Wish.objects.visible_to(request.user).open().filter(lender=wish.lender_id).exclude(pk=wish.pk)
        )
        return self.show(
            "admin/loans/wish.html",
            wish=wish,
            remark=remark(wish),
            unserved=unserved_words(reason) if (reason := why_unserved(wish)) else "",
            may=may,
            periods=list(coming(wish)[:OFFERED]) if "promise" in may else [],
            reasons=WISH_REASONS if "decline" in may else (),
            others=others.filter(title=wish.title_id).count() if wish.title_id else 0,
            events=timeline(wish.events.select_related("actor"), WISH, WISH_ALSO),
        )


def coming(wish: Wish) -> Any:
    """Deliveries that it can be promised for, soonest first."""
    return Period.objects.filter(
        programme__lender=wish.lender_id, programme__partner=wish.partner_id, status=PeriodStatus.PLANNED
    ).order_by("starts_on", "pk")


class PeriodChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{plain_date(obj.starts_on)} ({obj})"


class PromiseForm(forms.Form):
    period = PeriodChoice(label=gettext_lazy("With which delivery?"), queryset=Period.objects.none())
    note = note_field(
        gettext_lazy("Remark"), required=False, rows=2, help_text=gettext_lazy("The school reads it.")
    )


class ReasonForm(forms.Form):
    note = note_field(gettext_lazy("Reason"), help_text=gettext_lazy("The school reads it as the answer."))


class ServedForm(forms.Form):
    note = note_field(
        gettext_lazy("What was brought?"),
        required=False,
        rows=2,
        help_text=gettext_lazy("The school reads it."),
    )


class WishAct(ActPage):
    wish: Wish

    def subject_of(self, pk: UUID) -> Wish:
        self.wish = self.find(Wish.objects.for_list(), pk)
        return self.wish

    def back(self) -> str:
        return reverse("work:wish", args=[self.wish.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Wishes"), reverse("work:wishes")), (str(self.wish), self.back())]

    def text(self) -> str:
        return f"{self.wish} · {self.wish.partner}"


class Promise(WishAct):
    form_class = PromiseForm

    def make_form(self, *data: Any) -> forms.Form:
        form = PromiseForm(*data)
        form.fields["period"].queryset = coming(self.wish)
        return form

    def title(self) -> str:
        return _("Promise it")

    def act(self, cleaned: dict[str, Any]) -> str:
        done = promise_wish(wish=self.wish, actor=self.actor, **cleaned)
        assert done.period is not None
        return _("Promised to %(school)s for %(day)s.") % {
            "school": done.partner,
            "day": plain_date(done.period.starts_on),
        }


class Decline(WishAct):
    form_class = ReasonForm
    kind = "danger-solid"

    def title(self) -> str:
        return _("Decline the wish")

    def act(self, cleaned: dict[str, Any]) -> str:
        decline_wish(wish=self.wish, actor=self.actor, **cleaned)
        return _("Declined. The school reads the reason.")


class Serve(WishAct):
    form_class = ServedForm

    def title(self) -> str:
        return _("Record as fulfilled")

    def act(self, cleaned: dict[str, Any]) -> str:
        serve_wish(wish=self.wish, actor=self.actor, **cleaned)
        return _("Recorded. The school is told.")


class DeclineSeveral(ActPage):
    """The ticked wishes of the list, with one reason for all of them."""

    template_name = "admin/loans/wishes_decline.html"
    form_class = ReasonForm
    kind = "danger-solid"
    chosen: list[Wish]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of(**kwargs)
        return self.ask(self.make_form()) if self.chosen else redirect(self.back())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of(**kwargs)
        return super().post(request, **kwargs) if self.chosen else redirect(self.back())

    def subject_of(self) -> str:
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        keys = [key for key in map(as_key, given.getlist("wish")) if key]
        rows = Wish.objects.visible_to(self.request.user).filter(pk__in=keys, status__in=OPEN_WISHES)
        self.chosen = list(rows.for_list().order_by("partner__name", "pk"))
        return self.title()

    def back(self) -> str:
        return reverse("work:wishes")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Wishes"), self.back())]

    def title(self) -> str:
        return ngettext("Decline %(n)s wish", "Decline %(n)s wishes", len(self.chosen)) % {
            "n": len(self.chosen)
        }

    def more(self) -> dict[str, Any]:
        return {"wishes": self.chosen}

    def act(self, cleaned: dict[str, Any]) -> str:
        n = decline_wishes(wishes=self.chosen, actor=self.actor, **cleaned)
        return ngettext("%(n)s wish is declined.", "%(n)s wishes are declined.", n) % {"n": n}


def as_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
