"""Networks and consortia at the desk: who is in, who leads, on what they rest (D7)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, Sentence
from libraries.choices import LegalForm, NetworkKind, NetworkRole, NetworkStatus, Role
from libraries.desk import (
    SHEET_ROWS,
    ActPage,
    DeskPage,
    NoteForm,
    StepWords,
    Told,
    chosen,
    day_field,
    note_field,
    offer_step,
    timeline,
)
from libraries.lifecycle import NETWORK
from libraries.models import Assessment, Institution, Network, NetworkMember
from libraries.services import networks
from libraries.services.stepping import roles_of

KEEPERS = {Role.OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR}

STEPS = {
    "activate": StepWords(
        title=gettext_lazy("Begin the network’s work?"),
        text=gettext_lazy(
            "It needs two members and a focal point. From then on it stands on the public pages."
        ),
        done=gettext_lazy("The network is at work."),
        kind="primary",
        icon="check",
    ),
    "dissolve": StepWords(
        title=gettext_lazy("Dissolve the network?"),
        text=gettext_lazy(
            "Every membership ends today. It stays in the list as history. This cannot be undone."
        ),
        done=gettext_lazy("The network is dissolved."),
        kind="danger",
        icon="stop",
    ),
}
ALSO = {"found": gettext_lazy("Entered here")}


def own_offices(page: DeskPage) -> Any:
    """Offices for which the reader keeps networks and asks questions."""
    seen = Institution.objects.visible_to(page.request.user).offices()
    return seen if page.access.everything else seen.filter(pk__in=page.access.having(KEEPERS))


def require_keeper(page: DeskPage) -> None:
    if not page.access.everything and not page.access.having(KEEPERS):
        raise PermissionDenied


class NetworkList(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Network.objects.visible_to(request.user)
        words = self.words()
        if words:
            member = NetworkMember.objects.current().filter(
                Q(institution__name__icontains=words) | Q(institution__short_name__icontains=words)
            )
            rows = rows.filter(Q(name__icontains=words) | Q(pk__in=member.values("network")))
        cuts = {
            "": Q(),
            "aktif": Q(status=NetworkStatus.ACTIVE),
            "dibentuk": Q(status=NetworkStatus.FORMING),
            "bubar": Q(status=NetworkStatus.DISSOLVED),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, part in enumerate(cuts.values())}
        )
        labels = (_("All"), _("Active"), _("Being formed"), _("Dissolved"))
        tabs = [
            (key, label, counts[f"cut{n}"]) for n, (key, label) in enumerate(zip(cuts, labels, strict=True))
        ]
        rows = rows.filter(cuts[cut]).for_list()
        if self.wants_sheet:
            heads = (
                _("Name"),
                _("Kind"),
                _("Legal form"),
                _("Status"),
                _("Focal point"),
                _("Members"),
                _("Founded on"),
                _("Term ends"),
            )
            return self.sheet(
                "jaringan",
                heads,
                (
                    (
                        row.name,
                        row.get_kind_display(),
                        row.get_legal_form_display(),
                        row.get_status_display(),
                        row.focal[0] if row.focal else "",
                        row.member_count,
                        row.founded_on,
                        row.ends_on,
                    )
                    for row in rows[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/libraries/networks.html",
            page_obj=self.page_of(rows),
            tabs=tabs,
            cut=cut,
            words=words,
            today=clock.today(),
            may_add=self.access.everything or bool(self.access.having(KEEPERS)),
        )


class NetworkForm(forms.Form):
    """All that is known about a network besides its members."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (NetworkKind.NETWORK, gettext_lazy("Network: libraries that work together")),
            (
                NetworkKind.CONSORTIUM,
                gettext_lazy("Consortium: a body with a legal form, for joint services"),
            ),
        ],
        widget=forms.RadioSelect,
        initial=NetworkKind.NETWORK,
    )
    legal_form = forms.ChoiceField(
        label=gettext_lazy("Legal form"), choices=LegalForm.choices, initial=LegalForm.NONE
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Founding paper"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Number and date of the decree, deed or agreement it rests on."),
    )
    founded_on = day_field(gettext_lazy("Founded on"), required=False)
    starts_on = day_field(gettext_lazy("Term begins"), required=False)
    ends_on = day_field(gettext_lazy("Term ends"), required=False)
    purpose = note_field(
        gettext_lazy("Purpose"),
        required=False,
        help_text=gettext_lazy("What the members do together, and why."),
    )
    standards = note_field(
        gettext_lazy("Agreed standards"),
        required=False,
        help_text=gettext_lazy(
            "Classification, cataloguing rules, data format, fees: what all members keep to."
        ),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Show it on the public pages once it is at work"), required=False, initial=True
    )


