"""The papers of an agreement: the written one (PKS, MoU) and the note of one that was agreed but never written.

Frozen facts and the sentences made of them; see ``kerjasama.documents.paper``. Requirements A1, A2, A8, A9.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from agreements.citing import NAMES, Above, listed
from agreements.clauses import (
    Article,
    LendingTerms,
    closing_article,
    duties_article,
    effect_article,
    from_typed,
    lending_article,
    loss_article,
    standard_articles,
    term_article,
    typed_lines,
)
from kerjasama.documents.paper import (
    BLANK,
    Letterhead,
    Party,
    Signatory,
    Text,
    Verification,
    Words,
    introductions,
    opening,
    party_title,
    place_and_date,
    signature,
    verification_words,
)
from kerjasama.domain.wording import long_date, plain_date

# The law that cooperation of libraries stands on, and how it is carried out. What else a party rests on, its own
# authority to sign, is added from the rows.
LIBRARY_LAW: Promise = gettext_lazy("Law Number 43 of 2007 on Libraries, in particular Article 42")
LIBRARY_REGULATION: Promise = gettext_lazy(
    "Government Regulation Number 24 of 2014 on the Implementation of Law Number 43 of 2007 on Libraries"
)


@dataclass(frozen=True, kw_only=True)
class Factors:
    """Those of the nine factors (A2) that are prose, as typed. The others are the parties and the dates."""

    aims: str = ""
    scope: str = ""
    relation: str = ""
    division_of_work: str = ""
    procedures: str = ""
    financing: str = ""
    technology: str = ""

    def articles(self) -> Iterator[Article]:
        """The factors that follow the terms of the loan, each where something was typed."""
        yield from from_typed(
            _("Relation between the parties"), _("The parties stand to each other as follows:"), self.relation
        )
        yield from from_typed(
            _("Division of work"),
            _("So that nothing is done twice, the work is divided:"),
            self.division_of_work,
        )
        yield from from_typed(
            _("Procedures and equipment"), _("The cooperation is carried out as follows:"), self.procedures
        )
        yield from from_typed(_("Financing"), _("The costs are borne as follows:"), self.financing)
        yield from from_typed(_("Technology"), _("The parties use:"), self.technology)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """When and where one party put its name under the paper."""

    on: date | None = None
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of the timetable of a work plan."""

    what: str
    who: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class AgreementPaper:
    """A written agreement; ``kind`` as in AgreementKind. Render with ``agreement``.

    ``numbers``: each party's own number for the paper, in the order of ``parties``; an empty one prints dots.
    ``obligations``: each party's duties as typed, in the same order. ``signed_on`` None prints dots. ``signed``: each
    party's own day and place, where they differ. ``changes``: what an addendum changes, instead of articles of its own.
    """

    kind: str
    subject: str
    letterhead: Letterhead
    parties: Sequence[Party]
    numbers: Sequence[str] = ()
    signed_on: date | None = None
    place: str = ""
    signed: Sequence[Signed] = ()
    above: Above | None = None
    """What it carries out, or changes."""
    legal_basis: Sequence[Text] = (LIBRARY_LAW,)
    factors: Factors = field(default_factory=Factors)
    obligations: Sequence[str] = ()
    lending: LendingTerms | None = None
    provisions: Sequence[Article] = ()
    recitals: str = ""
    further_provisions: str = ""
    changes: Sequence[Article] = ()
    schedule: Sequence[Task] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    witnesses: Sequence[Signatory] = ()
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        name = str(NAMES[self.kind])
        institutions = [party.institution for party in self.parties]
        numbers = [number for number in self.numbers if number] or [BLANK]
        return {
            "title": _("%(name)s between %(parties)s on %(subject)s")
            % {"name": name, "parties": listed(institutions), "subject": self.subject},
            "footer": " · ".join([name, *(number for number in self.numbers if number)]),
            "name": name,
            "under": self._under(language),
            "between": pgettext("paper title", "between"),
            "and": pgettext("paper title", "and"),
            "institutions": institutions,
            "about": pgettext("paper title", "on"),
            "subject": self.subject,
            "numbers": [_("Number: %(number)s") % {"number": number} for number in numbers],
            "opening": opening(self.signed_on, self.place, language),
            "parties": introductions(self.parties),
            "together": _("The parties together are hereinafter called the PARTIES and first state that:"),
            "recitals": self._recitals(language),
            "in_view_of": _("In view of:"),
            "legal_basis": list(self.legal_basis),
            "agree": _("The PARTIES agree on the following changes:")
            if self.kind == "addendum"
            else _("The PARTIES agree to cooperate on %(subject)s under the following provisions:")
            % {"subject": self.subject},
            "article": _("Article %(number)s"),
            "articles": [
                {
                    "title": article.title,
                    "lead": article.lead,
                    "clauses": [vars(clause) for clause in article.clauses],
                }
                for article in self.articles(language)
            ],
            "signatures": [
                signature(
                    party_title(index),
                    party.signatory,
                    institution=party.institution,
                    above=self._signed(index, language),
                )
                for index, party in enumerate(self.parties)
            ],
            "schedule": self._schedule(language),
            "witnesses": [signature(_("Witness"), witness) for witness in self.witnesses],
            "verify": verification_words(),
        }

    def articles(self, language: str) -> list[Article]:
        """All articles, in the order they are numbered."""
        lending = self.lending
        originals = max(len(self.parties), 1)
        if self.kind == "addendum":
            above = self.above.cited(language) if self.above else BLANK
            return [
                *self.changes,
                *self._further(),
                effect_article(above, self.starts_on, originals, language),
            ]
        return [
            *self.terms(language),
            *self._further(),
            term_article(self.starts_on, self.ends_on, lending, language),
            *standard_articles(),
            closing_article(originals, language),
        ]

    def terms(self, language: str) -> list[Article]:
        """The articles about the cooperation itself, without those every paper ends with."""
        factors, lending = self.factors, self.lending
        # An addendum says only what changes; everything else stays as the agreement above it has it.
        needed = self.kind != "addendum"
        return [
            *from_typed(_("Aims"), _("The aims of the cooperation are:"), factors.aims, required=needed),
            *from_typed(
                _("Scope"), _("The scope of the cooperation covers:"), factors.scope, required=needed
            ),
            *([lending_article(lending, language)] if lending else []),
            *self.provisions,
            *duties_article(self.obligations),
            *factors.articles(),
            *([loss_article(lending, language)] if lending else []),
        ]

    def _further(self) -> Iterator[Article]:
        return from_typed(
            _("Further provisions"), _("The parties further agree that:"), self.further_provisions
        )

    def _under(self, language: str) -> str:
        """The line of the title that says what the paper stands under; a PKS says it in its recitals only."""
        if self.above is None:
            return ""
        facts = {"paper": self.above.cited(language)}
        if self.kind == "addendum":
            return pgettext("paper title", "to the %(paper)s") % facts
        return (
            pgettext("paper title", "carrying out the %(paper)s") % facts if self.kind == "work_plan" else ""
        )

    def _recitals(self, language: str) -> list[str]:
        recitals = [_("libraries serve more readers, and serve them better, when they work together;")]
        if self.above:
            sentence = (
                _("the parties have agreed to change the %(paper)s as follows;")
                if self.kind == "addendum"
                else _("this paper carries out the %(paper)s;")
            )
            recitals.append(sentence % {"paper": self.above.in_full(language)})
        return [*recitals, *typed_lines(self.recitals)]

    def _signed(self, index: int, language: str) -> str:
        """Place and day over a signature. The opening names the common ones; only parties that sign apart need it."""
        apart = {(signed.on, signed.place) for signed in self.signed}
        if index >= len(self.signed) or len(apart) < 2:
            return ""
        return place_and_date(self.signed[index].place, self.signed[index].on, language)

    def _schedule(self, language: str) -> Words:
        """The timetable of a work plan, as its annex; empty when no task has a day."""
        rows = [
            {"what": task.what, "who": task.who, "until": plain_date(task.due_on, language)}
            for task in sorted(self.schedule, key=lambda task: task.due_on)
        ]
        if not rows:
            return {}
        return {
            "title": _("Annex: timetable"),
            "heads": [_("No."), _("Task"), _("Carried out by"), pgettext("paper", "By")],
            "rows": rows,
        }


