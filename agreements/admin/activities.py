"""What is done together: the list, the month, a new activity, and the page on which its life is led (A12, F9, F11, F12)."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.admin.activity_forms import RUNNERS, ActivityForm
from agreements.admin.activity_wording import ACTIVITY_ALSO, ACTIVITY_STEPS
from agreements.choices import ActivityKind, ActivityStatus, InvitationAnswer
from agreements.grounds import CERTIFIED_KINDS, GROUPS
from agreements.lifecycle import ACTIVITY, RUNS
from agreements.models import Activity, Agreement, Cohort
from agreements.months import Entry, last_day, month_of, weeks_of
from agreements.services.activities import plan_activity, revise_activity
from agreements.services.certifying import attendance_shares
from agreements.services.together import roles_of
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.access import access_of, roles_toward
from libraries.desk import SHEET_ROWS, DeskPage, chosen, offer_step, refuse, status_of, timeline
from libraries.models import Institution

OPEN = (ActivityStatus.PLANNED, ActivityStatus.INVITED)
# Days from which on something is told above the month, not in each of its days.
LASTING = 7
TONES = {ActivityStatus.DONE: "quiet", ActivityStatus.PLANNED: "warn"}


class TogetherPage(DeskPage):
    """A desk page that speaks of times, shown and typed on the clock of the reader's own office."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        zone = Institution.objects.filter(pk__in=access_of(request.user).offices).values_list(
            "zone", flat=True
        )
        with timezone.override(ZoneInfo(zone.first() or timezone.get_default_timezone_name())):
            return super().dispatch(request, *args, **kwargs)

    @property
    def may_run_somewhere(self) -> bool:
        return self.access.everything or bool(self.access.having(RUNNERS))

    def require_runs(self, office: UUID) -> None:
        if not roles_toward(self.request.user, office=office) & RUNS:
            raise PermissionDenied


class ActivityList(TogetherPage):
    """Everything that the office runs or is invited to: cut by state, narrowed by kind, searched by title and partner."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        rows = Activity.objects.visible_to(request.user)
        words = self.words()
        kind = chosen(request.GET.get("jenis"), ActivityKind.values)
        agreement = request.GET.get("perjanjian", "")
        if words:
            rows = rows.filter(
                Q(title__icontains=words)
                | Q(place__icontains=words)
                | Q(participations__institution__name__icontains=words)
                | Q(participations__institution__short_name__icontains=words)
            ).distinct()
        if kind:
            rows = rows.filter(kind=kind)
        under = None
        if agreement:
            seen = Agreement.objects.visible_to(request.user)
            under = next((row for row in seen.filter(pk=_uuid(agreement))), None)
            rows = rows.filter(agreement=under) if under else rows.none()
        cuts = {
            "": (_("Coming"), Q(status__in=OPEN, ends_on__gte=today)),
            "catat": (_("To be recorded"), Q(status__in=OPEN, ends_on__lt=today)),
            "selesai": (_("Done"), Q(status=ActivityStatus.DONE)),
            "batal": (_("Called off"), Q(status=ActivityStatus.CANCELLED)),
            "semua": (_("All"), Q()),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{
                f"cut{n}": Count("pk", filter=part, distinct=True)
                for n, (_label, part) in enumerate(cuts.values())
            }
        )
        tabs = [(key, label, counts[f"cut{n}"]) for n, (key, (label, _part)) in enumerate(cuts.items())]
        rows = rows.filter(cuts[cut][1]).for_list()
        ordered = rows.order_by("begins_at", "pk") if cut == "" else rows.order_by("-begins_at", "-pk")
        if self.wants_sheet:
            return self.as_sheet(ordered[:SHEET_ROWS])
        return self.show(
            "admin/activities/list.html",
            page_obj=self.page_of(ordered),
            tabs=tabs,
            cut=cut,
            words=words,
            kind=kind,
            kinds=ActivityKind.choices,
            under=under,
            today=today,
            may_add=self.may_run_somewhere,
        )

    def as_sheet(self, rows: Any) -> HttpResponse:
        heads = (
            _("About"),
            _("Kind"),
            _("Status"),
            _("Ground"),
            _("First day"),
            _("Last day"),
            _("Place"),
            _("Invited"),
            _("Participants"),
            *(Activity._meta.get_field(group).verbose_name for group in GROUPS),
            _("Result"),
        )
        return self.sheet(
            "kegiatan",
            heads,
            (
                (
                    row.title,
                    row.get_kind_display(),
                    row.get_status_display(),
                    row.get_ground_display(),
                    row.begins_on,
                    row.ends_on,
                    row.place,
                    ", ".join(str(guest.institution) for guest in row.participations.all()),
                    row.people,
                    *(getattr(row, group) for group in GROUPS),
                    row.result,
                )
                for row in rows
            ),
        )


class ActivityCalendar(TogetherPage):
    """The month on one page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        month = month_of(request.GET.get("bulan", ""), today)
        kind = chosen(request.GET.get("jenis"), ActivityKind.values)
        rows = (
            Activity.objects.visible_to(request.user)
            .between(month, last_day(month))
            .exclude(status=ActivityStatus.CANCELLED)
            .order_by("begins_at", "pk")
        )
        if kind:
            rows = rows.filter(kind=kind)
        entries = [
            Entry(
                first=row.begins_on,
                last=row.ends_on,
                title=row.title,
                url=reverse("work:activity", args=[row.pk]),
                when=f"{timezone.localtime(row.begins_at):%H.%M}",
                tone=TONES.get(ActivityStatus(row.status), ""),
            )
            for row in rows[:500]
        ]
        # What goes on for weeks would stand in every cell; it is said once, above.
        lasting = [it for it in entries if (it.last - it.first).days >= LASTING]
        return self.show(
            "admin/activities/calendar.html",
            weeks=weeks_of(month, [it for it in entries if it not in lasting]),
            lasting=lasting,
            entries=entries,
            month=month,
            earlier=f"{clock.add_months(month, -1):%Y-%m}",
            later=f"{clock.add_months(month, 1):%Y-%m}",
            today=today,
            kind=kind,
            kinds=ActivityKind.choices,
            may_add=self.may_run_somewhere,
        )


