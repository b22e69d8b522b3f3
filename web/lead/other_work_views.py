"""Other paid work of a lead's team: in which kinds no content is shown, what the queues name, how much of it was done."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from queues.selectors.instead import other_work_of
from web.lead.doors import LeadVisit, for_leads
from web.lead.other_work_pages import other_work_sentence
from web.shared.activities import LABELS
from web.shared.chrome import chrome
from web.shared.refusals import About, sentence
from wellbeing.core.rules.other_work import SAID_OF, as_said
from wellbeing.core.rules.presence import Activity
from wellbeing.core.selectors.other_work import sayings_of
from wellbeing.core.services.other_work import say
from wellbeing.exceptions import AlreadySet, Refused, SaidMeanwhile

HERE = "lead:other_work"
# As the presets: a page that the nav does not name stands under the one it belongs to.
UNDER = "lead:shifts"


class SayingForm(forms.Form):
    """In which kinds no content is shown, and why that is so. ``seen``: how many sayings the page knew."""

    without_content = forms.MultipleChoiceField(
        label=gettext_lazy("No content is shown in"),
        choices=[(one.value, LABELS[one]) for one in SAID_OF],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "Not even as an example in a training or a guideline. Where you are not sure, leave it empty. ‘Nothing for now’ "
            "shows none, so it is not asked."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("How you know"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
        help_text=gettext_lazy(
            "Needed where you newly say that none is shown. Your team reads it. No names, no health."
        ),
    )
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def other_work(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Show what is said of each kind; with a POST, say it anew."""
    if request.method != "POST":
        return _page(request, visit, _as_it_stands(visit))
    form = SayingForm(request.POST)
    try:
        if form.is_valid():
            _say(visit, form)
            messages.success(
                request,
                _("Saved. What counts as a rest from the next day on, and what does so no more, from now."),
            )
            return redirect(HERE)
    except SaidMeanwhile as refusal:
        return _page(request, visit, _as_it_stands(visit), problem=sentence(refusal), status=409)
    except AlreadySet as refusal:
        messages.info(request, sentence(refusal, About(page="other_work")))
        return redirect(HERE)
    except Refused as refusal:
        form.add_error("reason", sentence(refusal))
    return _page(request, visit, form, status=422)


def _say(visit: LeadVisit, form: SayingForm) -> None:
    data = form.cleaned_data
    say(
        team_id=visit.who.team_id,
        without_content={Activity(one) for one in data["without_content"]},
        reason=data["reason"],
        seen=data["seen"],
        set_by=visit.subject,
        at=visit.at,
    )


def _as_it_stands(visit: LeadVisit) -> SayingForm:
    lines = sayings_of(visit.who.team_id)
    chosen = [one.value for one in as_said(line.saying for line in lines)]
    return SayingForm(initial={"without_content": chosen, "seen": len(lines)})


def _page(
    request: HttpRequest, visit: LeadVisit, form: SayingForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "team": visit.who.team_name,
        "form": form,
        "named": other_work_of(visit.who.team_id),
        "total": other_work_sentence(visit.who.team_id, visit.at),
        "problem": problem,
        **chrome(visit.user, UNDER),
    }
    return render(request, "lead/other_work.html", context, status=status)
