"""The desk's addresses, mounted at the root."""

from django.urls import path

from moderation.desk import media, views

app_name = "desk"

urlpatterns = [
    path("desk/", views.page, name="page"),
    path("desk/open", views.open_desk, name="open"),
    path("desk/next", views.next_case, name="next"),
    path("desk/close", views.close_desk, name="close"),
    path("desk/show", views.show, name="show"),
    path("desk/cover", views.cover, name="cover"),
    path("desk/beat", views.beat, name="beat"),
    path("desk/draft", views.draft, name="draft"),
    path("desk/decide", views.decide, name="decide"),
    path("desk/skip", views.skip, name="skip"),
    path("desk/hand-back", views.hand_back, name="hand_back"),
    path("desk/escalate", views.escalate, name="escalate"),
    path("desk/worse", views.worse, name="worse"),
    path("desk/step-away", views.step_away, name="step_away"),
    path("desk/too-much", views.too_much, name="too_much"),
    path("desk/postpone", views.postpone, name="postpone"),
    path("desk/return", views.return_from_break, name="return"),
    path("desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>", media.medium, name="media"),
    path("break/", views.rest, name="break"),
    path("my-day/", views.my_day, name="my_day"),
    path("talk/", views.talk, name="talk"),
]
