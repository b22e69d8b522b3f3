"""The operator's pages about people. No page shows content, or a record of anybody's wellbeing."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.models import RoleGrant, TeamMembership, User
from people.selectors import rows
from people.services import accounts, invitations, teams
from people.services.invitations import Invited
from web.people.doors import Operator, for_operators, page
from web.people.forms import CountryForm, InviteForm, NewTeamForm, RolesForm, TeamForm
from web.shared.acting import tell
from web.shared.announced import told_to_everybody
from web.shared.fresh import acts_proven_anew
from web.shared.plain_line import missing_guards
from web.shared.policy_reports import reported_lately
from web.shared.refusals import REFUSALS, sentence


@require_safe
@for_operators
def people(request: HttpRequest, operator: Operator) -> HttpResponse:
    """List everybody with roles, team and state; and what this installation lacks."""
    context = {
        "people": rows.people(),
        "team_form": NewTeamForm(),
        "missing_guards": missing_guards(settings.PUBLIC_URL),
        "policy_reports": reported_lately(at=operator.at),
        **(told_to_everybody(request.user, operator.at) if isinstance(request.user, User) else {}),
    }
    return page(request, "people/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
@acts_proven_anew
def invite(request: HttpRequest, operator: Operator) -> HttpResponse:
    """Invite a person; the one-time link is shown once, to be handed over."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = _invite(form, operator)
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return _link_page(request, invited)
    return page(request, "people/invite.html", {"form": form})


@require_safe
@for_operators
def person(request: HttpRequest, _operator: Operator, person_id: int) -> HttpResponse:
    """Show one person's roles and team, and what an operator may change."""
    user = get_object_or_404(User, pk=person_id)
    held = RoleGrant.objects.filter(user=user, revoked_at__isnull=True).values_list("role", flat=True)
    current = TeamMembership.objects.filter(user=user, effective_until__isnull=True).first()
    context = {
        "person": rows.person(user),
        "roles_form": RolesForm(initial={"roles": list(held)}),
        "team_form": TeamForm(initial={"team": current and current.team_id}),
        "country_form": CountryForm(initial={"country": user.country}),
    }
    return page(request, "people/person.html", context)


@require_POST
@for_operators
@acts_proven_anew
def roles(request: HttpRequest, operator: Operator, person_id: int) -> HttpResponse:
    """Give a person exactly the chosen roles."""
    user, form = get_object_or_404(User, pk=person_id), RolesForm(request.POST)
    wanted = form.cleaned_data["roles"] if form.is_valid() else request.POST.getlist("roles")
    tell(
        request,
        partial(accounts.set_roles, user=user, roles=wanted, actor=operator.actor, at=operator.at),
        _("The roles of %(name)s are saved.") % {"name": user},
    )
    return redirect("people:person", person_id=user.pk)


@require_POST
@for_operators
@acts_proven_anew
def team(request: HttpRequest, operator: Operator, person_id: int) -> HttpResponse:
    """Move a person to a team, or out of theirs."""
    user, form = get_object_or_404(User, pk=person_id), TeamForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("There is no such team."))
        return redirect("people:person", person_id=user.pk)
    tell(
        request,
        partial(
            accounts.set_team, user=user, team=form.cleaned_data["team"], actor=operator.actor, at=operator.at
        ),
        _("The team of %(name)s is saved, from now on.") % {"name": user},
    )
    return redirect("people:person", person_id=user.pk)


@require_POST
@for_operators
@acts_proven_anew
def country(request: HttpRequest, operator: Operator, person_id: int) -> HttpResponse:
    """Say in which country a person is."""
    user = get_object_or_404(User, pk=person_id)
    country = request.POST.get("country", "")
    tell(
        request,
        partial(accounts.set_country, user=user, country=country, actor=operator.actor, at=operator.at),
        _("The country of %(name)s is saved.") % {"name": user},
    )
    return redirect("people:person", person_id=user.pk)


@require_POST
@for_operators
@acts_proven_anew
def link(request: HttpRequest, operator: Operator, person_id: int) -> HttpResponse:
    """Make a fresh one-time link, for an invitation that was lost or a forgotten password."""
    user = get_object_or_404(User, pk=person_id)
    try:
        invited = invitations.new_link(user=user, actor=operator.actor, at=operator.at)
    except REFUSALS as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("people:person", person_id=user.pk)
    return _link_page(request, invited)


@require_safe
@for_operators
def leaving(request: HttpRequest, _operator: Operator, person_id: int) -> HttpResponse:
    """Ask for the reason before an account ends; ``deactivate_person`` does it."""
    user = get_object_or_404(User, pk=person_id, deactivated_at__isnull=True)
    return page(request, "people/leaving.html", {"person": rows.person(user)})


@require_POST
@for_operators
@acts_proven_anew
def new_team(request: HttpRequest, operator: Operator) -> HttpResponse:
    """Make a team."""
    form = NewTeamForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    tell(
        request,
        partial(teams.create_team, name=name, actor=operator.actor, at=operator.at),
        _("The team %(name)s is there.") % {"name": name},
    )
    return redirect("people:people")


def _invite(form: InviteForm, operator: Operator) -> Invited:
    return invitations.invite(
        username=form.cleaned_data["username"],
        display_name=form.cleaned_data["display_name"],
        roles=form.cleaned_data["roles"],
        team=form.cleaned_data["team"],
        skills=form.skills,
        zone=form.cleaned_data["zone"],
        began_on=form.cleaned_data["began_on"],
        country=form.cleaned_data["country"],
        actor=operator.actor,
        at=operator.at,
    )


def _link_page(request: HttpRequest, invited: Invited) -> HttpResponse:
    address = settings.PUBLIC_URL + reverse("people:invitation", args=[invited.token])
    return page(request, "people/link.html", {"invited": invited, "address": address})
