"""The addresses of the wellbeing officer, and of the review of limits, mounted at the root."""

from django.urls import path

from web.officer import (
    contact_views,
    contract_views,
    flag_views,
    person_views,
    review_views,
    sharing_views,
    views,
)

app_name = "officer"

urlpatterns = [
    path("officer/", views.page, name="page"),
    path("officer/flags/", flag_views.flags, name="flags"),
    path("officer/flags/<uuid:flag_id>/", flag_views.flag, name="flag"),
    path("officer/people/", person_views.people, name="people"),
    path("officer/people/<int:person_id>/", person_views.person, name="person"),
    path("officer/people/<int:person_id>/measure/", person_views.measure, name="measure"),
    path("officer/measures/<uuid:measure_id>/end/", person_views.end_measure, name="end_measure"),
    path("officer/sharing/", sharing_views.sharing, name="sharing"),
    path("officer/contacts/", contact_views.contacts, name="contacts"),
    path("officer/contacts/<uuid:contact_id>/", contact_views.contact, name="contact"),
    path("officer/contacts/<uuid:contact_id>/end/", contact_views.end, name="end_contact"),
    path("officer/contracts/", contract_views.contracts, name="contracts"),
    path("officer/contracts/<uuid:contract_id>/end/", contract_views.end, name="end_contract"),
    path("reviews/", review_views.reviews, name="reviews"),
    path("reviews/sign/", review_views.sign, name="sign_review"),
    path("reviews/object/", review_views.object_to, name="object_to_review"),
    path("reviews/take-back/", review_views.take_back, name="take_back_review"),
]
