"""How pages of the mobile library say figures: ``{% load mobile %}``."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.translation import get_language

from mobile_service.report_paper import number

register = template.Library()


@register.filter
def tenths(value: Any) -> str:
    """``1234.5`` → "1.234,5"; whole numbers without decimals, and a dash where nothing can be said."""
    if value is None or value == "":
        return "–"
    try:
        return number(Decimal(str(value)), get_language() or "id")
    except InvalidOperation:
        return ""
