from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MobileServiceConfig(AppConfig):
    name = "mobile_service"
    verbose_name = _("Mobile library")
    default_auto_field = "django.db.models.BigAutoField"