class ActivityNew(TogetherPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        self.require_some()
        return self.answer(ActivityForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_some()
        form = ActivityForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            activity = plan_activity(actor=self.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status_of(error))
        return redirect("work:activity", activity.pk)

    def require_some(self) -> None:
        if not self.may_run_somewhere:
            raise PermissionDenied

    def answer(self, form: ActivityForm, status: int = 200) -> HttpResponse:
        return self.show("admin/activities/form.html", status, form=form, activity=None)


class ActivityEdit(TogetherPage):
    """The plan. Who saves over a colleague's change is told, and nothing typed is lost."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity = self.find_own(pk)
        if activity.status not in OPEN:
            return redirect("work:activity", pk)
        return self.answer(activity, ActivityForm(user=request.user, activity=activity))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity = self.find_own(pk)
        form = ActivityForm(request.POST, user=request.user, activity=activity)
        if not form.is_valid():
            return self.answer(activity, form, 422)
        try:
            revise_activity(activity=activity, actor=self.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            activity.refresh_from_db()
            form.data = form.data.copy()
            form.data["version"] = str(activity.version)
            return self.answer(activity, form, status_of(error))
        return redirect("work:activity", pk)

    def find_own(self, pk: UUID) -> Activity:
        activity: Activity = self.find(Activity.objects.for_list(), pk)
        self.require_runs(activity.office_id)
        return activity

    def answer(self, activity: Activity, form: ActivityForm, status: int = 200) -> HttpResponse:
        return self.show("admin/activities/form.html", status, form=form, activity=activity)


class ActivityPage(TogetherPage):
    """One activity: what comes next, who comes, what came of it, interns, papers, history. Guests see their own part."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity: Activity = self.find(
            Activity.objects.for_list().select_related("office", "agreement", "minutes_document"), pk
        )
        inside = bool(self.access.at(activity.office_id))
        runs = bool(roles_toward(request.user, office=activity.office_id) & RUNS)
        may = ACTIVITY.available(activity.status, roles_of(self.actor, activity))
        cohort = (
            Cohort.objects.filter(activity=activity)
            .select_related("sender", "acceptance", "letter_file")
            .first()
        )
        guests = list(activity.participations.all())
        today = clock.today(activity.office.zone)
        return self.show(
            "admin/activities/page.html",
            activity=activity,
            inside=inside,
            runs=runs,
            guests=guests,
            own=[row for row in guests if self.access.at(row.institution_id)] if not inside else [],
            coming=sum(row.answer == InvitationAnswer.ACCEPTED for row in guests),
            waiting=sum(row.answer == InvitationAnswer.WAITING for row in guests),
            counts=[
                (Activity._meta.get_field(group).verbose_name, getattr(activity, group))
                for group in GROUPS
                if getattr(activity, group)
            ],
            steps=[
                offer_step(
                    ACTIVITY,
                    action,
                    ACTIVITY_STEPS[action],
                    reverse("work:activity_step", args=[activity.pk, action]),
                )
                for action in may
                if action in ACTIVITY_STEPS and not (action == "finish" and activity.ends_at > clock.now())
            ],
            may_edit=runs and activity.status in OPEN,
            is_over=activity.ends_on < today and activity.status in OPEN,
            cohort=cohort,
            interns=self.interns(cohort) if cohort and inside else [],
            attendees=activity.attendees.select_related("person__institution", "certificate")
            if inside
            else [],
            evidence=activity.evidence.select_related("file") if inside else [],
            may_certify=runs and activity.kind in CERTIFIED_KINDS and activity.status == ActivityStatus.DONE,
            events=timeline(activity.events.select_related("actor"), ACTIVITY, ACTIVITY_ALSO)
            if inside
            else [],
            today=today,
        )

    def interns(self, cohort: Cohort) -> list[dict[str, Any]]:
        shares = attendance_shares(cohort)
        rows = cohort.interns.select_related("certificate").defer("certificate__content")
        return [{"row": row, "share": shares.get(row.pk)} for row in rows]


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
