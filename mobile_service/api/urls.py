from django.urls import URLPattern, URLResolver

from kerjasama.api.routing import NounRouter

router = NounRouter()

urlpatterns: list[URLPattern | URLResolver] = router.urls
