"""The lead's addresses, mounted at ``lead/``."""

from django.urls import path

from web.lead import (
    board_views,
    history_views,
    limit_views,
    other_work_views,
    person_views,
    preset_views,
    queue_views,
    shift_views,
)

app_name = "lead"

urlpatterns = [
    path("", board_views.board, name="board"),
    path("queues/new/", queue_views.new_queue, name="new_queue"),
    path("queues/<int:queue_id>/", queue_views.queue, name="queue"),
    path("queues/<int:queue_id>/act/", queue_views.act, name="queue_act"),
    path("queues/<int:queue_id>/guidelines/", queue_views.guidelines, name="guidelines"),
    path("limits/", limit_views.limits, name="limits"),
    path("presets/", preset_views.all_presets, name="presets"),
    path("presets/<str:preset>/", preset_views.preset, name="preset"),
    path("people/", person_views.team, name="team"),
    path("people/<int:person_id>/", person_views.person, name="person"),
    path("people/<int:person_id>/tighten/", person_views.tighten, name="tighten"),
    path("people/<int:person_id>/ask/", person_views.ask_looser, name="ask_looser"),
    path("shifts/", shift_views.team_shifts, name="shifts"),
    path("shifts/plan/", shift_views.plan, name="plan_shift"),
    path("shifts/<uuid:shift_id>/cancel/", shift_views.cancel, name="cancel_shift"),
    path("other-work/", other_work_views.other_work, name="other_work"),
    path("history/", history_views.history, name="history"),
]
