from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.choices import ConsentHow, PersonFunction


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: object) -> "PersonQuerySet":
        """Offices keep all official contacts; a school sees its own."""
        access = access_of(user)
        kept = self.filter(erased_at__isnull=True)
        return kept if access.is_office else kept.filter(institution__in=access.institutions)

    def public(self) -> "PersonQuerySet":
        """Whom anybody may read of: those who agreed to it."""
        return self.filter(erased_at__isnull=True, show_publicly=True, consent_on__isnull=False)

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
    function = models.CharField(
        _("function"), max_length=20, choices=PersonFunction, default=PersonFunction.OTHER
    )
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
    # Consent (UU 27/2022): when, how, and who noted it. Withdrawn consent leaves the day on which it was.
    consent_on = models.DateField(_("agreed on"), null=True, blank=True)
    consent_how = models.CharField(_("agreed how"), max_length=10, choices=ConsentHow, blank=True)
    consent_noted_by = models.ForeignKey(
        "libraries.User",
        verbose_name=_("noted by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    consent_withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)
    show_publicly = models.BooleanField(
        _("shown in the public directory"),
        default=False,
        help_text=_("Only after the person has agreed to it."),
    )
    keep_until = models.DateField(
        _("kept until"),
        null=True,
        blank=True,
        help_text=_(
            "After this day the contact is erased. Empty: some years after the last agreement has ended."
        ),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    erased_by = models.ForeignKey(
        "libraries.User", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
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
            ),
            models.CheckConstraint(
                condition=Q(show_publicly=False) | Q(consent_on__isnull=False) & ~Q(consent_how=""),
                name="person_shown_with_consent",
                violation_error_message=_(
                    "Somebody is shown publicly only after agreeing to it: fill in when and how."
                ),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    name="",
                    position="",
                    nip="",
                    email="",
                    phone="",
                    signs=False,
                    show_publicly=False,
                    user__isnull=True,
                ),
                name="person_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["keep_until"], condition=Q(erased_at__isnull=True), name="person_kept_until")
        ]

    def __str__(self) -> str:
        return self.name or str(_("(erased)"))

    @property
    def title(self) -> str:
        """What the person is there: the position as it was written, else the function."""
        return self.position or str(self.get_function_display())
