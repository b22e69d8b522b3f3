"""When an earlier decision answers by itself, and what opens a new look. Each row is a reason of its own."""

import pytest

from moderation.rules.matching import Decided, Doubt, Sent, doubts, occasions

NONE_AT_1 = Decided(severity=1)
ASSAULT_AT_2 = Decided(severity=2, categories=frozenset({"VIO_ASSAULT"}))
CHILD_KNOWN = Decided(severity=3, categories=frozenset({"GORE"}), hints=frozenset({"child"}))


@pytest.mark.parametrize(
    ("sent", "decided"),
    [
        (Sent(0, "SPAM_FRAUD"), NONE_AT_1),
        (Sent(1, "DISINFO"), NONE_AT_1),  # severity 1 needs no category
        (Sent(2, "VIO_ASSAULT"), ASSAULT_AT_2),
        (Sent(1, "SPAM_FRAUD"), ASSAULT_AT_2),
        (Sent(1, "SPAM_FRAUD", sources=frozenset({"user", "classifier", "internal"})), NONE_AT_1),
        (Sent(3, "GORE", hints=frozenset({"child"})), CHILD_KNOWN),  # that it is a child was known
        (Sent(3, "unknown"), CHILD_KNOWN),  # names no category, so contradicts none
    ],
)
def test_it_answers_where_nothing_speaks_against_it(sent: Sent, decided: Decided) -> None:
    assert doubts(sent, decided) == ()


@pytest.mark.parametrize(
    ("sent", "decided", "doubt"),
    [
        (Sent(0, "SPAM_FRAUD", sources=frozenset({"authority"})), NONE_AT_1, Doubt.REPORT),
        (Sent(0, "SPAM_FRAUD", sources=frozenset({"trusted_flagger", "user"})), NONE_AT_1, Doubt.REPORT),
        (Sent(3, "VIO_ASSAULT"), ASSAULT_AT_2, Doubt.SEVERITY),
        (Sent(1, "SPAM_FRAUD"), Decided(severity=0), Doubt.SEVERITY),
        (Sent(2, "HATE"), ASSAULT_AT_2, Doubt.CATEGORY),
        (Sent(2, "HATE"), Decided(severity=2), Doubt.CATEGORY),  # 'none of these' found nothing
        (Sent(3, "unknown"), ASSAULT_AT_2, Doubt.SEVERITY),
        (Sent(1, "SPAM_FRAUD", hints=frozenset({"live"})), NONE_AT_1, Doubt.HINT),
        (Sent(3, "GORE", hints=frozenset({"child", "screaming"})), CHILD_KNOWN, Doubt.HINT),
        (Sent(0, "SPAM_FRAUD"), Decided(severity=1, is_newest_policy=False), Doubt.POLICY),
    ],
)
def test_a_person_looks_for_each_single_reason(sent: Sent, decided: Decided, doubt: Doubt) -> None:
    assert doubts(sent, decided) == (doubt,)


def test_the_attack_has_every_reason_at_once() -> None:
    attack = Sent(4, "TERROR", hints=frozenset({"live"}), sources=frozenset({"authority"}))
    assert doubts(attack, NONE_AT_1) == (Doubt.REPORT, Doubt.SEVERITY, Doubt.CATEGORY, Doubt.HINT)


@pytest.mark.parametrize(
    ("sources", "before", "found"),
    [
        (["user"], 8, ()),
        (["user"], 9, ("users_10",)),
        (["user"], 10, ()),
        (["user"] * 3, 8, ("users_10",)),
        (["user"], 98, ()),
        (["user"], 99, ("users_100",)),
        (["user"] * 100, 0, ("users_10", "users_100")),
        (["user"], 999, ("users_1000",)),
        (["classifier", "internal"], 9, ()),
        (["authority"], 0, ("authority",)),
        (["trusted_flagger", "authority", "user"], 9, ("authority", "trusted_flagger", "users_10")),
    ],
)
def test_what_gives_occasion_for_a_new_look(sources: list[str], before: int, found: tuple[str, ...]) -> None:
    assert occasions(sources, user_reports_before=before) == found
