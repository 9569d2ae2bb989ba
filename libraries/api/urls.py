from kerjasama.api.routing import NounRouter
from libraries.api.views import (
    DocumentViewSet,
    InstitutionViewSet,
    NoticeViewSet,
    PersonViewSet,
    RegionViewSet,
)

router = NounRouter()
for viewset in (InstitutionViewSet, PersonViewSet, RegionViewSet, DocumentViewSet, NoticeViewSet):
    router.add(viewset)

urlpatterns = router.urls
