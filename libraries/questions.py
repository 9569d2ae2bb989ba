"""The questions of the readiness assessments, as data (D6). Pure: no rows, no queries.

A set is never changed once it was sent: what was answered must stay what was asked. New wording is a new version under
a new code, and ``CURRENT`` points to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import Sentence

# What an answer counts; a figure of readiness is the share of what could be reached.
WEIGHTS: Mapping[str, int] = {"yes": 2, "partly": 1, "no": 0}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``label`` is its name in tables, ``gap`` what is proposed to be done when the answer is not yes."""

    code: str
    label: Sentence
    wording: Sentence
    help: Sentence
    gap: Sentence


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A version of the questions. ``about``: "partner" or "network"."""

    code: str
    about: str
    title: Sentence
    questions: tuple[Question, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(question.code for question in self.questions)

    def question(self, code: str) -> Question:
        """Raises KeyError for a code that the set does not know."""
        return {question.code: question for question in self.questions}[code]


# The eight conditions on which cooperation lasts (Arlinah 2002, as the papers of school cooperation tell them).
CONDITIONS = QuestionSet(
    code="conditions-1",
    about="partner",
    title=_("Ready to cooperate: eight conditions"),
    questions=(
        Question(
            "basis",
            _("Agreed basis"),
            _("Has it been agreed, in writing or by word of mouth, what the cooperation is about?"),
            _("For example a signed agreement, or what the principal and the librarian settled at a visit."),
            _("Settle what the cooperation is about, and note who agreed and when."),
        ),
        Question(
            "commitment",
            _("Willingness and responsibility"),
            _(
                "Is your institution willing to take on and answer requests, and to keep to the rules agreed on?"
            ),
            _("Somebody answers for it: the head, the principal, or a person they have named."),
            _("Name who answers for the cooperation, with the knowledge of the head."),
        ),
        Question(
            "mechanism",
            _("Procedure and costs"),
            _("Is it laid down how things are done and who pays for what?"),
            _("Who fetches and brings, how books are counted, what happens when one is lost."),
            _("Write down how books come and go, and who bears which costs."),
        ),
        Question(
            "collection",
            _("Collection in order"),
            _("Is your collection arranged in an agreed order and ready to be used?"),
            _("Books are labelled and stand where a reader finds them."),
            _("Put the collection in order: labels, shelves, and what is no longer fit for use taken out."),
        ),
        Question(
            "catalogue",
            _("Catalogue"),
            _("Is there a catalogue or a list of what your library has?"),
            _("On cards, in a book, as a spreadsheet or in SLiMS or INLISLite: any of them is a yes."),
            _("Begin a list of the collection; the library can lend a spreadsheet to fill in."),
        ),
        Question(
            "staff",
            _("Responsible staff"),
            _("Is there somebody responsible for the library who helps readers to use it?"),
            _("A librarian, or a teacher who has hours for it."),
            _("Name a person responsible for the library, and send them to a training."),
        ),
        Question(
            "rules",
            _("Rules"),
            _("Does the library have rules, and do readers know them?"),
            _("Opening hours, how many books for how long, what happens to a damaged one."),
            _("Write short library rules and hang them up."),
        ),
        Question(
            "equipment",
            _("Copying and communication"),
            _("Can you make copies, and can you be reached by telephone, WhatsApp or e-mail?"),
            _("A copier or printer in the house or nearby, and a number that somebody answers."),
            _("Find out whose copier may be used, and give the library a number that somebody answers."),
        ),
    ),
)

# The questions to a network of libraries about its future (Spies, after the paper on public library networks).
NETWORK = QuestionSet(
    code="network-1",
    about="network",
    title=_("Readiness of the network: seven questions"),
    questions=(
        Question(
            "connected",
            _("Network"),
            _("Does the network work well: do members reach each other, and do they use it?"),
            _("Members answer each other within days, and know whom to ask."),
            _("Agree on one channel that all members read, and on who keeps it alive."),
        ),
        Question(
            "speed",
            _("Speed"),
            _("Do requests between members get their answer quickly enough to be of use?"),
            _("Think of the last five requests."),
            _("Agree within how many days a request is answered."),
        ),
        Question(
            "knowledge",
            _("Knowledge"),
            _(
                "Does the network bring forth something of its own: lists, guides, a union catalogue, training?"
            ),
            _("Gathering and passing on what the members know, not only lending."),
            _("Choose one thing to make together this year, such as a union catalogue or a guide."),
        ),
        Question(
            "openness",
            _("Openness"),
            _("Is the network open: do members see each other’s collections, and can new members join?"),
            _("Lists are exchanged; it is known how one becomes a member."),
            _("Exchange lists of new books, and write down how one becomes a member."),
        ),
        Question(
            "partnership",
            _("Partnership"),
            _("Do the members share the work of keeping, opening and finding material?"),
            _("Not every member does everything by itself."),
            _("Divide the work, so that nothing is done twice."),
        ),
        Question(
            "management",
            _("Management"),
            _("Is the work led clearly, and do staff have the skills and the authority they need?"),
            _("A focal point, clear tasks, and people who may decide."),
            _("Settle who decides what, and plan training for those who need it."),
        ),
        Question(
            "lightness",
            _("Size"),
            _("Does the network use technology so that small members get much with little?"),
            _("Shared tools, digital material, books that travel instead of standing twice."),
            _("Look for tools and collections that members can share instead of buying twice."),
        ),
    ),
)

SETS: Mapping[str, QuestionSet] = {it.code: it for it in (CONDITIONS, NETWORK)}
CURRENT: Mapping[str, QuestionSet] = {"partner": CONDITIONS, "network": NETWORK}


def readiness(values: Mapping[str, str], questions: QuestionSet) -> int:
    """The share of what could be reached, 0–100. What was not answered counts nothing."""
    reached = sum(WEIGHTS[values[code]] for code in questions.codes if code in values)
    return round(100 * reached / (max(WEIGHTS.values()) * len(questions.codes)))


def gaps(values: Mapping[str, str], questions: QuestionSet) -> list[str]:
    """Codes of what was answered with "partly" or "no", in the order of the questions."""
    return [code for code in questions.codes if values.get(code, "yes") != "yes"]
