"""The desk's addresses, mounted at the root."""

from django.urls import path

from moderation.desk import (
    acts,
    closing_day_views,
    media,
    my_shifts,
    my_limits_acts,
    other_work_acts,
    scripted,
    talk_views,
    views,
)

app_name = "desk"

urlpatterns = [
    path("desk/", views.page, name="page"),
    path("desk/open", acts.open_desk, name="open"),
    path("desk/next", acts.next_case, name="next"),
    path("desk/close", acts.close_desk, name="close"),
    path("desk/show", acts.show, name="show"),
    path("desk/cover", acts.cover, name="cover"),
    path("desk/beat", scripted.beat, name="beat"),
    path("desk/draft", scripted.draft, name="draft"),
    path("desk/decide", acts.decide, name="decide"),
    path("desk/skip", acts.skip, name="skip"),
    path("desk/hand-back", acts.hand_back, name="hand_back"),
    path("desk/escalate", acts.escalate, name="escalate"),
    path("desk/worse", acts.worse, name="worse"),
    path("desk/step-away", acts.step_away, name="step_away"),
    path("desk/too-much", acts.too_much, name="too_much"),
    path("desk/postpone", acts.postpone, name="postpone"),
    path("desk/return", acts.return_from_break, name="return"),
    path("desk/other-work", other_work_acts.other_work, name="other_work"),
    path("desk/wellness", other_work_acts.wellness, name="wellness"),
    path("desk/back", other_work_acts.back_to_the_queue, name="back_to_the_queue"),
    path("desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>", media.medium, name="media"),
    path("break/", views.rest, name="break"),
    path("my-day/", views.my_day, name="my_day"),
    path("my-day/own", my_limits_acts.set_own, name="set_own"),
    path("my-day/own/undo", my_limits_acts.undo_own, name="undo_own"),
    path("my-day/asked/<uuid:request_id>", my_limits_acts.answer_request, name="answer_request"),
    path("my-day/ask/", my_limits_acts.ask_about, name="ask_about"),
    path("my-day/ask/<int:row>/", my_limits_acts.ask, name="ask"),
    path("day/close", closing_day_views.close, name="close_day"),
    path("day/closed/", closing_day_views.closed, name="closed_day"),
    path("my-shifts/", my_shifts.my_shifts, name="my_shifts"),
    path("my-shifts/plan", my_shifts.plan, name="plan_shift"),
    path("my-shifts/<uuid:shift_id>/cancel", my_shifts.cancel, name="cancel_shift"),
    path("talk/", talk_views.talk, name="talk"),
    path("talk/buddy", talk_views.ask_buddy, name="ask_buddy"),
    path("talk/buddy/<uuid:buddy_id>/yes", talk_views.agree, name="agree_to_buddy"),
    path("talk/buddy/<uuid:buddy_id>/end", talk_views.end, name="end_buddy"),
]
