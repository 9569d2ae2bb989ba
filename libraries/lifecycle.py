"""The lives of networks, of readiness assessments and of what follows from them, as tables (D6, D7).

``office:`` is the library that keeps the network or asked the questions, ``respondent:`` the institution that was asked.
"""

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.lifecycle import Life, step
from libraries.choices import AssessmentStatus, FollowUpStatus, NetworkStatus

KEEPS = {"office:officer", "office:coordinator"}
ANSWERS = {
    "respondent:school_contact",
    "respondent:officer",
    "respondent:coordinator",
    "respondent:head",
}
AT_WORK = (NetworkStatus.FORMING, NetworkStatus.ACTIVE)

NETWORK = Life(
    name="network",
    start=NetworkStatus.FORMING,
    states=dict(NetworkStatus.choices),
    steps=(
        step("admit", AT_WORK, None, KEEPS, _("Admit a member"), needs=("institution",)),
        step("assign_role", AT_WORK, None, KEEPS, _("Give a role"), needs=("member", "role")),
        step("appoint_focal_point", AT_WORK, None, KEEPS, _("Appoint the focal point"), needs=("member",)),
        step("activate", NetworkStatus.FORMING, NetworkStatus.ACTIVE, KEEPS, _("Begin its work")),
        step("leave", AT_WORK, None, KEEPS, _("Record that a member leaves"), needs=("member", "note")),
        step("dissolve", AT_WORK, NetworkStatus.DISSOLVED, KEEPS, _("Dissolve"), needs=("note",)),
    ),
)

ASSESSMENT = Life(
    name="assessment",
    start=AssessmentStatus.SENT,
    states=dict(AssessmentStatus.choices),
    steps=(
        # The office too: many a school answers by telephone.
        step(
            "answer",
            AssessmentStatus.SENT,
            AssessmentStatus.ANSWERED,
            {*ANSWERS, *KEEPS},
            _("Send the answers"),
            needs=("answers",),
        ),
        step("review", AssessmentStatus.ANSWERED, AssessmentStatus.REVIEWED, KEEPS, _("Close after review")),
        step(
            "cancel",
            AssessmentStatus.SENT,
            AssessmentStatus.CANCELLED,
            KEEPS,
            _("Take the questions back"),
            needs=("note",),
        ),
    ),
)

FOLLOW_UP = Life(
    name="follow-up",
    start=FollowUpStatus.OPEN,
    states=dict(FollowUpStatus.choices),
    steps=(
        step("complete", FollowUpStatus.OPEN, FollowUpStatus.DONE, {*KEEPS, *ANSWERS}, _("Mark as done")),
        step("drop", FollowUpStatus.OPEN, FollowUpStatus.DROPPED, KEEPS, _("Drop"), needs=("note",)),
        step(
            "reopen",
            (FollowUpStatus.DONE, FollowUpStatus.DROPPED),
            FollowUpStatus.OPEN,
            KEEPS,
            _("Open again"),
        ),
    ),
)
