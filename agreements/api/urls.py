from agreements.api.requests import CooperationRequestViewSet
from agreements.api.views import AgreementViewSet
from kerjasama.api.routing import NounRouter

router = NounRouter()
router.add(AgreementViewSet)
router.add(CooperationRequestViewSet)

urlpatterns = router.urls
