"""An invented catalogue for demonstrations and tests, marked as such in every row.

``demo_titles(seed)`` is pure; ``load_catalogue(bung_hatta, payakumbuh)`` writes it.
"""

from .generating import DemoTitle, demo_titles
from .loading import Holding, load_catalogue, load_demo_catalogue

__all__ = ["DemoTitle", "Holding", "demo_titles", "load_catalogue", "load_demo_catalogue"]
