"""Which languages somebody reads: asked once, without blocking work; shown to them and their lead; used by the allocator.

Seen red with ‘seen’ not compared (the second of two tabs overwrote the first), without the look at what is offered, with
the step of the walk taken although nothing was chosen, and without the notice on the desk's first page.
"""

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from audit.models import AuditRow
from people.models import Skill, Team, User
from people.selectors.languages import languages_of
from queues.models import Lane, Queue
from tests.cast import a_team, a_user, subject_of
from tests.web.desk.scene import Page, a_case_waits, sits_down, works_today
from tests.web.lead.office import Office, signs_in
from wellbeing.models import Introduction

pytestmark = pytest.mark.django_db

HERE = "/languages/"
ASKED = "Nobody has asked yet which languages you read"
NOT_ASKED = "any language, not asked yet"


def comes(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def chooses(client: Client, *codes: str, seen: str = "") -> tuple[int, str]:
    answer = client.post(HERE, {"language": codes, "seen": seen}, follow=True)
    return answer.status_code, answer.content.decode()


def reads(person: User, *codes: str) -> None:
    Skill.objects.bulk_create(
        Skill(user=person, code=f"lang:{code}", added_at=timezone.now()) for code in codes
    )


class TestWhoIsAsked:
    def test_somebody_who_was_never_asked_is_asked_on_the_desk_s_first_page_and_may_work_on(
        self, alice: User, photos: Queue, client: Client
    ) -> None:
        assert ASKED in comes(client, alice).get("/desk/").content.decode()
        a_case_waits(photos, "coffee.png", severity=1, category="ILLICIT")
        page = sits_down(alice)
        assert page.shown.kind == "case"
        assert ASKED not in page.html

    def test_nobody_is_asked_twice(self, alice: User, client: Client) -> None:
        comes(client, alice)
        status, html = chooses(client, "fr", "en")
        assert status == 200
        assert "Noted." in html
        assert languages_of(subject_of(alice)) == ["en", "fr"]
        assert ASKED not in client.get("/desk/").content.decode()

    def test_a_language_that_an_operator_gave_counts_as_asked(self, north: Team, client: Client) -> None:
        call_command(
            "create_user", "nils", "--role", "moderator", "--skill", "lang:fr",
            "--team", north.name, "--began-on", str(date(2024, 3, 4)),
        )  # fmt: skip
        nils = User.objects.get(username="nils")
        User.objects.filter(pk=nils.pk).update(is_active=True)
        nils.refresh_from_db()
        assert ASKED not in comes(client, works_today(nils)).get("/desk/").content.decode()

    def test_another_skill_is_no_language(self, amina: User, client: Client) -> None:
        Skill.objects.get_or_create(user=amina, code="senior", defaults={"added_at": timezone.now()})
        assert ASKED in comes(client, amina).get("/desk/").content.decode()


class TestWhatIsChosen:
    @pytest.mark.parametrize(
        ("codes", "words"),
        [
            ((), "Choose at least one that you read"),
            (("xx",), "no language that is offered here"),
            (("fr", "lang:fr"), "no language that is offered here"),
            (("FR",), "no language that is offered here"),
            (("x" * 5000,), "no language that is offered here"),
            (("<b>", "fr\x00"), "no language that is offered here"),
        ],
    )
    def test_what_cannot_be_is_said_and_changes_nothing(
        self, alice: User, client: Client, codes: tuple[str, ...], words: str
    ) -> None:
        reads(alice, "de")
        status, html = chooses(comes(client, alice), *codes, seen="de")
        assert (status, words in html) == (422, True)
        assert languages_of(subject_of(alice)) == ["de"]

    def test_what_was_ticked_is_kept_on_the_page(self, alice: User, client: Client) -> None:
        _status, html = chooses(comes(client, alice), "fr", "xx")
        assert 'value="fr" checked' in html

    def test_all_of_them_is_an_answer(self, alice: User, client: Client) -> None:
        comes(client, alice)
        shown = client.get(HERE).context["choice"]
        everything = [box.code for box in shown.near + shown.others]
        assert chooses(client, *everything)[0] == 200
        assert languages_of(subject_of(alice)) == sorted(everything)

    def test_one_named_twice_is_one(self, alice: User, client: Client) -> None:
        chooses(comes(client, alice), "fr", "fr")
        assert Skill.objects.filter(user=alice).count() == 1

    def test_of_two_tabs_the_second_overwrites_nothing_and_keeps_what_was_ticked(
        self, alice: User, client: Client
    ) -> None:
        comes(client, alice)
        assert chooses(client, "fr")[0] == 200
        status, html = chooses(client, "de")
        assert (status, "changed on another page meanwhile" in html) == (422, True)
        assert 'value="de" checked' in html
        assert languages_of(subject_of(alice)) == ["fr"]
        assert chooses(client, "de", seen="fr")[0] == 200
        assert languages_of(subject_of(alice)) == ["de"]

    def test_the_same_from_two_tabs_is_said_once_and_written_once(self, alice: User, client: Client) -> None:
        comes(client, alice)
        assert [chooses(client, "fr")[0], chooses(client, "fr")[0]] == [200, 200]
        assert AuditRow.objects.filter(action="person.languages_chosen").count() == 1

    def test_a_region_that_an_operator_wrote_stays_there_to_choose(self, alice: User, client: Client) -> None:
        reads(alice, "pt-BR")
        html = comes(client, alice).get(HERE).content.decode()
        assert "(pt-BR)" in html
        assert chooses(client, "pt-BR", "fr", seen="pt-BR")[0] == 200
        assert languages_of(subject_of(alice)) == ["fr", "pt-BR"]

    def test_what_comes_to_the_queues_of_the_team_stands_first(
        self, alice: User, photos: Queue, client: Client
    ) -> None:
        Lane.objects.create(queue=photos, language="pt-BR", category="HATE", severity=2)
        shown = comes(client, alice).get(HERE).context["choice"]
        assert [box.code for box in shown.near] == ["pt"]
        assert not shown.near[0].is_chosen

    @pytest.mark.parametrize(("comes_in", "offered"), [("zh-Hant", "zh"), ("gsw", "gsw"), ("tl", "tl")])
    def test_whatever_comes_in_can_be_ticked(
        self, alice: User, photos: Queue, client: Client, comes_in: str, offered: str
    ) -> None:
        Lane.objects.create(queue=photos, language=comes_in, category="HATE", severity=2)
        assert chooses(comes(client, alice), offered)[0] == 200
        assert languages_of(subject_of(alice)) == [offered]

    def test_a_language_that_cannot_be_kept_of_a_person_is_not_offered(
        self, alice: User, photos: Queue, client: Client
    ) -> None:
        Lane.objects.create(queue=photos, language="quenya", category="HATE", severity=2)
        assert 'value="quenya"' not in comes(client, alice).get(HERE).content.decode()

    def test_no_lead_is_asked(self, dana: User, client: Client) -> None:
        assert comes(client, dana).get(HERE).status_code == 403
        assert client.post(HERE, {"language": "fr"}).status_code == 403


class TestWhoReadsIt:
    def test_the_person_and_their_lead_read_the_same_and_opt_outs_stay_private(
        self, alice: User, amina: User, dana: User, client: Client
    ) -> None:
        comes(client, alice)
        assert f"Cases come to you in: {NOT_ASKED}." in client.get("/handed/").content.decode()
        lead = Office(signs_in(works_today(dana)), dana)
        here = f"/lead/people/{works_today(alice).pk}/"
        works_today(amina)
        assert f"reads {NOT_ASKED}" in lead.opens("/lead/people/").text
        chooses(client, "fr", "en")
        client.post("/handed/keep-away", {"what": "language:fr"})
        assert "Cases come to you in: English, French." in client.get("/handed/").content.decode()
        assert "Alice reads English, French" in lead.opens("/lead/people/").text
        assert "Languages: English, French." in lead.opens(here).text

    def test_the_allocator_uses_it_from_the_next_case_on(
        self, alice: User, photos: Queue, client: Client
    ) -> None:
        waiting = a_case_waits(photos, "coffee.png", severity=1, category="ILLICIT")
        spoken = Lane.objects.create(queue=photos, language="ar", category="ILLICIT", severity=1)
        type(waiting.job).objects.filter(pk=waiting.job.pk).update(lane=spoken)
        chooses(comes(client, alice), "fr")
        page = sits_down(alice)
        assert page.shown.kind == "waiting"
        chooses(client, "fr", "ar", seen="fr")
        page.press("next")
        assert page.shown.kind == "case"


class TestTheFirstDay:
    @pytest.fixture
    def nina(self, north: object) -> User:
        return works_today(a_user("nina", "moderator", team=a_team(), began_on=None))

    def takes(self, page: Page, step: str, **more: object) -> int:
        answer = page.client.post("/first-day/taken", {"step": step, "beats": "", **more}, follow=True)
        page.last = answer
        return int(answer.status_code)

    def test_new_people_choose_before_their_first_case(self, nina: User, photos: Queue) -> None:
        a_case_waits(photos, "coffee.png", severity=1, category="ILLICIT")
        page = sits_down(nina)
        for step in ("desk", "ladder", "breaks", "contacts"):
            assert self.takes(page, step) == 200
        assert self.takes(page, "languages") == 422
        assert "Choose at least one that you read" in page.html
        assert Introduction.objects.get().done_at is None
        assert self.takes(page, "languages", language=["en"]) == 200
        assert Introduction.objects.get().done_at is not None
        page.press("back")
        assert page.shown.kind == "case"

    def test_what_an_invitation_said_is_ticked_already(self, nina: User) -> None:
        reads(nina, "fr")
        page = sits_down(nina)
        html = page.client.get("/first-day/languages/").content.decode()
        assert 'value="fr" checked' in html
        assert self.takes(page, "languages", language=["fr"], seen="fr") == 200
        assert "languages" in Introduction.objects.get().steps


def test_a_looked_up_page_is_kept_nowhere(alice: User, client: Client) -> None:
    answer = comes(client, alice).get(HERE)
    assert "no-store" in answer.headers["Cache-Control"]
