"""One file per noun; import them from here."""

from libraries.models.closure import Closure
from libraries.models.document import Document, DocumentView
from libraries.models.draft import Draft
from libraries.models.file import FileView, StoredFile
from libraries.models.idempotency import IdempotencyKey
from libraries.models.institution import Institution
from libraries.models.message import Message, Notice
from libraries.models.network import Network, NetworkEvent, NetworkMember
from libraries.models.numbering import NumberCounter, NumberPattern
from libraries.models.opening import Opening
from libraries.models.person import Person
from libraries.models.readiness import Answer, Assessment, AssessmentEvent, FollowUp, FollowUpEvent
from libraries.models.region import Region
from libraries.models.sheet import Sheet, SheetRow
from libraries.models.sweep import SweepRun
from libraries.models.token import ApiToken
from libraries.models.user import Membership, User

__all__ = [
    "Answer",
    "ApiToken",
    "Assessment",
    "AssessmentEvent",
    "Closure",
    "Document",
    "DocumentView",
    "Draft",
    "FileView",
    "FollowUp",
    "FollowUpEvent",
    "IdempotencyKey",
    "Institution",
    "Membership",
    "Message",
    "Network",
    "NetworkEvent",
    "NetworkMember",
    "Notice",
    "NumberCounter",
    "NumberPattern",
    "Opening",
    "Person",
    "Region",
    "Sheet",
    "SheetRow",
    "StoredFile",
    "SweepRun",
    "User",
]
