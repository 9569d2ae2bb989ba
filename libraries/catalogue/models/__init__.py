from libraries.catalogue.models.copy import Copy
from libraries.catalogue.models.import_job import ImportJob, ImportRecord
from libraries.catalogue.models.reading_list import ReadingList, ReadingListItem
from libraries.catalogue.models.title import Title

__all__ = ["Copy", "ImportJob", "ImportRecord", "ReadingList", "ReadingListItem", "Title"]
