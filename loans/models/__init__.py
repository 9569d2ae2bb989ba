from loans.models.box import Box
from loans.models.bulk import BulkAct
from loans.models.case import Case, CaseEvent, Plea
from loans.models.consignment import Consignment, ConsignmentEvent, LoanLine
from loans.models.custody import CustodyMove
from loans.models.missing import MissingCopy
from loans.models.programme import Period, PeriodEvent, Programme, ProgrammeEvent
from loans.models.quota import QuotaProfile, QuotaRow
from loans.models.receipt import Discrepancy
from loans.models.return_visit import ReturnVisit, ReturnVisitEvent
from loans.models.rotation import PlannedBook, RotationPlan, RotationPlanEvent, TitleBan
from loans.models.scan import Scan
from loans.models.stocktake import Stocktake, StocktakeEvent, StocktakeLine
from loans.models.stray import StrayBook
from loans.models.wish import Wish, WishEvent
from loans.models.zone import ShelfZone, ZoneClaim

__all__ = [
    "Box",
    "BulkAct",
    "Case",
    "CaseEvent",
    "Consignment",
    "ConsignmentEvent",
    "CustodyMove",
    "Discrepancy",
    "LoanLine",
    "MissingCopy",
    "Period",
    "PeriodEvent",
    "PlannedBook",
    "Plea",
    "Programme",
    "ProgrammeEvent",
    "QuotaProfile",
    "QuotaRow",
    "ReturnVisit",
    "ReturnVisitEvent",
    "RotationPlan",
    "RotationPlanEvent",
    "Scan",
    "ShelfZone",
    "Stocktake",
    "StocktakeEvent",
    "StocktakeLine",
    "StrayBook",
    "TitleBan",
    "Wish",
    "WishEvent",
    "ZoneClaim",
]
