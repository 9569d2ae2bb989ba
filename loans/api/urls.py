from kerjasama.api.routing import NounRouter
from loans.api.bulk import BulkActViewSet
from loans.api.claims import CaseViewSet
from loans.api.deliveries import ConsignmentViewSet, DiscrepancyViewSet
from loans.api.desks import ReturnVisitViewSet, ScanViewSet
from loans.api.missing import MissingCopyViewSet
from loans.api.planned import PlannedBookViewSet, TitleBanViewSet
from loans.api.planning import QuotaProfileViewSet, RotationPlanViewSet
from loans.api.rotation import PeriodViewSet, ProgrammeViewSet
from loans.api.stocktaking import StocktakeViewSet
from loans.api.strays import StrayBookViewSet
from loans.api.tracking import TRACKING
from loans.api.wishes import WishViewSet
from loans.api.zones import ShelfZoneViewSet

router = NounRouter()
for viewset in (
    ProgrammeViewSet,
    PeriodViewSet,
    ConsignmentViewSet,
    DiscrepancyViewSet,
    ScanViewSet,
    ReturnVisitViewSet,
    MissingCopyViewSet,
    StocktakeViewSet,
    StrayBookViewSet,
    ShelfZoneViewSet,
    CaseViewSet,
    WishViewSet,
    QuotaProfileViewSet,
    RotationPlanViewSet,
    PlannedBookViewSet,
    TitleBanViewSet,
    *TRACKING,
    BulkActViewSet,
):
    router.add(viewset)

urlpatterns = router.urls
