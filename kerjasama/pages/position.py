"""Where a device stands is closed to every page of the house; these may ask their reader for it, and keep it on the device."""

from django.conf import settings
from django_permissions_policy.decorators import permissions_policy_override

with_position = permissions_policy_override({**settings.PERMISSIONS_POLICY, "geolocation": ["self"]})
