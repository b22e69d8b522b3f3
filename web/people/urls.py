"""The operator's pages, and the addresses about one's own account."""

from django.urls import path

from web.people import account_views, own_views, platform_views, reset_views

app_name = "people"

urlpatterns = [
    path("", account_views.people, name="people"),
    path("invite/", account_views.invite, name="invite"),
    path("teams/", account_views.new_team, name="new_team"),
    path("<int:person_id>/", account_views.person, name="person"),
    path("<int:person_id>/roles/", account_views.roles, name="roles"),
    path("<int:person_id>/team/", account_views.team, name="team"),
    path("<int:person_id>/country/", account_views.country, name="country"),
    path("<int:person_id>/link/", account_views.link, name="link"),
    path("<int:person_id>/factor/", reset_views.factor_lost, name="factor_lost"),
    path("<int:person_id>/leaving/", account_views.leaving, name="leaving"),
    path("platforms/", platform_views.platforms, name="platforms"),
    path("platforms/<uuid:platform_id>/keys/", platform_views.new_key, name="new_key"),
    path("keys/<int:key_id>/revoke/", platform_views.revoke, name="revoke_key"),
    path("invitation/<str:token>/", own_views.invitation, name="invitation"),
    path("sign-in/", reset_views.my_sign_in, name="my_sign_in"),
    path("announcements/<int:announcement_id>/away/", own_views.announcement_away, name="announcement_away"),
]
