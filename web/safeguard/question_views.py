"""The officer's list of questions. Opening one is noted for the person who asked; the answer is in writing."""

from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from web.safeguard.doors import for_officers, for_record_readers
from web.safeguard.question_pages import open_rows, question_page
from web.shared.acting import submit
from web.shared.chrome import chrome
from web.shared.doors import Visit
from web.shared.fresh import proven_anew
from wellbeing.officer.selectors.contest import open_questions
from wellbeing.officer.services import questions as service

HERE = "safeguard:questions"


class AnswerForm(forms.Form):
    """An answer in writing."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=service.WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "The person reads it on My day. It is between the two of you; the lead does not see it."
        ),
    )


@require_safe
@for_officers
def questions(request: HttpRequest, visit: Visit[UUID]) -> HttpResponse:
    """What waits for an answer, without words or names: those are read one by one."""
    context = {"questions": open_rows(open_questions(visit.at)), **chrome(visit.user, HERE)}
    return render(request, "safeguard/questions.html", context)


@require_safe
@for_record_readers
@proven_anew
def question(request: HttpRequest, visit: Visit[UUID], question_id: UUID) -> HttpResponse:
    """One question with its words; that it was read is noted."""
    return _page(request, visit, question_id, AnswerForm())


@require_POST
@for_record_readers
@proven_anew
def answer(request: HttpRequest, visit: Visit[UUID], question_id: UUID) -> HttpResponse:
    """Answer it."""
    form = AnswerForm(request.POST)
    act = partial(service.answer, question_id=question_id, answered_by=visit.subject, at=visit.at)
    status = submit(form, lambda: act(answer=form.cleaned_data["answer"]))
    if status:
        return _page(request, visit, question_id, form, status=status)
    messages.success(request, _("Answered. The person finds it on My day."))
    return redirect(HERE)


def _page(
    request: HttpRequest, visit: Visit[UUID], question_id: UUID, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    line = service.read(question_id=question_id, reader=visit.subject, at=visit.at)
    context = {"question": question_page(line, at=visit.at), "form": form, **chrome(visit.user, HERE)}
    return render(request, "safeguard/question.html", context, status=status)
