import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from moderation.models import Decision, Draft
from people.models import Team, User
from queues.models import Claim, Queue
from tests.cast import subject_of
from tests.queues.work import has_looked, settles
from tests.web.desk.scene import (
    WORDS,
    a_break_is_due,
    a_case_waits,
    returned_work_is_offered,
    sits_down,
    stage_headers,
)
from web.desk.asked_by import HEADER
from wellbeing.core.rules.days import quarter_start
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import Exposure

pytestmark = pytest.mark.django_db


def tightens(team: Team, name: str, value: int) -> None:
    set_limit(
        scope="team",
        scope_ref=str(team.pk),
        name=name,
        value=value,
        set_by="system",
        reason="",
        at=timezone.now(),
    )


def test_the_desk_is_off_until_its_person_starts(alice: User, photos: Queue, client) -> None:
    client.force_login(alice)
    answer = client.get("/desk/")
    assert answer.context["page"].kind == "off"
    assert "You are not at the desk" in answer.content.decode()


def test_nothing_waiting_is_said_to_be_working_time(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    assert "Nothing is waiting for you. Waiting is working time." in page.html


def test_the_first_case_is_shown_shielded_and_its_text_is_not_in_the_page(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    assert page.shown.level == "shielded"
    assert WORDS not in page.html
    assert "my kid saw this" not in page.html
    assert "Text folded" in page.html


def test_a_case_that_came_while_waiting_is_covered_until_enter(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    page.client.post("/desk/beat", {})
    a_case_waits(photos, "rocket.jpg")
    page.get()
    assert "A case is ready. Enter shows it." in page.html
    assert page.shown.level == "covered"
    page.press("show", level=page.shown.case.first_level)
    assert page.shown.level == "shielded"
    page.press("cover")
    assert "Covered. Nothing is shown, nothing counts." in page.html


def test_unfolding_brings_the_words_and_folding_takes_them_away(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("show", words="unfold")
    assert WORDS in page.html
    assert "my kid saw this" in page.html
    assert page.shown.level == "shielded"
    page.press("show", words="fold")
    assert WORDS not in page.html


def test_mild_text_is_shown_with_its_case(alice: User, photos: Queue) -> None:
    a_case_waits(photos, severity=0, category="SPAM_FRAUD")
    page = sits_down(alice)
    assert page.shown.level == "text"
    assert WORDS in page.html


def test_severe_text_starts_folded_and_opens_no_exposure(alice: User, photos: Queue) -> None:
    a_case_waits(photos, severity=2, category="HATE")
    page = sits_down(alice)
    assert page.shown.level == "covered"
    assert WORDS not in page.html
    page.press("show", level="text")
    assert WORDS in page.html


def test_a_decision_brings_the_next_case_shielded(alice: User, photos: Queue) -> None:
    first = a_case_waits(photos, "rocket.jpg")
    second = a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press(
        "decide", category="ACCIDENT", action="remove", rationale="Someone is hurt."
    )
    decision = Decision.objects.get(case=first.case)
    assert decision.action == "remove"
    assert page.shown.level == "shielded"
    assert str(second.media[0].id) in page.html
    assert "Sent." in page.html


def test_none_of_these_is_a_decision_without_categories(alice: User, photos: Queue) -> None:
    first = a_case_waits(photos, "rocket.jpg")
    sits_down(alice).press("decide", category="none", action="none", rationale="")
    assert not Decision.objects.get(case=first.case).category_rows.exists()


def test_deciding_before_choosing_is_refused_and_keeps_what_was_written(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("decide", category="", action="", rationale="I think …")
    assert page.status == 422
    assert "Choose what it is and what should happen first." in page.html
    assert page.shown.case.rationale == "I think …"


def test_nothing_is_preselected(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    assert "checked" not in sits_down(alice).html


def test_the_same_post_twice_counts_once(alice: User, photos: Queue) -> None:
    first = a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    fields = {**page.fields(), "category": "ACCIDENT", "action": "remove", "rationale": ""}
    assert page.client.post("/desk/decide", fields).status_code == 302
    assert page.client.post("/desk/decide", fields).status_code == 302
    assert Decision.objects.filter(case=first.case).count() == 1


def test_a_lost_claim_is_said_plainly_and_the_draft_is_shown(alice: User, photos: Queue) -> None:
    first = a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    fields = page.fields()
    page.press("hand-back")
    page.last = page.client.post(
        "/desk/decide", {**fields, "category": "ACCIDENT", "action": "remove", "rationale": "Half a thought"}
    )
    assert page.status == 409
    assert "This case is not in your hands any more. Your draft is kept; it was not sent." in page.html
    assert "Half a thought" in page.html
    assert not Decision.objects.filter(case=first.case).exists()
    assert Draft.objects.get(subject=subject_of(alice)).rationale == "Half a thought"


def test_another_persons_claim_looks_like_none(alice: User, amina: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    fields = sits_down(alice).fields()
    other = sits_down(amina)
    for act in ("show", "skip", "escalate", "hand-back", "worse", "decide"):
        answer = other.client.post(
            f"/desk/{act}", {**fields, "level": "grey", "worse": 4, "category": "none", "action": "none"}
        )
        assert (act, answer.status_code) == (act, 404)
    answer = other.client.post("/desk/draft", {**fields, "rationale": "mine now"})
    assert answer.status_code == 404


def test_a_post_that_no_page_makes_is_answered_400(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    for act, fields in (
        ("show", {"claim": "x", "fence": 1}),
        ("show", {**page.fields(), "level": "original"}),
        ("decide", {**page.fields(), "decision": "again"}),
        ("skip", {}),
        ("worse", {**page.fields(), "worse": 9}),
    ):
        assert page.client.post(f"/desk/{act}", fields).status_code == 400


def test_a_skipped_case_is_gone_and_needs_no_reason(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("skip")
    assert page.shown.kind == "waiting"
    page.press("next")
    assert page.shown.kind == "waiting"


def test_an_escalated_case_goes_to_a_senior_who_sees_it_said(alice: User, amina: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    sits_down(alice).press("escalate")
    returned_work_is_offered()
    page = sits_down(amina)
    assert page.shown.kind == "case"
    assert "Escalated" in page.html
    assert not page.shown.case.may_escalate


def test_worse_than_labelled_is_noted(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg", severity=2, category="VIO_ASSAULT")
    page = sits_down(alice).press("worse", worse=4)
    assert "4 · extreme" in page.html
    assert not page.shown.case.worse


def test_too_much_begins_a_rest_at_once_and_the_case_goes_back(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("too-much")
    assert page.path == "/break/"
    assert "or later" in page.html
    assert "The case went back, and does not come to you again." in page.html
    assert "wait for you" not in page.html
    page.press("return")
    assert page.status == 409
    assert "Not yet." in page.html
    assert "Keep it for me" in page.html


def test_a_second_press_keeps_the_case_and_is_offered_no_longer(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("too-much")
    page.press("keep-for-me", claim=handed_back_on(page.html))
    assert page.path == "/break/"
    assert "Your case and your draft wait for you." in page.html
    assert "Keep it for me" not in page.html
    assert Claim.objects.get(state="parked").subject == subject_of(alice)


def test_what_is_not_free_any_more_is_said_without_who_has_it(
    alice: User, amina: User, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("too-much")
    handed_back = handed_back_on(page.html)
    settles(timezone.now())
    assert sits_down(amina).shown.kind == "case"
    assert handed_back in page.client.get("/break/").content.decode()  # what others do changes no page
    page.press("keep-for-me", claim=handed_back)
    assert page.status == 409
    assert "It is not free any more, so it does not come to you again." in page.html
    assert "Amina" not in page.html
    assert "Keep it for me" not in page.html


def test_too_much_with_empty_hands_offers_nothing_to_keep(alice: User, photos: Queue) -> None:
    page = sits_down(alice).press("too-much")
    assert page.path == "/break/"
    assert "Keep it for me" not in page.html
    assert page.press("keep-for-me", claim=uuid4()).status == 404


def handed_back_on(html: str) -> str:
    found = re.search(r'name="claim" value="([0-9a-f-]{36})"', html)
    assert found
    return found[1]


def test_stepping_away_needs_no_reason_and_ends_when_the_person_returns(alice: User, photos: Queue) -> None:
    case = a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("step-away")
    assert "Back whenever you like" in page.html
    page.press("return")
    assert page.shown.kind == "case"
    assert str(case.media[0].id) in page.html


def test_a_due_break_covers_and_leaves_the_decision(alice: User, photos: Queue) -> None:
    case = a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    a_break_is_due(alice)
    page.press("show", level="grey")
    assert page.status == 409
    assert "A break is due" in page.html
    assert page.shown.kind == "break_due"
    assert page.shown.level == "covered"
    assert page.shown.may_postpone
    page.press("decide", category="none", action="none", rationale="")
    assert Decision.objects.filter(case=case.case).exists()
    assert page.path == "/break/"


def test_a_postponed_break_lets_the_case_be_seen_again(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    a_break_is_due(alice)
    page.press("cover").press("postpone")
    assert page.shown.kind == "case"
    page.press("show", level="shielded")
    assert page.shown.level == "shielded"


def test_a_draft_is_saved_at_a_pause_and_with_any_act_of_a_page_without_scripts(
    alice: User, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    sent = {**page.fields(), "category": "none", "action": "label", "rationale": "So far"}
    assert page.client.post("/desk/draft", sent).json()["saved"].startswith("saved ")
    page.press("show", level="grey", category="none", action="remove", rationale="Further")
    draft = Draft.objects.get(subject=subject_of(alice))
    assert (draft.categories, draft.action, draft.rationale) == (["none"], "remove", "Further")
    assert page.shown.case.none_chosen
    assert page.shown.saved_at


def test_leaving_the_desk_gives_the_case_back(alice: User, amina: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("close")
    assert page.shown.kind == "off"
    returned_work_is_offered()
    assert sits_down(amina).shown.kind == "case"


def test_a_case_with_pictures_shows_one_at_a_time_each_from_its_shield(alice: User, photos: Queue) -> None:
    case = a_case_waits(photos, "rocket.jpg", "chelsea.png")
    page = sits_down(alice).press("show", level="grey")
    assert page.shown.level == "grey"
    page.press("show", see=2)
    assert page.shown.level == "shielded"
    assert str(case.media[1].id) in page.html
    assert str(case.media[0].id) not in page.html


def test_a_page_without_scripts_asks_again_when_its_view_ends(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("show", level="grey")
    assert 500 < page.shown.refresh_seconds <= 600
    page.press("show", level="colour")
    assert 1 <= page.shown.refresh_seconds <= 10
    Exposure.objects.filter(closed_at__isnull=True).update(falls_back_at=timezone.now())
    page.get()
    assert page.shown.level == "grey"
    assert page.picture().status_code == 200


def falls_silent(user: User, silent: timedelta, *, beating: bool = True) -> Exposure:
    """As if nothing had been heard of the stage for so long."""
    last = timezone.now() - silent
    shown = Exposure.objects.get(subject=subject_of(user), closed_at__isnull=True)
    shown.opened_at, shown.last_beat_at, shown.quarter_at = last, last, quarter_start(last)
    shown.beating, shown.covers_at = beating, None
    shown.save()
    return shown


def test_no_word_goes_to_a_page_that_beats_ten_seconds_after_its_last_sign(
    alice: User, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    page.client = Client(headers={HEADER: "desk"})
    page.client.force_login(alice)
    page.press("show", words="unfold", beats="1")
    assert WORDS in page.html
    address, asks = page.shown.case.picture.src, stage_headers()
    assert page.client.get(address, headers=asks).status_code == 200
    falls_silent(alice, timedelta(seconds=10))
    assert page.client.get(address, headers=asks).status_code == 404
    page.get()
    assert page.shown.level == "covered"
    assert WORDS not in page.html


@pytest.mark.parametrize("silence", ["-1", "NaN", "1e3", "٣", "99999999999", "86400001", " 5"])
def test_a_forged_report_of_a_cover_is_refused_and_all_of_it_counts(
    alice: User, photos: Queue, silence: str
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    shown = falls_silent(alice, timedelta(minutes=4))
    page.press("cover", exposure=str(shown.pk), silence=silence)
    assert page.status == 409
    assert "all of that time counts" in page.html
    rows = Exposure.objects.filter(subject=subject_of(alice))
    assert sum(rows.values_list("shown_ms", flat=True)) >= 240_000
    assert not rows.filter(closed_at__isnull=True).exists()


def test_a_report_about_another_s_exposure_is_refused(alice: User, amina: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    a_case_waits(photos, "rocket.jpg")
    sits_down(amina)
    theirs = falls_silent(amina, timedelta(minutes=4))
    page = sits_down(alice)
    page.press("cover", exposure=str(theirs.pk), silence="180000")
    assert page.status == 409
    found = Exposure.objects.get(pk=theirs.pk)
    assert (found.closed_at, found.shown_ms) == (None, theirs.shown_ms)


def test_a_report_of_a_cover_is_believed_within_bounds(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    shown = falls_silent(alice, timedelta(minutes=4))
    page.press("cover", exposure=str(shown.pk), silence="180000")
    assert (page.status, page.shown.level) == (200, "covered")
    rows = Exposure.objects.filter(subject=subject_of(alice))
    assert 60_000 <= sum(rows.values_list("shown_ms", flat=True)) < 70_000


def test_a_page_that_nobody_asked_again_for_is_covered(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("show", words="unfold")
    address = page.shown.case.picture.src
    long_ago = timezone.now() - timedelta(minutes=11)
    Exposure.objects.filter(closed_at__isnull=True).update(last_beat_at=long_ago, covers_at=None)
    page.get()
    assert page.shown.level == "covered"
    assert WORDS not in page.html
    assert page.client.get(address).status_code == 404


def test_a_limit_that_was_tightened_covers_before_anything_else_happens(
    alice: User, north: Team, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("show", words="unfold")
    has_looked(alice, 100, severity=3, at=timezone.now())
    tightens(north, "seconds_3", 60)
    page.get()
    assert page.shown.level == "shielded"
    assert WORDS not in page.html
    assert re.search(r"Severity 3 and up is done until \d\d:\d\d tomorrow\.", page.html)
    assert "You can decide this case until" in page.shown.ladder_note
    page.press("show", level="grey")
    assert page.status == 409
    page.press("show", level="shielded", words="fold")
    assert page.shown.level == "shielded"


def test_what_was_covered_before_a_limit_was_reached_stays_covered(
    alice: User, north: Team, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("cover")
    tightens(north, "seconds_3", 0)
    page.get()
    assert page.shown.level == "covered"


def test_the_shield_that_came_back_and_was_covered_stays_covered(
    alice: User, north: Team, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    has_looked(alice, 100, severity=3, at=timezone.now())
    tightens(north, "seconds_3", 60)
    page.get()
    page.press("cover").get()
    assert page.shown.level == "covered"
    assert "You can decide this case until" in page.shown.refusal


def test_a_refused_beat_is_a_problem_with_its_code(alice: User, amina: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    fields = sits_down(alice).fields()
    answer = sits_down(amina).client.post("/desk/beat", {"claim": fields["claim"]})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_a_beat_after_release_says_that_the_claim_is_lost(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    claim = page.fields()["claim"]
    page.press("skip")
    answer = page.client.post("/desk/beat", {"claim": claim})
    assert (answer.status_code, answer.json()["code"]) == (409, "claim_lost")


def test_a_limit_that_is_tightened_covers_the_very_next_answer(
    alice: User, north: Team, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("show", level="grey")
    assert page.shown.level == "grey"
    tightens(north, "seconds_3", 0)
    page.get()
    assert page.shown.level == "shielded"
