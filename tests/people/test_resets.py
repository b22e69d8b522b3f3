"""Whoever sets a person's sign-in anew does not become that person.

Every way in which somebody else can change a password, a second factor or an address leaves a reset behind, and no way in
which the person does it themselves. Seen red: without each of the five triggers; without the exclusion of the own hand; with
``last_factor`` not asked for; with a signature of a role that was taken back counted; with signatures that outlive a newer
reset; without each refusal of ``check_signer`` and of ``_sign``.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import make_password
from django.contrib.auth.management.commands import changepassword
from django.core.management import call_command
from django.db import connection
from django.test import Client

from audit.models import AuditRow
from people.encryption import encrypt
from people.exceptions import (
    AlreadySigned,
    MadeTheLink,
    NamedSince,
    NoFactor,
    NotAConfirmer,
    NothingToConfirm,
    NotYourCode,
    NotYourself,
    WayUnknown,
)
from people.models import OwnHand, Reset, User
from people.rules.resets import is_confirmed_by, still_wanted
from people.selectors import is_unconfirmed, open_resets
from people.selectors.resets import reset_counts, resets_of, waiting_for_confirmation
from people.services import resets
from people.services.accounts import create_user, deactivate, grant_roles, set_roles
from people.services.invitations import accept_invitation, invite, new_link
from people.services.resets import confirm_oneself, sign, take_factors_away
from tests.cast import PASSWORD, T0, a_second_factor, a_user, subject_of

pytestmark = pytest.mark.django_db
LATER = T0 + timedelta(hours=1)
NEW = "a wholly different sentence"
OFFICER, REPRESENTATIVE = "wellbeing_officer", "representative"


# ── somebody else's acts ─────────────────────────────────────────────────────────────────────────────────────────────


def the_operators_link(user: User) -> None:
    fresh = new_link(user=user, actor="op", at=T0)
    accept_invitation(token=fresh.token, password=NEW, at=LATER)


def changepassword_at_the_terminal(user: User) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changepassword.Command, "_get_pass", lambda *_args, **_kwargs: NEW)
        call_command("changepassword", user.username, verbosity=0)


def a_shell_saves_the_user(user: User) -> None:
    user.set_password(NEW)
    user.save()


def a_shell_updates_the_row(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password=make_password(NEW))


def sql_by_hand(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_user SET password = %s WHERE id = %s", [make_password(NEW), user.pk])


def another_address(user: User) -> None:
    User.objects.filter(pk=user.pk).update(email="somebody@else.example")


def a_factor_of_theirs(user: User) -> None:
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt("KRSXG5CTMVRXEZLU")}
    )


def another_secret_in_the_same_factor(user: User) -> None:
    a_second_factor(user)
    one = Authenticator.objects.get(user=user)
    one.data = {"secret": encrypt("KRSXG5CTMVRXEZLU")}
    one.save()


def the_factor_is_deleted(user: User) -> None:
    a_second_factor(user)
    Authenticator.objects.filter(user=user).delete()


def the_operators_page_about_a_lost_factor(user: User) -> None:
    a_second_factor(user)
    take_factors_away(user=user, actor="op", at=T0)


BY_OTHERS = [
    (the_operators_link, "password"),
    (changepassword_at_the_terminal, "password"),
    (a_shell_saves_the_user, "password"),
    (a_shell_updates_the_row, "password"),
    (sql_by_hand, "password"),
    (another_address, "address"),
    (a_factor_of_theirs, "factor"),
    (another_secret_in_the_same_factor, "factor"),
    (the_factor_is_deleted, "factor"),
    (the_operators_page_about_a_lost_factor, "factor"),
]


@pytest.mark.parametrize(("act", "kind"), BY_OTHERS, ids=[act.__name__ for act, _ in BY_OTHERS])
def test_what_somebody_else_changes_is_a_reset(alice: User, act: Callable[[User], None], kind: str) -> None:
    act(alice)
    [made] = Reset.objects.all()
    assert (made.user, made.kind, made.confirmed_at) == (alice, kind, None)
    assert is_unconfirmed(alice)


def test_createsuperuser_makes_nobody(db: None) -> None:
    with pytest.raises(Exception, match="create_superuser"):
        call_command("createsuperuser", username="root", interactive=False, verbosity=0)
    assert not User.objects.exists()


def test_a_first_password_that_somebody_else_chose_is_changed_before_anything_opens(
    client: Client, alice: User, wim: User, rosa: User
) -> None:
    zoe = create_user(username="zoe", password=PASSWORD, roles=["moderator"], actor="op", at=T0)
    assert is_unconfirmed(zoe)
    assert (waiting_for_confirmation(), reset_counts(at=T0).made) == ([], 0)
    with pytest.raises(NothingToConfirm):
        signs(wim, zoe)
    told = client.post("/accounts/login/", {"login": "zoe", "password": PASSWORD}, follow=True)
    assert "Somebody else chose your first password." in told.content.decode()
    assert "it is not certain yet" in client.get("/my-day/").content.decode()
    assert "Choose my own password" in client.get("/people/sign-in/").content.decode()
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert not is_unconfirmed(zoe)
    assert "Limits that hold for you" in client.get("/my-day/").content.decode()


def test_ones_own_password_ends_no_other_reset(client: Client, alice: User) -> None:
    zoe = create_user(username="zoe", password=PASSWORD, roles=["moderator"], actor="op", at=T0)
    the_operators_link(zoe)
    client.post("/accounts/login/", {"login": "zoe", "password": NEW})
    client.post(
        "/accounts/password/change/", {"oldpassword": NEW, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert User.objects.get(pk=zoe.pk).check_password(PASSWORD)
    assert is_unconfirmed(zoe)


def test_a_password_that_is_the_persons_own_is_no_reset(db: None) -> None:
    create_user(
        username="zoe", password=PASSWORD, roles=["moderator"], actor="op", at=T0, password_is_theirs=True
    )
    assert not Reset.objects.exists()


# ── one's own hand, and nobody's ─────────────────────────────────────────────────────────────────────────────────────


def signs_in(user: User) -> None:
    User.objects.filter(pk=user.pk).update(last_login=LATER)


def a_password_is_hashed_anew(user: User) -> None:
    with OwnHand.objects.of(user):
        user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
        user.save()
    before = user.password
    assert user.check_password(PASSWORD)
    assert User.objects.get(pk=user.pk).password != before


def an_account_ends(user: User) -> None:
    deactivate(user=user, reason="Left us", actor="op", at=T0)


def a_recovery_code_is_used(user: User) -> None:
    with OwnHand.objects.of(user):
        codes = RecoveryCodes.activate(user)
    codes.mark_as_viewed()
    assert codes.validate_code(codes.generate_codes()[0])


def the_same_password_is_saved_again(user: User) -> None:
    user.display_name = "Alice B."
    user.save()


def a_first_link_is_used(user: User) -> None:
    first = invite(username="zoe", roles=["moderator"], actor="op", at=T0)
    accept_invitation(token=first.token, password=NEW, at=LATER)


NOBODYS = [
    signs_in,
    a_password_is_hashed_anew,
    an_account_ends,
    a_recovery_code_is_used,
    the_same_password_is_saved_again,
    a_first_link_is_used,
]


@pytest.mark.parametrize("act", NOBODYS, ids=[act.__name__ for act in NOBODYS])
def test_what_is_no_act_of_somebody_else_is_none(alice: User, act: Callable[[User], None], settings) -> None:
    settings.PASSWORD_HASHERS = [
        *settings.PASSWORD_HASHERS,
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    act(alice)
    assert not Reset.objects.exists()
    assert not OwnHand.objects.exists()


def test_the_own_hand_is_one_persons_and_ends_with_its_transaction(alice: User, amina: User) -> None:
    with OwnHand.objects.of(alice), OwnHand.objects.of(alice):
        a_shell_saves_the_user(amina)
    assert [made.user for made in Reset.objects.all()] == [amina]
    a_shell_saves_the_user(alice)
    assert is_unconfirmed(alice)


@pytest.mark.postgres  # SQLite has one writer
@pytest.mark.django_db(transaction=True)
def test_the_own_hand_of_one_transaction_is_nobodys_in_another() -> None:
    alice = a_user("alice", "moderator")

    def elsewhere() -> None:
        a_shell_updates_the_row(alice)
        connection.close()

    with OwnHand.objects.of(alice):
        other = Thread(target=elsewhere)
        other.start()
        other.join()
    assert is_unconfirmed(alice)


def test_a_link_that_was_lost_before_it_was_ever_used_is_still_a_first_one(db: None) -> None:
    invite(username="zoe", roles=["moderator"], actor="op", at=T0)
    zoe = User.objects.get(username="zoe")
    the_operators_link(zoe)
    assert not is_unconfirmed(zoe)
    the_operators_link(zoe)
    assert is_unconfirmed(zoe)


def test_a_link_says_who_made_it_and_the_record_too(alice: User, olga: User) -> None:
    fresh = new_link(user=alice, actor=str(subject_of(olga)), at=T0)
    accept_invitation(token=fresh.token, password=NEW, at=LATER)
    [made] = Reset.objects.all()
    assert (made.made_by, made.made_at) == (str(subject_of(olga)), LATER)
    told = AuditRow.objects.get(action="person.sign_in_reset")
    assert (told.actor, told.target_id) == (str(subject_of(olga)), str(subject_of(alice)))


def test_a_lost_factor_with_its_recovery_codes_is_one_reset(alice: User) -> None:
    a_second_factor(alice)
    with OwnHand.objects.of(alice):
        RecoveryCodes.activate(alice)
    take_factors_away(user=alice, actor="op", at=T0)
    assert [made.made_by for made in Reset.objects.all()] == ["op"]
    assert not Authenticator.objects.filter(user=alice).exists()
    with pytest.raises(NoFactor):
        take_factors_away(user=alice, actor="op", at=T0)


# ── the person's own factor ──────────────────────────────────────────────────────────────────────────────────────────


def anything(_factor: Authenticator) -> bool:
    return True


def test_a_factor_from_before_confirms(alice: User) -> None:
    a_second_factor(alice)
    the_operators_link(alice)
    confirm_oneself(user=alice, validates=anything, at=LATER)
    assert not is_unconfirmed(alice)
    [row] = AuditRow.objects.filter(action="person.confirmed")
    assert row.detail == {"by": [str(subject_of(alice))]}


def test_a_wrong_code_confirms_nothing(alice: User) -> None:
    a_second_factor(alice)
    the_operators_link(alice)
    with pytest.raises(NotYourCode):
        confirm_oneself(user=alice, validates=lambda _: False, at=LATER)
    assert is_unconfirmed(alice)


def test_a_factor_that_was_set_up_after_the_reset_confirms_nothing(alice: User) -> None:
    the_operators_link(alice)
    a_second_factor(alice)
    with pytest.raises(NotYourCode):
        confirm_oneself(user=alice, validates=anything, at=LATER)


def test_of_two_resets_the_older_one_says_which_factors_are_the_persons(alice: User) -> None:
    the_operators_link(alice)
    a_second_factor(alice)
    the_operators_link(alice)
    with pytest.raises(NotYourCode):
        confirm_oneself(user=alice, validates=anything, at=LATER)


@pytest.mark.parametrize("act", [a_factor_of_theirs, another_secret_in_the_same_factor])
def test_a_factor_that_somebody_else_put_there_confirms_nothing(
    alice: User, act: Callable[[User], None]
) -> None:
    act(alice)
    with pytest.raises(NotYourCode):
        confirm_oneself(user=alice, validates=anything, at=LATER)


def test_a_reset_that_comes_while_one_is_confirmed_stays_open(alice: User) -> None:
    a_second_factor(alice)
    the_operators_link(alice)

    def validates(_factor: Authenticator) -> bool:
        another_address(alice)
        return True

    confirm_oneself(user=alice, validates=validates, at=LATER)
    assert [made.kind for made in open_resets(alice)] == ["address"]


def test_nobody_who_was_not_reset_is_confirmed(alice: User) -> None:
    a_second_factor(alice)
    with pytest.raises(NothingToConfirm):
        confirm_oneself(user=alice, validates=anything, at=LATER)


# ── officer and representative ───────────────────────────────────────────────────────────────────────────────────────


def newest(user: User) -> int:
    last = open_resets(user).last()
    assert last is not None
    return last.pk


def signs(signer: User, user: User, way: str = "call") -> bool:
    return sign(reset_id=newest(user), signer=signer, way=way, at=LATER)


@pytest.fixture
def reset_alice(alice: User, wim: User, rosa: User, olga: User) -> User:
    """Alice, after olga has made a link for her; wim and rosa held their roles before."""
    fresh = new_link(user=alice, actor=str(subject_of(olga)), at=T0)
    accept_invitation(token=fresh.token, password=NEW, at=T0)
    return alice


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_officer_and_representative_confirm_together(
    reset_alice: User, wim: User, rosa: User, order: tuple[int, int]
) -> None:
    first, second = ((wim, rosa)[place] for place in order)
    assert signs(first, reset_alice, "in_person") is False
    assert is_unconfirmed(reset_alice)
    assert signs(second, reset_alice) is True
    assert not is_unconfirmed(reset_alice)
    assert AuditRow.objects.filter(action="person.reset_signed").count() == 2
    [row] = AuditRow.objects.filter(action="person.confirmed")
    assert row.detail == {"by": [str(subject_of(first)), str(subject_of(second))]}


def test_two_officers_are_not_an_officer_and_a_representative(reset_alice: User, wim: User) -> None:
    wanda = a_user("wanda", OFFICER)
    Reset.objects.update(last_grant=10**9)
    assert [signs(wim, reset_alice), signs(wanda, reset_alice)] == [False, False]


def test_two_resets_at_once_are_confirmed_together(reset_alice: User, wim: User, rosa: User) -> None:
    a_shell_saves_the_user(reset_alice)
    signs(wim, reset_alice)
    signs(rosa, reset_alice)
    assert Reset.objects.filter(confirmed_at=LATER).count() == 2


def test_a_reset_between_two_signatures_takes_the_first_one_back(
    reset_alice: User, wim: User, rosa: User
) -> None:
    seen = newest(reset_alice)
    signs(wim, reset_alice)
    a_shell_saves_the_user(reset_alice)
    with pytest.raises(NothingToConfirm):
        sign(reset_id=seen, signer=rosa, way="call", at=LATER)
    assert signs(rosa, reset_alice) is False
    assert signs(wim, reset_alice) is True


def test_nobody_signs_twice(reset_alice: User, wim: User) -> None:
    signs(wim, reset_alice)
    with pytest.raises(AlreadySigned):
        signs(wim, reset_alice)
    assert is_unconfirmed(reset_alice)


def test_who_holds_both_roles_is_one_person_all_the_same(reset_alice: User, wim: User, rosa: User) -> None:
    grant_roles(user=wim, roles=[REPRESENTATIVE], actor="op", at=T0)
    assert signs(wim, reset_alice) is False
    with pytest.raises(AlreadySigned):
        signs(wim, reset_alice)
    assert signs(rosa, reset_alice) is True


def test_a_role_that_was_taken_back_between_the_signatures_counts_no_more(
    reset_alice: User, wim: User, rosa: User
) -> None:
    wanda = a_user("wanda", OFFICER)
    Reset.objects.update(last_grant=10**9)
    signs(wim, reset_alice)
    set_roles(user=wim, roles=[], actor="op", at=LATER)
    assert signs(rosa, reset_alice) is False
    assert is_unconfirmed(reset_alice)
    [line] = waiting_for_confirmation()
    assert [one.still_counts for one in line.signatures] == [False, True]
    assert signs(wanda, reset_alice) is True


def test_a_signer_whose_own_sign_in_was_set_anew_neither_signs_nor_counts(
    reset_alice: User, wim: User, rosa: User
) -> None:
    signs(wim, reset_alice)
    a_shell_saves_the_user(wim)
    assert signs(rosa, reset_alice) is False
    amina = a_user("amina", "moderator")
    a_shell_saves_the_user(amina)
    with pytest.raises(NotAConfirmer):
        signs(wim, amina)


def test_who_made_the_link_does_not_confirm(alice: User, wim: User, rosa: User) -> None:
    for role in (OFFICER, REPRESENTATIVE):
        signer = wim if role == OFFICER else rosa
        fresh = new_link(user=alice, actor=str(subject_of(signer)), at=T0)
        accept_invitation(token=fresh.token, password=NEW, at=T0)
        with pytest.raises(MadeTheLink):
            signs(signer, alice)


@pytest.mark.parametrize("act", [a_shell_saves_the_user, changepassword_at_the_terminal])
def test_no_operator_confirms_what_nobody_knows_the_maker_of(
    alice: User, wim: User, act: Callable[[User], None]
) -> None:
    both = a_user("olga", "operator", REPRESENTATIVE)
    act(alice)
    with pytest.raises(MadeTheLink):
        signs(both, alice)
    assert signs(wim, alice) is False


def test_who_was_named_after_the_reset_does_not_confirm(reset_alice: User) -> None:
    planted = a_user("planted", REPRESENTATIVE)
    with pytest.raises(NamedSince):
        signs(planted, reset_alice)


@pytest.mark.parametrize("role", ["moderator", "lead", "auditor", "operator"])
def test_no_other_role_signs(reset_alice: User, role: str) -> None:
    with pytest.raises(NotAConfirmer):
        signs(a_user("norma", role), reset_alice)


@pytest.mark.parametrize(
    ("role", "other"), [(OFFICER, REPRESENTATIVE), (OFFICER, OFFICER), (REPRESENTATIVE, OFFICER)]
)
def test_for_an_officer_or_a_representative_another_of_them_signs(db: None, role: str, other: str) -> None:
    person, signer = a_user("person", role), a_user("signer", other)
    a_shell_saves_the_user(person)
    with pytest.raises(NotYourself):
        signs(person, person)
    assert signs(signer, person) is True


def test_who_was_made_a_representative_since_is_confirmed_by_two_all_the_same(
    reset_alice: User, wim: User, rosa: User
) -> None:
    grant_roles(user=reset_alice, roles=[REPRESENTATIVE], actor="op", at=LATER)
    assert signs(wim, reset_alice) is False
    assert signs(rosa, reset_alice) is True


def test_who_was_not_reset_or_is_confirmed_is_not_signed_for(
    reset_alice: User, wim: User, rosa: User
) -> None:
    one = newest(reset_alice)
    signs(wim, reset_alice)
    signs(rosa, reset_alice)
    for reset_id in (one, one + 1, 0):
        with pytest.raises(NothingToConfirm):
            sign(reset_id=reset_id, signer=wim, way="call", at=LATER)


@pytest.mark.parametrize("way", ["", "by_letter"])
def test_it_is_said_how_the_person_was_recognised(reset_alice: User, wim: User, way: str) -> None:
    with pytest.raises(WayUnknown):
        signs(wim, reset_alice, way)


RULE = [
    # who is confirmed, signatures that count, elected?, confirmed?, still wanted
    (["moderator"], [], True, False, (OFFICER, REPRESENTATIVE)),
    (["moderator"], [OFFICER], True, False, (REPRESENTATIVE,)),
    (["moderator"], [REPRESENTATIVE], True, False, (OFFICER,)),
    (["moderator"], [OFFICER, OFFICER], True, False, (REPRESENTATIVE,)),
    (["moderator"], [REPRESENTATIVE, OFFICER], True, True, ()),
    (["operator"], [OFFICER], True, False, (REPRESENTATIVE,)),
    # Nobody is elected: two officers.
    (["moderator"], [OFFICER], False, False, (OFFICER,)),
    (["moderator"], [OFFICER, OFFICER], False, True, ()),
    # One other of the two roles, for one of them.
    ([OFFICER], [], True, False, (OFFICER, REPRESENTATIVE)),
    ([OFFICER], [REPRESENTATIVE], True, True, ()),
    ([OFFICER, "moderator"], [OFFICER], True, True, ()),
    ([REPRESENTATIVE, "moderator"], [OFFICER], True, True, ()),
]


@pytest.mark.parametrize(("held", "signed", "elected", "is_done", "wanted"), RULE)
def test_the_rule(
    held: list[str], signed: list[str], elected: bool, is_done: bool, wanted: tuple[str, ...]
) -> None:
    assert is_confirmed_by(signed, held=held, has_representative=elected) is is_done
    assert still_wanted(signed, held=held, has_representative=elected) == wanted


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_told_at_every_sign_in_until_it_is_confirmed_and_noted_once(reset_alice: User) -> None:
    for _ in range(2):
        assert len(resets.tell(user=reset_alice, at=LATER)) == 1
    assert AuditRow.objects.filter(action="person.told_of_reset").count() == 1
    assert Reset.objects.get().told_at == LATER


def test_that_they_are_confirmed_is_told_once(reset_alice: User, wim: User, rosa: User) -> None:
    assert not resets.tell_confirmed(user=reset_alice, at=LATER)
    signs(wim, reset_alice)
    signs(rosa, reset_alice)
    assert [resets.tell_confirmed(user=reset_alice, at=LATER) for _ in range(2)] == [True, False]
    assert resets.tell(user=reset_alice, at=LATER) == []
    [line] = resets_of(reset_alice, at=LATER)
    assert [one.name for one in line.signatures] == ["Wim", "Rosa"]


def test_they_are_counted_without_a_name(reset_alice: User, amina: User, wim: User, rosa: User) -> None:
    a_shell_saves_the_user(amina)
    a_shell_saves_the_user(amina)
    Reset.objects.update(made_at=T0)
    signs(wim, reset_alice)
    signs(rosa, reset_alice)
    counts = reset_counts(at=LATER)
    assert (counts.made, counts.waiting) == (3, 1)
    assert reset_counts(at=T0 + timedelta(days=366)).made == 0


def test_every_trigger_is_there_whatever_migration_came_after(db: None) -> None:
    """SQLite makes a table anew for many a change, and drops its triggers with the old one."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, ["%_reset"])
        found = {name for (name,) in cursor.fetchall()}
    assert found == {
        "people_user_update_password_reset",
        "people_user_update_email_reset",
        "mfa_authenticator_insert_reset",
        "mfa_authenticator_update_data_reset",
        "mfa_authenticator_delete_reset",
    }
