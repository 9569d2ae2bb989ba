"""What the catalogue adds to the desk's menu and to today's work."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.house import Area, HomeCard, MenuItem
from libraries.access import access_of
from libraries.catalogue.choices import ImportStatus
from libraries.catalogue.models import ImportJob
from libraries.catalogue.services.importing import MAY_IMPORT
from libraries.choices import Role

#: A stopped import is nagged about this long; after that somebody has decided to leave it.
STOPPED_SHOWN_FOR = timedelta(days=14)


def work_menu(user: Any) -> Iterable[MenuItem]:
    if _may_import(user):
        yield MenuItem(
            _("Catalogue"), reverse("admin:catalogue_copy_changelist"), "books", order=60, area=Area.CATALOGUE
        )
        yield MenuItem(
            _("Imports"),
            reverse("admin:catalogue_importjob_changelist"),
            "upload",
            order=61,
            area=Area.CATALOGUE,
        )

    access = access_of(user)
    if access.everything or access.having({Role.OFFICER, Role.CIRCULATION, Role.ADMINISTRATOR}):
        yield MenuItem(
            _("Reading lists"), reverse("work:reading_lists"), "list", order=44, area=Area.PARTNERS
        )


def home_cards(user: Any) -> Iterable[HomeCard]:
    if not _may_import(user):
        return
    jobs = ImportJob.objects.visible_to(user).select_related("file")
    stopped = list(
        jobs.filter(status=ImportStatus.FAILED, updated_at__gt=clock.now() - STOPPED_SHOWN_FOR)[:5]
    )
    if stopped:
        yield HomeCard(
            title=_("Imports that stopped"),
            count=len(stopped),
            sentence=_("They can be resumed; nothing comes in twice."),
            url=reverse("admin:catalogue_importjob_changelist"),
            tone="late",
            order=70,
            lines=tuple(
                (str(job), job.problem_sentence, reverse("admin:catalogue_importjob_change", args=[job.pk]))
                for job in stopped
            ),
        )


def _may_import(user: Any) -> bool:
    access = access_of(user)
    return access.everything or bool(access.having(MAY_IMPORT))
