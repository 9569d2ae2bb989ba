from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: object) -> "PersonQuerySet":
        """Offices keep all official contacts; a school sees its own."""
        access = access_of(user)
        return self if access.is_office else self.filter(institution__in=access.institutions)

    @classmethod
    def signing_for(cls, path: str) -> Subquery:
        """To annotate a row with who signs for the institution at ``path``: what a paper prints, as JSON, or null."""
        signs = Person.objects.filter(institution=OuterRef(path), signs=True)
        return Subquery(signs.values(printed=JSONObject(name="name", position="position", nip="nip"))[:1])


@audited()
class Person(Record):
    """An official contact of an institution: an adult in an office, never a pupil (UU 27/2022)."""

    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        on_delete=models.CASCADE,
        related_name="people",
    )
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(
        _("position"), max_length=120, blank=True, help_text=_("Head, principal, librarian …")
    )
    nip = models.CharField(
        _("NIP"),
        max_length=18,
        blank=True,
        help_text=_("Employee number of a civil servant, 18 digits; printed in letters only."),
        validators=[RegexValidator(r"^\d{18}$", _("A NIP has 18 digits."))],
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    signs = models.BooleanField(_("signs for the institution"), default=False)
    user = models.ForeignKey(
        "libraries.User",
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="persons",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(signs=True),
                name="person_one_signatory",
                violation_error_message=_("Another person already signs for this institution."),
            )
        ]

    def __str__(self) -> str:
        return self.name
