"""The record tables: scope, rights from roles, accounts without passwords, keys shown once, history, stale forms."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement
from libraries.choices import MessageStatus, Role
from libraries.models import ApiToken, Institution, Membership, Message, Region, User
from libraries.services.messages import new_message
from loans.models import Consignment
from tests.factories import InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(signed_in: Callable[[User], Client], administrator: User) -> Client:
    return signed_in(administrator)


def change(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def institution_fields(row: Institution, **changed: Any) -> dict[str, Any]:
    empty = {f"{prefix}-{name}": 0 for prefix in ("closures",) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {
        "name": row.name,
        "slug": row.slug,
        "kind": row.kind,
        "zone": row.zone,
        "city": row.city,
        "is_active": "on",
        "seen_version": row.version,
        "closed_weekdays": [str(day) for day in row.closed_weekdays],
        **empty,
        **changed,
    }


def test_every_table_opens_for_staff_and_is_shut_for_schools(
    keeper: Client, signed_in: Callable[[User], Client], school: User, dispatched: Consignment
) -> None:
    ours = {"libraries", "catalogue", "agreements", "loans"}
    assert {model._meta.app_label for model in admin.site._registry} == ours
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert keeper.get(url).status_code == 200, url
        assert signed_in(school).get(url).status_code == 302, url


def test_records_with_a_life_cannot_be_changed_here(
    office: Client, agreement: Agreement, picking: Consignment
) -> None:
    for row in (agreement, picking):
        page = office.get(change(row)).content.decode()
        assert (
            'name="status"' not in page
            and reverse(
                {"agreement": "work:agreement", "consignment": "work:consignment"}[row._meta.model_name],
                args=[row.pk],
            )
            in page
        )
        assert office.post(change(row), {"status": "closed"}).status_code == 403
        delete = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
        assert office.post(delete, {"post": "yes"}).status_code == 403


def test_another_library_does_not_see_ours(
    outside: Client, agreement: Agreement, picking: Consignment
) -> None:
    for row in (agreement, picking):
        assert (
            outside.get(change(row)).status_code == 302
        )  # the admin's way of saying: there is no such thing


def test_who_changes_institutions(
    office: Client, desk: Client, school_library: Institution, library: Institution
) -> None:
    assert desk.get(change(school_library)).status_code == 200
    assert desk.post(change(school_library), institution_fields(school_library, name="X")).status_code == 403
    saved = office.post(change(school_library), institution_fields(school_library, name="SDN 01 Baru"))
    assert saved.status_code == 302
    school_library.refresh_from_db()
    assert school_library.name == "SDN 01 Baru" and school_library.version == 2


def test_an_office_is_changed_by_its_own_people_only(
    outside: Client, library: Institution, perpusnas: User
) -> None:
    Membership.objects.filter(user=perpusnas).update(role=Role.OFFICER)
    assert outside.post(change(library), institution_fields(library, name="Diambil alih")).status_code == 403


def test_nobody_makes_an_office_by_ticking_a_box(office: Client, school_library: Institution) -> None:
    office.post(change(school_library), institution_fields(school_library, is_office="on"))
    school_library.refresh_from_db()
    assert not school_library.is_office


def test_a_stale_form_is_told_and_loses_nothing(office: Client, school_library: Institution) -> None:
    mine = institution_fields(school_library, city="Kota Saya")
    office.post(change(school_library), institution_fields(school_library, city="Kota Rekan"))
    stale = office.post(change(school_library), mine)
    body = stale.content.decode()
    assert stale.status_code == 200 and "Kota Rekan" in body and "Kota Saya" in body
    school_library.refresh_from_db()
    assert school_library.city == "Kota Rekan"
    assert (
        office.post(change(school_library), {**mine, "seen_version": school_library.version}).status_code
        == 302
    )


def test_history_says_who_and_from_where(office: Client, school_library: Institution, officer: User) -> None:
    office.post(
        change(school_library), institution_fields(school_library, name="SDN 01 Baru"), REMOTE_ADDR="10.1.2.3"
    )
    body = office.get(
        reverse("admin:libraries_institution_history", args=[school_library.pk])
    ).content.decode()
    assert (
        "SDN 01 Baru" in body
        and officer.name in body
        and "10.1.2.3" in body
        and "SD Negeri 01 Benteng" in body
    )


# --- accounts ----------------------------------------------------------------------------------------------------------


def new_account(institution: Institution, **changed: Any) -> dict[str, Any]:
    return {
        "name": "Ibu Baru",
        "email": "baru@contoh.test",
        "institution": institution.pk,
        "role": Role.SCHOOL_CONTACT,
        "language": "id",
        **changed,
    }


def test_an_account_is_made_without_a_password(keeper: Client, school_library: Institution) -> None:
    assert keeper.post(reverse("admin:libraries_user_add"), new_account(school_library)).status_code == 302
    account = User.objects.get(email="baru@contoh.test")
    assert not account.has_usable_password() and not account.is_staff
    message = Message.objects.get(user=account)
    assert message.template == "account_created" and message.status == MessageStatus.PENDING
    again = keeper.post(reverse("admin:libraries_user_add"), new_account(school_library))
    assert again.status_code == 409 and "baru@contoh.test" in again.content.decode()


def test_a_colleague_is_staff_and_a_school_takes_no_office_roles(
    keeper: Client, library: Institution, school_library: Institution
) -> None:
    url = reverse("admin:libraries_user_add")
    assert keeper.post(url, new_account(library, role=Role.CIRCULATION)).status_code == 302
    assert User.objects.get(email="baru@contoh.test").is_staff
    refused = keeper.post(url, new_account(school_library, email="lain@contoh.test", role=Role.OFFICER))
    assert refused.status_code == 422


def test_an_administrator_reaches_no_other_office(keeper: Client, perpusnas: User) -> None:
    elsewhere = perpusnas.memberships.get().institution
    refused = keeper.post(reverse("admin:libraries_user_add"), new_account(elsewhere, role=Role.OFFICER))
    assert refused.status_code == 422 and not User.objects.filter(email="baru@contoh.test").exists()
    assert keeper.get(change(perpusnas)).status_code == 302


def test_an_address_cannot_be_taken_over_through_a_shared_school(
    keeper: Client, perpusnas: User, school_library: Institution
) -> None:
    """A colleague of another office who is also known at our school must not be reachable through it."""
    MembershipFactory(user=perpusnas, institution=school_library)
    page = keeper.get(change(perpusnas))
    assert page.status_code == 200 and 'name="email"' not in page.content.decode()
    assert keeper.post(change(perpusnas), {"email": "saya@contoh.test"}).status_code == 403
    perpusnas.refresh_from_db()
    assert perpusnas.email != "saya@contoh.test"


def test_roles_are_given_and_ended(
    keeper: Client, library: Institution, school: User, circulation: User
) -> None:
    url = reverse("admin:libraries_user_role", args=[circulation.pk])
    assert keeper.post(url, {"institution": library.pk, "role": Role.OFFICER}).status_code == 302
    assert circulation.memberships.count() == 2
    for row in circulation.memberships.all():
        assert keeper.post(reverse("admin:libraries_membership_end", args=[row.pk])).status_code == 302
    circulation.refresh_from_db()
    assert not circulation.is_staff and not circulation.memberships.current().exists()


def test_only_administrators_see_accounts(office: Client, school: User) -> None:
    assert office.get(reverse("admin:libraries_user_changelist")).status_code == 403
    assert office.get(reverse("admin:libraries_user_add")).status_code == 403
    assert office.get(change(school)).status_code == 403


def test_accounts_are_changed_within_reach(keeper: Client, school: User, administrator: User) -> None:
    fields = {"name": "Rahmi Y.", "email": "rahmi@contoh.test", "language": "en", "is_active": "on"}
    assert keeper.post(change(school), fields).status_code == 302
    school.refresh_from_db()
    assert (school.name, school.email, school.language) == ("Rahmi Y.", "rahmi@contoh.test", "en")
    assert UserFactory().email != school.email


# --- keys, messages, regions, numbers --------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_revoked(keeper: Client, office: Client) -> None:
    url = reverse("admin:libraries_apitoken_add")
    assert office.get(url).status_code == 403
    nothing = keeper.post(url, {"name": "SLiMS", "days": 30})
    assert nothing.status_code == 422
    made = keeper.post(url, {"name": "SLiMS", "days": 30, "everything": "on"})
    body = made.content.decode()
    token = ApiToken.objects.get()
    assert "kjs_" in body and token.digest not in body and "no-store" in made["Cache-Control"]
    assert "kjs_" not in keeper.get(reverse("admin:libraries_apitoken_changelist")).content.decode()
    assert keeper.post(reverse("admin:libraries_apitoken_revoke", args=[token.pk])).status_code == 302
    assert not ApiToken.objects.exists()


def test_a_stuck_mail_is_sent_again_by_a_person(desk: Client, library: Institution) -> None:
    message = new_message(address="sd@contoh.test", template="x", dedupe_key="x", office=library)
    message.status = MessageStatus.FAILED
    message.save()
    again = reverse("admin:libraries_message_again", args=[message.pk])
    assert again in desk.get(change(message)).content.decode()
    assert desk.post(again).status_code == 302
    message.refresh_from_db()
    assert message.status == MessageStatus.PENDING
    assert "messagelist" in desk.post(again, follow=True).content.decode()
    assert desk.get(again).status_code == 405


def test_regions_are_read_from_their_file(office: Client, desk: Client) -> None:
    url = reverse("admin:libraries_region_import")
    assert desk.get(url).status_code == 403
    bad = office.post(url, {"file": SimpleUploadedFile("x.csv", b"a;b\n1;2\n")})
    assert bad.status_code == 422 and "error-summary" in bad.content.decode()
    text = "kode,nama\n13,Sumatera Barat\n13.75,Kota Bukittinggi\n99.9,Salah\n"
    done = office.post(url, {"file": SimpleUploadedFile("wilayah.csv", text.encode())})
    assert done.status_code == 200 and Region.objects.count() == 2
    assert "99.9" in done.content.decode()


def test_a_numbering_pattern_must_make_numbers(office: Client, library: Institution) -> None:
    pattern = library.number_patterns.first()
    assert pattern is not None
    fields = {"institution": library.pk, "kind": pattern.kind, "resets_yearly": "on"}
    refused = office.post(change(pattern), {**fields, "pattern": "tanpa angka"})
    assert refused.status_code == 200 and "errorlist" in refused.content.decode()
    assert office.post(change(pattern), {**fields, "pattern": "{number:03}/A/{year}"}).status_code == 302


def test_choices_of_a_form_stay_in_scope(office: Client, perpusnas: User) -> None:
    """An officer's list of offices for a numbering pattern holds nothing that is not theirs to number for."""
    elsewhere = perpusnas.memberships.get().institution
    fields = {
        "institution": elsewhere.pk,
        "kind": "handover",
        "pattern": "{number:03}/A/{year}",
        "resets_yearly": "on",
    }
    answer = office.post(reverse("admin:libraries_numberpattern_add"), fields)
    assert answer.status_code in (200, 403)
    assert not elsewhere.number_patterns.filter(pattern="{number:03}/A/{year}").exists()
    assert InstitutionFactory() is not None
