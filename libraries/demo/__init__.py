"""The demo's directory: who there is. Places are real, institutions' people and numbers are invented."""

from libraries.demo.cast import DEMO_PASSWORD, LOGINS, load

__all__ = ["DEMO_PASSWORD", "LOGINS", "load"]
