from kerjasama.api.routing import NounRouter
from libraries.api.networks import NetworkViewSet
from libraries.api.readiness import AssessmentViewSet, FollowUpViewSet
from libraries.api.sheets import SheetViewSet
from libraries.api.views import (
    DocumentViewSet,
    InstitutionViewSet,
    NoticeViewSet,
    PersonViewSet,
    RegionViewSet,
)

router = NounRouter()
for viewset in (
    InstitutionViewSet,
    PersonViewSet,
    RegionViewSet,
    SheetViewSet,
    NetworkViewSet,
    AssessmentViewSet,
    FollowUpViewSet,
    DocumentViewSet,
    NoticeViewSet,
):
    router.add(viewset)

urlpatterns = router.urls
