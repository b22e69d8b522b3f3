"""Every address of Respite, from the apps' own maps."""

from django.urls import URLPattern, URLResolver, include, path

from config import health, policies, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("policy-reports", policies.reports, name="policy_reports"),
    path("", views.home, name="home"),
    path("accounts/logout/", views.sign_out, name="account_logout"),
    path("people/<int:person_id>/deactivate/", views.deactivate_person, name="deactivate_person"),
    path("accounts/", include("people.sign_in.urls")),
    path("people/", include("web.people.urls")),
    path("api/", include("moderation.api.urls")),
    path("lead/", include("web.lead.urls")),
    path("", include("web.safeguard.urls")),
    path("", include("web.officer.urls")),
    path("", include("web.desk.urls")),
]
