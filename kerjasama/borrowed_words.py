"""Sentences of Django and of the REST framework that our catalogue says in Indonesian, because theirs does not, or says it badly.

Nothing here is run: the names keep the sentences in the catalogue when it is collected anew. Ours comes before theirs
(``LOCALE_PATHS``), so each must stand here letter by letter as they have it; ``tests/api/test_problems.py`` looks whether it does.
"""

from django.utils.translation import gettext_noop as _

# Said by forms and filters, with an Indonesian that nobody understands.
OF_DJANGO = (_("Enter a whole number."),)

# What the fields of the API say of a body that does not fit, and the API itself of a request; theirs knows no Indonesian for it.
OF_THE_API = (
    _("A valid number is required."),
    _("Datetime value out of range."),
    _("Ensure this field has at least {min_length} elements."),
    _("Ensure this field has no more than {max_length} elements."),
    _("Expected a date but got a datetime."),
    _("Expected a datetime but got a date."),
    _('Expected a list of items but got type "{input_type}".'),
    _("Incorrect type. Expected pk value, received {data_type}."),
    _("Integer value too large to convert to float"),
    _("Invalid data. Expected a dictionary, but got {datatype}."),
    _("Invalid input."),
    _("Invalid token header. No credentials provided."),
    _("Invalid token header. Token string should not contain spaces."),
    _("Malformed request."),
    _('Method "{method}" not allowed.'),
    _("Must be a valid UUID."),
    _("Must be a valid boolean."),
    _("No filename could be determined."),
    _("Not a valid string."),
    _("String value too large."),
    _("Surrogate characters are not allowed: U+{code_point:X}."),
    _("The submitted data was not a file. Check the encoding type on the form."),
    _("This dictionary may not be empty."),
    _("This list may not be empty."),
    _("This value does not match the required pattern."),
)
