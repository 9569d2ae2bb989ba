"""Addresses of the pages on which a cooperation is judged, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from agreements.admin import evaluation_acts as acts
from agreements.admin import evaluation_pages as pages

urlpatterns = [
    path("evaluasi/", pages.EvaluationList.as_view(), name="evaluations"),
    path("evaluasi/<uuid:pk>/", pages.EvaluationPage.as_view(), name="evaluation"),
    path("evaluasi/<uuid:pk>/masa/", acts.EvaluationTime.as_view(), name="evaluation_time"),
    path("evaluasi/<uuid:pk>/hambatan/", pages.EvaluationObstacles.as_view(), name="evaluation_obstacles"),
    path("evaluasi/<uuid:pk>/kesimpulan/", pages.EvaluationWords.as_view(), name="evaluation_words"),
    path("evaluasi/<uuid:pk>/selesai/", pages.EvaluationFinish.as_view(), name="evaluation_finish"),
    path("evaluasi/<uuid:pk>/buka/", acts.EvaluationReopen.as_view(), name="evaluation_reopen"),
    path("evaluasi/<uuid:pk>/konsep.pdf", pages.EvaluationDraftPdf.as_view(), name="evaluation_draft"),
    path("perjanjian/<uuid:pk>/evaluasi/", acts.EvaluationBegin.as_view(), name="evaluation_begin"),
    path("perjanjian/<uuid:pk>/indikator/", pages.IndicatorsPage.as_view(), name="indicators"),
    path("perjanjian/<uuid:pk>/indikator/tambah/", acts.IndicatorAdd.as_view(), name="indicator_add"),
    path("perjanjian/<uuid:pk>/hitung/", acts.CountNow.as_view(), name="count_now"),
    path("perjanjian/<uuid:pk>/hambatan/", acts.ObstacleAdd.as_view(), name="obstacle_add"),
    path("indikator/<uuid:pk>/", acts.IndicatorEdit.as_view(), name="indicator"),
    path("indikator/<uuid:pk>/lepas/", acts.IndicatorDrop.as_view(), name="indicator_drop"),
    path("indikator/<uuid:pk>/nilai/", acts.MeasurementAdd.as_view(), name="measurement_add"),
    path("nilai/<uuid:pk>/lepas/", acts.MeasurementDrop.as_view(), name="measurement_drop"),
    path("hambatan/<uuid:pk>/", acts.ObstacleEdit.as_view(), name="obstacle"),
    path("hambatan/<uuid:pk>/selesai/", acts.ObstacleResolve.as_view(), name="obstacle_resolve"),
]
