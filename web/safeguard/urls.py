"""The addresses of the safeguard and of questions to the officer, mounted at the root."""

from django.urls import path

from web.safeguard import question_views, sign_in_views, views

app_name = "safeguard"

urlpatterns = [
    path("safeguard/", views.page, name="page"),
    path("safeguard/change/<str:kind>/<str:target>/", views.change, name="change"),
    path("safeguard/proposals/<uuid:proposal_id>/", views.proposal, name="proposal"),
    path("safeguard/proposals/<uuid:proposal_id>/sign/", views.sign, name="sign"),
    path("safeguard/proposals/<uuid:proposal_id>/withdraw/", views.withdraw, name="withdraw"),
    path("safeguard/proposals/<uuid:proposal_id>/object/", views.object_to, name="object"),
    path(
        "safeguard/proposals/<uuid:proposal_id>/object-no-more/", views.object_no_more, name="object_no_more"
    ),
    path("safeguard/sign-ins/", sign_in_views.sign_ins, name="sign_ins"),
    path("safeguard/sign-ins/<int:reset_id>/", sign_in_views.sign_in, name="sign_in"),
    path("questions/", question_views.questions, name="questions"),
    path("questions/<uuid:question_id>/", question_views.question, name="question"),
    path("questions/<uuid:question_id>/answer/", question_views.answer, name="answer"),
]
