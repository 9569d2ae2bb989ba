"""The articles (pasal) of an agreement, written from its data. Pure: data in, sentences out.

Lending terms are data that other parts obey; here they become the plain sentences that both sides sign, so that paper
and program cannot disagree. What a person typed is never rewritten: one line is a sentence, several become a list.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agreements.choices import CooperationForm, ReplacementWay
from agreements.provisions import Terms, sentences
from kerjasama.documents.paper import BLANK, party_title
from kerjasama.domain.wording import counted, plain_date

# The article about losses is cited as one cites a form of cooperation.
LOSS = "loss"
_BULLET = re.compile(r"^\s*(?:[-–•*]|\d{1,2}[.)]|[a-z][.)])\s+")


@dataclass(frozen=True, kw_only=True)
class LendingTerms:
    """What the loans part obeys, under the names the model has.

    ``lender`` and ``borrower`` are positions in the paper's parties. ``replacement_ways`` are values of
    ``ReplacementWay``: those the agreement allows for a lost or damaged copy, in the order of preference.
    """

    quantity: int
    interval_months: int
    replacement_days: int
    receipt_days: int = 0
    """0: the paper says nothing about confirming a receipt."""
    first_delivery_on: date | None = None
    replacement_ways: Sequence[str] = tuple(ReplacementWay.values)
    lender: int = 0
    borrower: int = 1


@dataclass(frozen=True)
class Clause:
    """One paragraph (ayat) of an article; ``points`` are lettered under it."""

    text: str
    points: Sequence[str] = ()


@dataclass(frozen=True)
class Article:
    """One article; its paragraphs are numbered when there are several.

    ``form``: the form of cooperation that it is about, so that a refusal can cite it. ``lead`` stands over the
    paragraphs and is not one of them.
    """

    title: str
    clauses: Sequence[Clause]
    form: str = ""
    lead: str = ""


def typed_lines(text: str) -> list[str]:
    """What a person typed, line by line, without empty lines and without their own bullets and numbers."""
    return [stripped for line in text.splitlines() if (stripped := _BULLET.sub("", line).strip())]


def from_typed(title: str, lead: str, text: str, *, required: bool = False) -> Iterator[Article]:
    """The article for a typed field: its line, or ``lead`` and a lettered list. Nothing when the field is empty,
    unless the paper cannot do without it: then dots show what is still to be agreed."""
    points = typed_lines(text)
    if len(points) > 1:
        yield Article(title, (Clause(lead, points),))
    elif points or required:
        yield Article(title, (Clause(points[0] if points else BLANK),))


def lending_article(terms: LendingTerms, language: str) -> Article:
    facts = {
        "lender": party_title(terms.lender),
        "borrower": party_title(terms.borrower),
        "quantity": counted(terms.quantity, language),
        "months": counted(terms.interval_months, language),
    }
    clauses = [
        Clause(
            ngettext(
                "The %(lender)s lends the %(borrower)s %(quantity)s copy of library material in every loan period.",
                "The %(lender)s lends the %(borrower)s %(quantity)s copies of library material in every loan period.",
                terms.quantity,
            )
            % facts
        )
    ]
    clauses.append(
        Clause(
            ngettext(
                "The library material is replaced by other titles every month during the term.",
                "The library material is replaced by other titles every %(months)s months during the term.",
                terms.interval_months,
            )
            % facts
        )
    )
    if terms.first_delivery_on:
        clauses.append(
            Clause(
                _("The first delivery takes place on %(date)s.")
                % {"date": plain_date(terms.first_delivery_on, language)}
            )
        )
    clauses.append(
        Clause(
            _(
                "Every delivery and every return is recorded in a handover record signed by both sides, with a list of "
                "the copies as its annex."
            )
        )
    )
    if terms.receipt_days:
        clauses.append(
            Clause(
                ngettext(
                    "The %(borrower)s confirms the receipt within %(days)s day and says which copies are missing or "
                    "damaged.",
                    "The %(borrower)s confirms the receipt within %(days)s days and says which copies are missing or "
                    "damaged.",
                    terms.receipt_days,
                )
                % {"borrower": facts["borrower"], "days": counted(terms.receipt_days, language)}
            )
        )
    return Article(_("Loan of the collection"), clauses, CooperationForm.COLLECTION_LOAN)


def provision_article(title: str, terms: Terms, further: str, language: str) -> Article:
    """The article of one form of cooperation: the sentences of its terms, then what was added by hand."""
    said = [*sentences(terms, language), *typed_lines(further)]
    return Article(title, [Clause(sentence) for sentence in said], terms.form)


def replacement_points(ways: Sequence[str]) -> list[str]:
    """Each of ``ways`` to make good for a copy, as a point of a list."""
    points = {
        ReplacementWay.SAME_TITLE: _("a copy of the same title, in good condition"),
        ReplacementWay.EQUAL_TITLE: _("another title of the same subject and a comparable price"),
        ReplacementWay.PRICE: _("payment of the price of the copy"),
    }
    return [points[ReplacementWay(way)] for way in ways]


def loss_article(terms: LendingTerms, language: str) -> Article:
    facts = {
        "lender": party_title(terms.lender),
        "borrower": party_title(terms.borrower),
        "days": counted(terms.replacement_days, language),
    }
    return Article(
        _("Replacement of lost or damaged library material"),
        (
            Clause(
                _(
                    "The %(borrower)s is answerable for the safety and completeness of the copies while it holds them."
                )
                % facts
            ),
            Clause(
                ngettext(
                    "A copy that is lost, or damaged beyond use, is replaced by the %(borrower)s within %(days)s day "
                    "after the loss or damage was established, by one of the following:",
                    "A copy that is lost, or damaged beyond use, is replaced by the %(borrower)s within %(days)s days "
                    "after the loss or damage was established, by one of the following:",
                    terms.replacement_days,
                )
                % facts,
                replacement_points(terms.replacement_ways),
            ),
            Clause(
                _("The settlement of every loss or damage is laid down in a record signed by both sides.")
            ),
        ),
        LOSS,
    )


def term_article(
    starts_on: date | None, ends_on: date | None, terms: LendingTerms | None, language: str
) -> Article:
    """From when to when, how it is extended, and what happens to the copies at its end."""
    clauses = [
        Clause(
            _("The term runs from %(start)s to %(end)s.")
            % {
                "start": plain_date(starts_on, language) if starts_on else BLANK,
                "end": plain_date(ends_on, language) if ends_on else BLANK,
            }
        ),
        Clause(_("The term may be extended by written consent of the parties before it ends.")),
    ]
    if terms:
        clauses.append(
            Clause(
                _(
                    "When the term ends, the %(borrower)s returns all copies that it still holds. Losses that are "
                    "still open remain to be settled."
                )
                % {"borrower": party_title(terms.borrower)}
            )
        )
    return Article(pgettext("paper", "Term"), clauses)


def standard_articles() -> list[Article]:
    """What every agreement of the field ends with: force majeure, disputes, changes."""
    return [
        Article(
            _("Force majeure"),
            (
                Clause(
                    _(
                        "A party kept from its duties by an event beyond its control tells the other parties in "
                        "writing as soon as it can; the duties rest while the event lasts."
                    )
                ),
            ),
        ),
        Article(
            _("Settlement of disputes"),
            (Clause(_("Differences of opinion are settled by deliberation until agreement is reached.")),),
        ),
        Article(
            pgettext("paper", "Changes"),
            (
                Clause(
                    _(
                        "Matters not or not sufficiently covered here are agreed by the parties in an addendum, which "
                        "is an inseparable part of this paper."
                    )
                ),
            ),
        ),
    ]


def closing_article(originals: int, language: str) -> Article:
    return Article(
        pgettext("paper", "Closing"),
        (
            Clause(
                ngettext(
                    "This paper is made in %(count)s original and is in force once signed by the parties.",
                    "This paper is made in %(count)s originals of equal legal force, one for each party, and is in "
                    "force once signed by the parties.",
                    originals,
                )
                % {"count": counted(originals, language)}
            ),
        ),
    )


def duties_article(obligations: Sequence[str]) -> Iterator[Article]:
    """What each party has taken on, as typed, in the order of the parties. Nothing when nobody has."""
    clauses = [
        Clause(_("The %(party)s has the duty to:") % {"party": party_title(index)}, duties)
        for index, typed in enumerate(obligations)
        if (duties := typed_lines(typed))
    ]
    if clauses:
        yield Article(_("Duties of the parties"), clauses)


def changed_articles(
    now: Sequence[Article], new: Sequence[Article], *, all_of_them: bool = False
) -> list[Article]:
    """What an addendum changes: each article of ``new`` that reads otherwise than in ``now``, by the number it has there.

    Articles that the agreement does not have yet are added. ``all_of_them``: also what reads the same, because the
    agreement has taken the change over already.
    """
    held = {article.title: (number, article) for number, article in enumerate(now, 1)}
    changes = []
    for article in new:
        number, before = held.get(article.title, (0, None))
        facts = {"number": number, "title": article.title}
        if before is None:
            title = _("Addition: %(title)s") % facts
            lead = _("Provisions on “%(title)s” are added, which read:") % facts
        elif all_of_them or _read(before) != _read(article):
            title = _("Change of Article %(number)s") % facts
            lead = _("Article %(number)s on “%(title)s” is changed and now reads as a whole:") % facts
        else:
            continue
        changes.append(Article(title, article.clauses, article.form, lead))
    return changes


def effect_article(above: str, starts_on: date | None, originals: int, language: str) -> Article:
    """How an addendum ends: from which day it holds, and that everything else stays as it is."""
    return Article(
        pgettext("paper", "Effect"),
        (
            Clause(
                _("These changes hold from %(date)s.")
                % {"date": plain_date(starts_on, language) if starts_on else BLANK}
            ),
            Clause(
                _("Everything in the %(paper)s that is not changed here stays in force.") % {"paper": above}
            ),
            Clause(
                ngettext(
                    "This addendum is an inseparable part of the %(paper)s and is made in %(count)s original.",
                    "This addendum is an inseparable part of the %(paper)s and is made in %(count)s originals of "
                    "equal legal force, one for each party.",
                    originals,
                )
                % {"paper": above, "count": counted(originals, language)}
            ),
        ),
    )


def _read(article: Article) -> list[tuple[str, tuple[str, ...]]]:
    return [(clause.text, tuple(clause.points)) for clause in article.clauses]
