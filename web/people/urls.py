"""The operator's pages, and the addresses about one's own account."""

from django.urls import path

from web.people.views import accounts, own, platforms, resets

app_name = "people"

urlpatterns = [
    path("", accounts.people, name="people"),
    path("invite/", accounts.invite, name="invite"),
    path("teams/", accounts.new_team, name="new_team"),
    path("<int:person_id>/", accounts.person, name="person"),
    path("<int:person_id>/roles/", accounts.roles, name="roles"),
    path("<int:person_id>/team/", accounts.team, name="team"),
    path("<int:person_id>/country/", accounts.country, name="country"),
    path("<int:person_id>/link/", accounts.link, name="link"),
    path("<int:person_id>/factor/", resets.factor_lost, name="factor_lost"),
    path("<int:person_id>/leaving/", accounts.leaving, name="leaving"),
    path("platforms/", platforms.platforms, name="platforms"),
    path("platforms/<uuid:platform_id>/keys/", platforms.new_key, name="new_key"),
    path("keys/<int:key_id>/revoke/", platforms.revoke, name="revoke_key"),
    path("invitation/<str:token>/", own.invitation, name="invitation"),
    path("sign-in/", resets.my_sign_in, name="my_sign_in"),
    path("announcements/<int:announcement_id>/away/", own.announcement_away, name="announcement_away"),
]
