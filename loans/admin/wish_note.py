"""A wish that was told at the door or by telephone, noted by the desk for the school (L10)."""

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.matching import valid_isbn13
from libraries.catalogue.models import Title
from libraries.catalogue.searching import find_titles
from libraries.desk import ActPage
from loans.choices import Subject, WishPriority
from loans.models import Programme
from loans.services.wishing import make_wish, remark


class NoteWishForm(forms.Form):
    book = forms.CharField(
        label=gettext_lazy("Which book?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Its ISBN or its title as the catalogue has it; anything else is kept as it is written."
        ),
    )
    subject = forms.ChoiceField(label=gettext_lazy("Or a subject"), choices=[], required=False)
    reading_level = forms.ChoiceField(label=gettext_lazy("Reading level"), choices=[], required=False)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("How much it is wanted"),
        choices=WishPriority.choices,
        coerce=int,
        initial=WishPriority.WANTED.value,
    )
    note = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example: for the lessons of class 4. No names of pupils."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", _("Choose a subject")), *Subject.choices]
        self.fields["reading_level"].choices = [("", _("For all levels")), *ReadingLevel.choices]


class NoteWish(ActPage):
    form_class = NoteWishForm
    programme: Programme

    def subject_of(self, pk: UUID) -> Programme:
        self.programme = self.find(Programme.objects.for_list(), pk)
        return self.programme

    def back(self) -> str:
        return f"{reverse('work:wishes')}?sekolah={self.programme.partner_id}"

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Wishes"), reverse("work:wishes")), (str(self.programme.partner), self.back())]

    def title(self) -> str:
        return _("Note a wish of %(school)s") % {"school": self.programme.partner}

    def label(self) -> str:
        return _("Note the wish")

    def act(self, cleaned: dict[str, Any]) -> str:
        book = cleaned.pop("book").strip()
        title = self._title(book)
        wish = make_wish(
            lender=self.programme.lender,
            partner=self.programme.partner,
            actor=self.actor,
            title=title,
            words="" if title else book,
            **cleaned,
        )
        said = [_("“%(what)s” is on the list of %(school)s.") % {"what": wish, "school": wish.partner}]
        return " ".join(filter(None, [*said, remark(wish)]))

    def _title(self, book: str) -> Title | None:
        """The title of that ISBN, or the only one that is called so."""
        if not book:
            return None
        rows = find_titles(Title.objects.visible_to(self.actor), book)
        if not valid_isbn13(book):
            rows = rows.filter(title__iexact=book)
        found = list(rows.order_by("pk")[:2])
        return found[0] if len(found) == 1 else None
