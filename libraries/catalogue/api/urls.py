from kerjasama.api.routing import NounRouter
from libraries.catalogue.api.views import CopyViewSet, ImportViewSet, TitleViewSet

router = NounRouter()
for viewset in (TitleViewSet, CopyViewSet, ImportViewSet):
    router.add(viewset)

urlpatterns = router.urls
