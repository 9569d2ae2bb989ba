from agreements.api.activities import ActivityViewSet
from agreements.api.equipment import BookingViewSet, EquipmentViewSet
from agreements.api.evaluation_views import (
    EvaluationViewSet,
    IndicatorViewSet,
    MeasurementViewSet,
    ObstacleViewSet,
)
from agreements.api.requests import CooperationRequestViewSet
from agreements.api.views import AgreementViewSet, AuthorityViewSet, ObligationViewSet
from kerjasama.api.routing import NounRouter

router = NounRouter()
router.add(AgreementViewSet)
router.add(CooperationRequestViewSet)
router.add(EvaluationViewSet)
router.add(IndicatorViewSet)
router.add(MeasurementViewSet)
router.add(ObstacleViewSet)
router.add(ActivityViewSet)
router.add(EquipmentViewSet)
router.add(BookingViewSet)
router.add(ObligationViewSet)
router.add(AuthorityViewSet)

urlpatterns = router.urls
