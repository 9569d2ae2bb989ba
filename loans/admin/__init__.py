"""Lending among the record tables, to look at. The work is done on the pages of work_urls.py."""

from loans.admin import records

__all__ = ["records"]
