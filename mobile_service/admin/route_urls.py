"""Route plans and driving times at the desk. A part of ``work_urls``."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.admin import route_plan_day, route_plans, travel_times

PLAN = "pusling/rencana/<uuid:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("pusling/rencana/", route_plans.RoutePlanList.as_view(), name="route_plans"),
    path("pusling/rencana/baru/", route_plans.AskRoutePlan.as_view(), name="route_plan_ask"),
    path(PLAN, route_plans.RoutePlanPage.as_view(), name="route_plan"),
    path(f"{PLAN}kemajuan/", route_plans.RoutePlanProgress.as_view(), name="route_plan_progress"),
    path(f"{PLAN}titik/", route_plans.RoutePlanPoints.as_view(), name="route_plan_points"),
    path(f"{PLAN}banding/", route_plans.RoutePlanCompare.as_view(), name="route_plan_compare"),
    path(f"{PLAN}kalender.pdf", route_plans.RoutePlanPaper.as_view(), name="route_plan_paper"),
    path(f"{PLAN}langkah/<slug:action>/", route_plans.RoutePlanStep.as_view(), name="route_plan_step"),
    path(f"{PLAN}hari/<slug:on>/", route_plan_day.RoutePlanDay.as_view(), name="route_plan_day"),
    path("pusling/waktu-tempuh/", travel_times.TravelTimes.as_view(), name="travel_times"),
    path(
        "pusling/waktu-tempuh/<uuid:pk>/hapus/",
        travel_times.RemoveTravelTime.as_view(),
        name="travel_time_remove",
    ),
]
