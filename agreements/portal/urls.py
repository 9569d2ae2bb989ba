"""The agreements of a partner. Included under the namespace ``portal``."""

from django.urls import path

from agreements.portal import views

urlpatterns = [
    path("perjanjian/", views.agreements, name="agreements"),
    path("perjanjian/<uuid:pk>/", views.agreement, name="agreement"),
]
