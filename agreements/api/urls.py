from django.urls import path

from agreements.api.activities import ActivityViewSet
from agreements.api.desk import BorrowingRuleViewSet, DeskCheckViewSet
from agreements.api.equipment import BookingViewSet, EquipmentViewSet
from agreements.api.evaluation_views import (
    EvaluationViewSet,
    IndicatorViewSet,
    MeasurementViewSet,
    ObstacleViewSet,
)
from agreements.api.office_rules import KindRuleViewSet, TemplateViewSet
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
router.add(TemplateViewSet)
router.add(KindRuleViewSet)
router.add(BorrowingRuleViewSet)
router.add(DeskCheckViewSet)

urlpatterns = [
    path("permissions/", AgreementViewSet.as_view({"get": "permission"}), name="permissions"),
    *router.urls,
]
