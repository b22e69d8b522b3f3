"""What the desk's posts carry. Every field is optional to the browser and checked here."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpRequest

from wellbeing.core.rules.presence import Activity

LEVELS = ("shielded", "grey", "colour")
RATIONALE_LENGTH = 4000
LONGEST_SILENCE = 8


class BeatsForm(forms.Form):
    """``beats``: a script on the page says every 5 s that it is there."""

    beats = forms.BooleanField(required=False)


class CaseForm(BeatsForm):
    """An act on the case in hand."""

    claim = forms.UUIDField()
    fence = forms.IntegerField(min_value=0)
    picture = forms.IntegerField(required=False, min_value=0, max_value=1000)


class KeepForm(forms.Form):
    """The case that was handed back a moment ago."""

    claim = forms.UUIDField()


class ShowForm(CaseForm):
    """A step of the ladder; ``words`` folds or unfolds the text, ``see`` brings another picture on the stage."""

    level = forms.ChoiceField(
        required=False, choices=[(level, level) for level in (*LEVELS, "text", "folded")]
    )
    words = forms.ChoiceField(required=False, choices=[("fold", "fold"), ("unfold", "unfold")])
    see = forms.IntegerField(required=False, min_value=1, max_value=1000)


class OtherWorkForm(BeatsForm):
    """What a person does instead of queue work."""

    activity = forms.ChoiceField(choices=[(one.value, one.value) for one in Activity])


class WorseForm(CaseForm):
    """'Worse than labelled': the severity that it is."""

    worse = forms.IntegerField(min_value=1, max_value=4)


class DraftForm(CaseForm):
    """What is chosen and written so far."""

    category = forms.CharField(required=False, max_length=40)
    action = forms.CharField(required=False, max_length=40)
    rationale = forms.CharField(required=False, max_length=RATIONALE_LENGTH, strip=False)


class DecideForm(DraftForm):
    """A decision. ``decision`` is the UUID that makes a second sending harmless."""

    decision = forms.UUIDField()


class ConfirmForm(CaseForm):
    """The earlier decision, once more. ``decision`` as in `DecideForm`."""

    decision = forms.UUIDField()


class SplitForm(CaseForm):
    """One item of the case, to be split off."""

    item = forms.UUIDField()


@dataclass(frozen=True, slots=True)
class Beat:
    """A beat as it was sent; what cannot be read counts as absent."""

    claim_id: UUID | None
    exposure_id: UUID | None
    holding: bool
    silent_ms: int | None


def beat_of(request: HttpRequest) -> Beat:
    """Return the beat of a post."""
    return Beat(
        claim_id=_uuid(request.POST.get("claim", "")),
        exposure_id=_uuid(request.POST.get("exposure", "")),
        holding=request.POST.get("holding") == "1",
        silent_ms=silence_of(request),
    )


def exposure_of(request: HttpRequest) -> UUID | None:
    """Return which exposure a post is about; what cannot be read counts as absent."""
    return _uuid(request.POST.get("exposure", ""))


def silence_of(request: HttpRequest) -> int | None:
    """Return how long ago, in ms, a page says that it covered itself; None if it says nothing of the kind.

    What is said and is no such number is -1, which nobody believes.
    """
    said = request.POST.get("silence", "")
    if not said:
        return None
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_SILENCE else -1


def categories_of(chosen: str) -> list[str]:
    """Return the codes of a decision: none for 'None of these'."""
    return [] if chosen in {"", "none"} else [chosen]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
