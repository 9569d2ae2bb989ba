"""The pages that belong to no app: what they say, to whom, and what happens when something goes wrong."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from kerjasama.pages import views
from libraries.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user(
        "rahmi", "rahmi@contoh.sch.id", "kata-sandi-yang-panjang", name="Rahmi Yanti"
    )


def test_the_front_page_opens_for_anybody_in_indonesian(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<html lang="id">' in page
    assert "Buku yang merantau, lalu pulang" in page
    assert reverse("account_request_login_code") in page and reverse("account_login") in page


def test_the_browser_does_not_choose_the_language_the_reader_does(client: Client) -> None:
    assert '<html lang="id">' in client.get("/", headers={"Accept-Language": "en"}).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/privasi/"})
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Books that travel, and come home" in page


def test_the_language_switch_is_on_every_page_and_comes_back(client: Client) -> None:
    page = client.get("/privasi/?a=1").content.decode()
    assert 'name="next" value="/privasi/?a=1"' in page
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_the_language_switch_on_a_refused_form_comes_back_to_where_it_was_sent_from(
    client: Client, db: None
) -> None:
    def refused(sent_from: str) -> str:
        page = client.post(reverse("account_login"), {}, headers={"Referer": sent_from})
        return page.content.decode()

    assert 'name="next" value="/jadwal/?b=2"' in refused("http://testserver/jadwal/?b=2")
    assert f'name="next" value="{reverse("account_login")}"' in refused("https://elsewhere.example/jadwal/")


def test_the_front_page_greets_who_is_signed_in(client: Client, person: User) -> None:
    client.force_login(person)
    page = client.get("/").content.decode()
    assert "Rahmi Yanti" in page
    assert reverse("account_request_login_code") not in page


def test_home_leads_everybody_to_their_own_first_page(client: Client, person: User) -> None:
    assert client.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    client.force_login(person)
    assert client.get(reverse("home")).status_code == 302
    person.is_staff = True
    person.save()
    assert client.get(reverse("home"))["Location"] == reverse("admin:index")


def test_a_page_that_is_not_there_says_so_with_its_number(client: Client) -> None:
    answer = client.get("/tidak-ada/", headers={"X-Request-ID": "permintaan-12345"})
    assert answer.status_code == 404
    assert "permintaan-12345" in answer.content.decode()


def test_a_fault_of_ours_is_told_without_a_database(
    rf: RequestFactory, django_assert_num_queries: object
) -> None:
    request = rf.get("/")
    request.request_id = "nomor-kesalahan"  # type: ignore[attr-defined]
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = views.server_error(request)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "nomor-kesalahan" in page and "Traceback" not in page


@pytest.mark.parametrize(
    ("view", "status"), [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404)]
)
def test_refusals_keep_their_status(rf: RequestFactory, view: object, status: int) -> None:
    answer: HttpResponse = view(rf.get("/"), Exception("secret"))  # type: ignore[operator]
    assert answer.status_code == status
    assert "secret" not in answer.content.decode()


def stale(rf: RequestFactory, site: str) -> str:
    request: HttpRequest = rf.post(
        "/portal/kiriman/7/?langkah=2",
        {
            "note": 'Satu "robek" <sampul>',
            "missing": ["BH-1", "BH-2"],
            "password": "rahasia",
            "csrfmiddlewaretoken": "x",
        },
        headers={"Sec-Fetch-Site": site},
    )
    request.user = User()
    return views.csrf_failure(request, "token missing").content.decode()


def test_a_stale_form_hands_back_what_was_typed(rf: RequestFactory) -> None:
    page = stale(rf, "same-origin")
    assert 'action="/portal/kiriman/7/?langkah=2"' in page
    assert "Satu &quot;robek&quot; &lt;sampul&gt;" in page
    assert re.findall(r'name="missing" value="(BH-\d)"', page) == ["BH-1", "BH-2"]
    assert "rahasia" not in page


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_from_elsewhere_is_not_handed_back(rf: RequestFactory, site: str) -> None:
    """Or a stranger's page could have its own words sent by one press of a button."""
    page = stale(rf, site)
    assert "robek" not in page
    assert '<form method="post"' not in page


def test_an_address_that_only_takes_forms_says_so(client: Client, person: User) -> None:
    """Whoever reloads the answer to a form, or finds it in the history, stands there without one."""
    client.force_login(person)
    opened = client.get(reverse("camera_frame"))
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    page = opened.content.decode()
    assert "hanya menerima isian formulir" in page and reverse("home") in page
    asked_by_program = client.get(reverse("camera_frame"), headers={"Accept": "application/json"})
    assert (asked_by_program.status_code, asked_by_program.content) == (405, b"")


def test_the_mark_is_found_by_browsers_that_ask_for_it(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith("mark.svg")


def test_every_error_page_leads_somewhere(client: Client) -> None:
    page = client.get("/tidak-ada/").content.decode()
    assert reverse("home") in page and reverse("front") in page


def test_the_style_page_is_for_those_who_build(client: Client, settings: object) -> None:
    from django.urls import NoReverseMatch

    try:
        address = reverse("style")
    except NoReverseMatch:
        assert client.get("/_style/").status_code == 404
    else:
        assert client.get(address).status_code == 200
