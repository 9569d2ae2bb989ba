"""The agreements of a partner. Included under the namespace ``portal``."""

from django.urls import path

from agreements.portal import activities, duties, equipment, evaluations, negotiating, requests, views

urlpatterns = [
    path("perjanjian/", views.agreements, name="agreements"),
    path("perjanjian/<uuid:pk>/", views.agreement, name="agreement"),
    path("perjanjian/<uuid:pk>/naskah/", negotiating.agreement_text, name="agreement_text"),
    path("perjanjian/<uuid:pk>/setuju/", negotiating.agreement_agree, name="agreement_agree"),
    path("perjanjian/<uuid:pk>/konsep.pdf", negotiating.agreement_draft, name="agreement_draft"),
    path("kewajiban/<uuid:pk>/", duties.duty, name="duty"),
    path("permintaan/", requests.requests, name="requests"),
    path("permintaan/baru/", requests.request_new, name="request_new"),
    path("permintaan/<uuid:pk>/", requests.request_page, name="request"),
    path("permintaan/<uuid:pk>/langkah/<slug:action>/", requests.request_step, name="request_step"),
    path("evaluasi/", evaluations.evaluations, name="evaluations"),
    path("evaluasi/<uuid:pk>/", evaluations.evaluation, name="evaluation"),
    path("kegiatan/", activities.activities, name="activities"),
    path("kegiatan/<uuid:pk>/", activities.activity, name="activity"),
    path("kegiatan/<uuid:pk>/notulen.pdf", activities.minutes, name="activity_minutes"),
    path("peralatan/", equipment.tools, name="equipment"),
    path("peralatan/<uuid:pk>/", equipment.tool, name="tool"),
    path("peralatan/<uuid:pk>/foto/", equipment.picture, name="tool_picture"),
    path("peralatan/pemesanan/<uuid:pk>/", equipment.booking, name="booking"),
]
