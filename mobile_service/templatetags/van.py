"""Words of the mobile library for templates."""

from django import template

from kerjasama.domain.errors import DomainError
from mobile_service.recurrence import words_of

register = template.Library()


@register.filter
def repeats(rule: str) -> str:
    """An RRULE in the reader's language: "every Sunday"."""
    try:
        return words_of(rule)
    except DomainError:
        return rule
