"""One accessible shape for every form of the house: the words, the help, the error and the box, tied together."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """``{{ form }}`` and ``{{ field.as_field_group }}`` come from our components; widgets stay Django's own.

    Needs ``django.forms`` among the installed apps: the widgets' templates are found through it.
    """

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"
