"""The agreements of a partner. Included under the namespace ``portal``."""

from django.urls import path

from agreements.portal import evaluations, requests, views

urlpatterns = [
    path("perjanjian/", views.agreements, name="agreements"),
    path("perjanjian/<uuid:pk>/", views.agreement, name="agreement"),
    path("permintaan/", requests.requests, name="requests"),
    path("permintaan/baru/", requests.request_new, name="request_new"),
    path("permintaan/<uuid:pk>/", requests.request_page, name="request"),
    path("permintaan/<uuid:pk>/langkah/<slug:action>/", requests.request_step, name="request_step"),
    path("evaluasi/", evaluations.evaluations, name="evaluations"),
    path("evaluasi/<uuid:pk>/", evaluations.evaluation, name="evaluation"),
]
