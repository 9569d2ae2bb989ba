"""An agreement as those read it who have to answer for it: its very text, article by article, and what was said of it.

What has been issued is read from the frozen paper, so that the page shows what is signed and nothing else; a text that
is still under negotiation is composed from its rows, exactly as the paper would be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from agreements.conversation import Said
from agreements.models import Agreement
from agreements.services.printing import compose
from libraries.choices import PaperStatus
from libraries.models import Institution

# What the steps say that have no words of their own.
_WORDS = {
    "negotiate": gettext_lazy("Here is the text. Please read it."),
    "agree": gettext_lazy("We agree to the text."),
}
# What is said across the table; the other steps are told by the timeline.
SPOKEN = ("negotiate", "remark", "agree", "send_back")


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """``number`` counts from 1; ``clauses`` are mappings with a ``text`` and lettered ``points``."""

    number: int
    title: str
    lead: str
    clauses: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ReadText:
    """``issued``: whether this is the frozen paper. ``recitals`` and ``basis`` are empty for an unwritten agreement."""

    articles: Sequence[ReadArticle]
    recitals: Sequence[str] = ()
    basis: Sequence[str] = ()
    under: str = ""
    issued: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """``agreed_at`` is set while the partner's last word is that the text is right, and it has not changed since."""

    said: Sequence[Said] = field(default_factory=list)
    partner_is_asked: bool = False
    agreed_at: Any = None


def text_of(agreement: Agreement) -> ReadText:
    """The text, in the language of the page while it is open, and as it was printed once it is issued."""
    document = agreement.document
    issued = document is not None and document.status == PaperStatus.ISSUED
    words: Mapping[str, Any] = (
        document.content["words"]
        if document is not None and issued
        else compose(agreement, None).words(get_language() or "id")
    )
    articles = words.get("articles") or words.get("terms") or []
    return ReadText(
        articles=[
            ReadArticle(number, str(row["title"]), str(row.get("lead", "")), row["clauses"])
            for number, row in enumerate(articles, 1)
        ],
        recitals=[str(text) for text in words.get("recitals", ())],
        basis=[str(text) for text in words.get("legal_basis", ())],
        under=str(words.get("under", "")),
        issued=issued,
    )


def talk_of(agreement: Agreement, reader: Institution) -> Talk:
    """What both sides said, in the order of time. Three queries, however long it is."""
    partner = set(agreement.partner.memberships.values_list("user", flat=True))
    events = list(agreement.events.filter(action__in=SPOKEN).select_related("actor").order_by("at", "pk"))
    said = []
    for event in events:
        theirs = event.actor_id in partner
        institution = agreement.partner if theirs else agreement.office
        words = event.note or (str(_WORDS[event.action]) if event.action in _WORDS else "")
        if words:
            said.append(Said(str(institution), institution.pk == reader.pk, event.at, words, None))
    last = events[-1] if events else None
    if agreement.status != "negotiation" or last is None:
        return Talk(said)
    # Every verb writes its event right after the row; a row that is younger was changed since.
    changed = agreement.updated_at > last.at
    agreed = last.action == "agree" and not changed
    return Talk(said, not agreed and (last.actor_id not in partner or changed), last.at if agreed else None)
