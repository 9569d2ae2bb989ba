"""The camera is closed to every page of the house; these are opened to it, for this house's own script alone."""

from django.conf import settings
from django_permissions_policy.decorators import permissions_policy_override

with_camera = permissions_policy_override({**settings.PERMISSIONS_POLICY, "camera": ["self"]})
