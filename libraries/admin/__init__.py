"""The records of the directory and the office, for librarians. Importing this registers them."""

from libraries.admin import accounts, directory, keys, office

__all__ = ["accounts", "directory", "keys", "office"]
