"""What people change about themselves and their own school's contacts."""

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.choices import Role
from libraries.models import Person, User


def choose_language(*, user: User, language: str) -> User:
    """The language of this person's pages, mails and papers (U29). Raises InvalidInput (``language_unknown``)."""
    if language not in dict(User._meta.get_field("language").flatchoices):
        raise InvalidInput("language_unknown", _("Choose one of the two languages."), field="language")
    user.language = language
    user.save(update_fields=["language"])
    return user


@transaction.atomic
def correct_contact(
    *, person: Person, actor: User, name: str, position: str = "", email: str = "", phone: str = ""
) -> Person:
    """Put a contact of the actor's own institution right. Who signs, and the employee number, stay with the office.

    Raises NotPermitted (``role_missing``), InvalidInput (``name_missing``).
    """
    may = {Role.SCHOOL_CONTACT, Role.OFFICER, Role.ADMINISTRATOR}
    if not access_of(actor).at(person.institution_id) & may:
        raise NotPermitted("role_missing", _("Only people of this institution may change its contacts."))
    if not name.strip():
        raise InvalidInput("name_missing", _("Type the name."), field="name")
    row = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    row.name, row.position = name.strip(), position.strip()
    row.email, row.phone = email.strip(), phone.strip()
    row.save(update_fields=["name", "position", "email", "phone", "updated_at"])
    return row