class NewNetworkForm(NetworkForm):
    office = forms.ModelChoiceField(
        label=gettext_lazy("Our library"),
        queryset=Institution.objects.none(),
        help_text=gettext_lazy("It keeps the network here and is its first member."),
    )
    field_order = ("office",)

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        del self.fields["version"]
        known = list(offices[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()


class NetworkNew(ActPage):
    made: Network | None = None

    def subject_of(self, **kwargs: Any) -> None:
        require_keeper(self)

    def title(self) -> str:
        return _("New network")

    def text(self) -> str:
        return _(
            "It begins as “being formed”: admit the members, appoint the focal point, then begin its work."
        )

    def label(self) -> str:
        return _("Enter the network")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Networks"), reverse("work:networks"))]

    def back(self) -> str:
        return reverse("work:network", args=[self.made.pk]) if self.made else reverse("work:networks")

    def make_form(self, *data: Any) -> NewNetworkForm:
        return NewNetworkForm(*data, offices=own_offices(self))

    def act(self, cleaned: dict[str, Any]) -> str:
        self.made = networks.found_network(actor=self.actor, **cleaned)
        return _("The network is entered. Now admit its members.")


class NetworkPage(DeskPage):
    """One network: members, focal point, standards, what happened."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        network = self.find(Network.objects.select_related("office"), pk)
        roles = roles_of(self.actor, network)
        may = NETWORK.available(network.status, roles)
        everybody = list(network.members.in_order())
        return self.show(
            "admin/libraries/network.html",
            network=network,
            members=[row for row in everybody if row.left_on is None],
            former=[row for row in everybody if row.left_on is not None],
            focal=next((row for row in everybody if row.role == NetworkRole.FOCAL and not row.left_on), None),
            may=may,
            may_keep=bool(may),
            steps=[
                offer_step(
                    NETWORK,
                    action,
                    STEPS[action],
                    reverse("work:network_step", args=[network.pk, action]),
                    NoteForm(auto_id=f"{action}_%s") if NETWORK.transition(action).needs else None,
                )
                for action in may
                if action in STEPS
            ],
            assessments=Assessment.objects.visible_to(request.user).filter(network=network)[:5],
            events=[
                in_words(line) for line in timeline(network.events.select_related("actor"), NETWORK, ALSO)
            ],
            today=clock.today(network.office.zone),
        )


def in_words(line: Told) -> Told:
    """A note keeps the role as its code, which holds in any language; the page says it in the reader's."""
    name, _colon, code = line.note.rpartition(": ")
    labels = dict(NetworkRole.choices)
    return replace(line, note=f"{name}: {labels[code]}") if name and code in labels else line


class NetworkAct(ActPage):
    """An act on a network; it leads back to its page."""

    network: Network

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.network = self.find(Network.objects.select_related("office"), pk)
        return self.network

    def back(self) -> str:
        return reverse("work:network", args=[self.network.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Networks"), reverse("work:networks")), (str(self.network), self.back())]


class NetworkEdit(NetworkAct):
    template_name = "admin/libraries/network_edit.html"
    theirs: list[tuple[str, str]]

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.network, name) for name in NetworkForm.base_fields}

    def make_form(self, *data: Any) -> NetworkForm:
        return NetworkForm(*data, initial=self.initial())

    def title(self) -> str:
        return _("Change what is known")

    def label(self) -> str:
        return _("Save")

    def more(self) -> dict[str, Any]:
        return {"theirs": getattr(self, "theirs", [])}

    def act(self, cleaned: dict[str, Any]) -> str:
        version = cleaned.pop("version")
        try:
            networks.revise_network(network=self.network, actor=self.actor, version=version, **cleaned)
        except Conflict as refusal:
            if refusal.code == "stale":
                self._show_theirs(cleaned)
            raise
        return _("Saved.")

    def _show_theirs(self, typed: dict[str, Any]) -> None:
        """Their words stand beside what was typed here; saving once more is then a choice made knowingly."""
        self.network.refresh_from_db()
        labels = NetworkForm.base_fields
        self.theirs = [
            (str(labels[name].label), str(getattr(self.network, name) or "–"))
            for name, value in typed.items()
            if (getattr(self.network, name) or "") != (value or "")
        ]

    def ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        if getattr(self, "theirs", None):
            form.data = form.data.copy()
            form.data["version"] = str(self.network.version)
        return super().ask(form, status)


class NetworkStep(NetworkAct):
    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in STEPS:
            raise Http404
        if NETWORK.transition(self.action).needs:
            self.form_class = NoteForm
        self.kind = "danger-solid" if STEPS[self.action].kind == "danger" else "primary"
        return super().subject_of(pk)

    def title(self) -> Sentence:
        return STEPS[self.action].title

    def text(self) -> Sentence:
        return STEPS[self.action].text

    def label(self) -> Sentence:
        return NETWORK.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        if self.action == "dissolve":
            networks.dissolve_network(network=self.network, actor=self.actor, **cleaned)
        else:
            networks.activate_network(network=self.network, actor=self.actor)
        return STEPS[self.action].done


class AdmitForm(forms.Form):
    institution = forms.ModelChoiceField(
        label=gettext_lazy("Institution"),
        queryset=Institution.objects.none(),
        help_text=gettext_lazy("Not in the list? Add the institution first, in the directory."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[choice for choice in NetworkRole.choices if choice[0] != NetworkRole.FOCAL],
        initial=NetworkRole.MEMBER,
    )
    joined_on = day_field(
        gettext_lazy("Member since"), required=False, help_text=gettext_lazy("Empty means today.")
    )

    def __init__(self, *args: Any, network: Network, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = network.members.current().values("institution")
        self.fields["institution"].queryset = (
            Institution.objects.visible_to(user).filter(is_active=True).exclude(pk__in=inside)
        )


class MemberAdmit(NetworkAct):
    def make_form(self, *data: Any) -> AdmitForm:
        return AdmitForm(*data, network=self.network, user=self.request.user)

    def title(self) -> str:
        return _("Admit a member")

    def label(self) -> str:
        return _("Admit")

    def act(self, cleaned: dict[str, Any]) -> str:
        member = networks.admit_member(network=self.network, actor=self.actor, **cleaned)
        return _("%(member)s is now a member.") % {"member": member}


class MemberAct(NetworkAct):
    member: NetworkMember

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        super().subject_of(pk)
        self.member = get_object_or_404(self.network.members.in_order(), pk=kwargs["member"])
        return self.member


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[choice for choice in NetworkRole.choices if choice[0] != NetworkRole.FOCAL],
        widget=forms.RadioSelect,
    )


class MemberRole(MemberAct):
    form_class = RoleForm

    def initial(self) -> dict[str, Any]:
        return {"role": self.member.role}

    def title(self) -> str:
        return _("The role of %(member)s") % {"member": self.member}

    def label(self) -> str:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> str:
        networks.assign_role(network=self.network, actor=self.actor, member=self.member, **cleaned)
        return _("Saved.")


class MemberFocal(MemberAct):
    def title(self) -> str:
        return _("Make %(member)s the focal point?") % {"member": self.member}

    def text(self) -> str:
        return _(
            "It speaks for the network from now on; the focal point so far becomes a member like the others."
        )

    def label(self) -> str:
        return _("Appoint the focal point")

    def act(self, cleaned: dict[str, Any]) -> str:
        networks.appoint_focal_point(network=self.network, actor=self.actor, member=self.member)
        return _("%(member)s is now the focal point.") % {"member": self.member}


class LeaveForm(NoteForm):
    left_on = day_field(gettext_lazy("Left on"), required=False, help_text=gettext_lazy("Empty means today."))


class MemberLeave(MemberAct):
    form_class = LeaveForm
    kind = "danger-solid"

    def title(self) -> str:
        return _("%(member)s leaves the network?") % {"member": self.member}

    def text(self) -> str:
        return _("It stays in the list of former members, with the reason.")

    def label(self) -> str:
        return _("Record that it leaves")

    def act(self, cleaned: dict[str, Any]) -> str:
        networks.leave_network(network=self.network, actor=self.actor, member=self.member, **cleaned)
        return _("%(member)s is no longer a member.") % {"member": self.member}
