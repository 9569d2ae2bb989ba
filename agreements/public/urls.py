"""Asking to cooperate, for anybody (P2), and following what one asked by the link in the mail."""

from django.urls import path

from agreements.public import views

urlpatterns = [
    path("kerja-sama/", views.ask, name="ask"),
    path("kerja-sama/terkirim/", views.sent, name="ask_sent"),
    path("kerja-sama/ikuti/<str:token>/", views.follow, name="ask_follow"),
    path("kerja-sama/ikuti/<str:token>/konfirmasi/", views.confirm, name="ask_confirm"),
    path("kerja-sama/ikuti/<str:token>/pesan/", views.message, name="ask_message"),
    path("kerja-sama/ikuti/<str:token>/tarik/", views.withdraw, name="ask_withdraw"),
    path("kerja-sama/ikuti/<str:token>/berkas/<uuid:pk>/", views.attachment, name="ask_file"),
]
