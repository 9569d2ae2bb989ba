"""One box for everything: a school by its NPSN, a box by its code, a book by its barcode, a paper by its number (U27)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kerjasama.house import collect
from libraries.desk import DeskPage


class Find(DeskPage):
    """Every app is asked; when the words are somebody's very code, the reader is taken there at once."""

    SHORTEST = 2

    def get(self, request: HttpRequest) -> HttpResponse:
        words = self.words()
        hits = collect("desk_search", request.user, words) if len(words) >= self.SHORTEST else []
        exact = [hit for hit in hits if hit.exact]
        if len(exact) == 1:
            return redirect(exact[0].url)
        return self.show(
            "admin/work/find.html", words=words, hits=hits, too_short=0 < len(words) < self.SHORTEST
        )
