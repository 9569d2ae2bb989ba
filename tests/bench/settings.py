"""The settings of the house, with the floor to compare with, and without the hourly limit of a token."""

from kerjasama.settings import *
from kerjasama.settings import REST_FRAMEWORK

ROOT_URLCONF = "tests.bench.urls"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
# Thousands of invented people need no real hashing; none of them signs in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