@dataclass(frozen=True, kw_only=True)
class ImplicitAgreementPaper:
    """The note of an agreement that was made by word of mouth. Render with ``implicit_agreement``.

    ``agreed_by`` names those who agreed and ``note`` the witness or whatever else is known, both as typed; ``how`` is
    the label of how it came about.
    """

    subject: str
    letterhead: Letterhead
    parties: Sequence[Party]
    agreed_on: date
    agreed_by: str
    how: Text
    recorded_by: Signatory
    recorded_on: date
    number: str = ""
    place: str = ""
    note: str = ""
    acknowledged_by: Signatory | None = None
    factors: Factors = field(default_factory=Factors)
    lending: LendingTerms | None = None
    provisions: Sequence[Article] = ()
    obligations: Sequence[str] = ()
    further_provisions: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    review_on: date | None = None
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        title = _("Note of an unwritten agreement")
        return {
            "title": _("%(name)s between %(parties)s on %(subject)s")
            % {
                "name": title,
                "parties": listed([p.institution for p in self.parties]),
                "subject": self.subject,
            },
            "footer": " · ".join(part for part in (title, self.number) if part),
            "name": title,
            "number": _("Number: %(number)s") % {"number": self.number} if self.number else "",
            "purpose": _(
                "This note records what the institutions below have agreed on without a written agreement. It takes "
                "the place of no agreement that the law requires to be written."
            ),
            "facts": self._facts(language),
            "terms_title": _("What was agreed"),
            "terms": self._terms(language),
            "until_written": _(
                "These terms hold until they are laid down in a written agreement or one side withdraws from them."
            ),
            "signatures": self._signatures(language),
            "verify": verification_words(),
        }

    def _facts(self, language: str) -> list[tuple[str, str]]:
        rows = [(_("Agreed on"), long_date(self.agreed_on, language))]
        for index, party in enumerate(self.parties):
            rows.append(
                (party_title(index).capitalize(), "\n".join(filter(None, (party.institution, party.address))))
            )
        rows += [
            (_("About"), self.subject),
            (_("Agreed by"), self.agreed_by),
            (_("How it was agreed"), str(self.how)),
            (_("Note or witness"), self.note),
            (pgettext("paper", "Term"), self._term(language)),
            (_("Reviewed again on"), plain_date(self.review_on, language) if self.review_on else ""),
        ]
        return [row for row in rows if row[1]]

    def _term(self, language: str) -> str:
        if not self.starts_on:
            return ""
        if not self.ends_on:
            return _("from %(start)s, without an agreed end") % {
                "start": plain_date(self.starts_on, language)
            }
        return _("%(start)s to %(end)s") % {
            "start": plain_date(self.starts_on, language),
            "end": plain_date(self.ends_on, language),
        }

    def articles(self, language: str) -> list[Article]:
        """What was agreed, point by point."""
        factors = self.factors
        return [
            *from_typed(_("Aims"), _("The aims of the cooperation are:"), factors.aims),
            *from_typed(_("Scope"), _("The scope of the cooperation covers:"), factors.scope),
            *([lending_article(self.lending, language)] if self.lending else []),
            *self.provisions,
            *duties_article(self.obligations),
            *factors.articles(),
            *([loss_article(self.lending, language)] if self.lending else []),
            *from_typed(
                _("Further provisions"), _("The parties further agree that:"), self.further_provisions
            ),
        ]

    def _terms(self, language: str) -> list[Words]:
        return [
            {"title": article.title, "clauses": [vars(clause) for clause in article.clauses]}
            for article in self.articles(language)
        ]

    def _signatures(self, language: str) -> list[Words]:
        blocks = [signature(_("Acknowledged by"), self.acknowledged_by)] if self.acknowledged_by else []
        above = place_and_date(self.place, self.recorded_on, language)
        return [*blocks, signature(_("Recorded by"), self.recorded_by, above=above)]
