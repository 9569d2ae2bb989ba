"""The catalogue at the desk. Importing this registers its record pages."""

from libraries.catalogue.admin import imports, records

__all__ = ["imports", "records"]
