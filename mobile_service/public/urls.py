"""When the van comes, for anybody: pages below /jadwal/, and calendars by address."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.public import asking, calendars, open_data, schedule

# What is asked for stands before the stops: any word may be the name of one.
urlpatterns: list[URLPattern | URLResolver] = [
    path("jadwal/minta/", asking.ask, name="visit_ask"),
    path("jadwal/minta/terkirim/", asking.sent, name="visit_sent"),
    path("jadwal/minta/ikuti/<str:token>/", asking.follow, name="visit_follow"),
    path("jadwal/minta/ikuti/<str:token>/<slug:action>/", asking.step, name="visit_step"),
    path("jadwal/", schedule.stops, name="schedule"),
    path("jadwal/bulan/", schedule.month, name="schedule_month"),
    path("jadwal/peta.json", schedule.points, name="schedule_points"),
    path("jadwal/data/", open_data.explained, name="schedule_data"),
    path("jadwal/data.csv", open_data.as_csv, name="schedule_csv"),
    path("jadwal/data.json", open_data.as_json, name="schedule_json"),
    path("jadwal/<slug:slug>/", schedule.stop, name="schedule_stop"),
    path("jadwal/<slug:slug>/poster.pdf", schedule.poster, name="schedule_poster"),
    path("jadwal/<slug:slug>/kalender.ics", calendars.of_stop, name="schedule_feed"),
    path("ical/<str:token>.ics", calendars.secret, name="ical"),
]
