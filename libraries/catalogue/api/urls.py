from kerjasama.api.routing import NounRouter
from libraries.catalogue.api.reading_lists import ReadingListViewSet
from libraries.catalogue.api.views import CopyViewSet, ImportViewSet, TitleViewSet

router = NounRouter()
for viewset in (TitleViewSet, CopyViewSet, ImportViewSet, ReadingListViewSet):
    router.add(viewset)

urlpatterns = router.urls
