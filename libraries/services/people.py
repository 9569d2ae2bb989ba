"""What people change about themselves."""

from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput
from libraries.models import User


def choose_language(*, user: User, language: str) -> User:
    """The language of this person's pages, mails and papers (U29). Raises InvalidInput (``language_unknown``)."""
    if language not in dict(User._meta.get_field("language").flatchoices):
        raise InvalidInput("language_unknown", _("Choose one of the two languages."), field="language")
    user.language = language
    user.save(update_fields=["language"])
    return user
