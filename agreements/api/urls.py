from agreements.api.views import AgreementViewSet
from kerjasama.api.routing import NounRouter

router = NounRouter()
router.add(AgreementViewSet)

urlpatterns = router.urls
