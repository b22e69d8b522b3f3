"""Who confirms that a person is themselves again, after somebody else has set their sign-in anew.

The officer and a representative together; where nobody is elected representative, two officers. An officer or a
representative who needs it is confirmed by one other person of these roles.
"""

from collections.abc import Collection, Sequence

from people.exceptions import MadeTheLink, NamedByTheMaker, NamedSince
from people.rules.roles import OPERATOR, REPRESENTATIVE, WELLBEING_OFFICER

CONFIRMERS = (WELLBEING_OFFICER, REPRESENTATIVE)


def check_signer(
    *,
    made_by: Collection[str],
    signer: str,
    held: Collection[str],
    is_named_since: bool,
    is_of_one_hand: bool,
) -> None:
    """Refuse who may not sign for resets that were *made_by* these; *held*: all roles of the signer.

    ``is_of_one_hand``: one hand is behind the signer and behind a link or its person.

    Raises:
        MadeTheLink, NamedSince, NamedByTheMaker: why.
    """
    nobody_knows = any(not maker or maker == "system" for maker in made_by)
    if signer in made_by or (nobody_knows and OPERATOR in held):
        raise MadeTheLink
    if is_named_since:
        raise NamedSince
    if is_of_one_hand:
        raise NamedByTheMaker


def is_confirmed_by(signed_as: Sequence[str], *, held: Collection[str], has_representative: bool) -> bool:
    """Say whether these signatures, each of another person, confirm somebody who holds the roles *held*."""
    if {*held} & {*CONFIRMERS}:
        return bool(signed_as)
    if has_representative:
        return {*CONFIRMERS} <= {*signed_as}
    return signed_as.count(WELLBEING_OFFICER) > 1


def still_wanted(
    signed_as: Sequence[str], *, held: Collection[str], has_representative: bool
) -> tuple[str, ...]:
    """Return the roles of which one more signature is wanted; any of them where one is enough."""
    if is_confirmed_by(signed_as, held=held, has_representative=has_representative):
        return ()
    if {*held} & {*CONFIRMERS}:
        return CONFIRMERS
    if not has_representative:
        return (WELLBEING_OFFICER,)
    return tuple(role for role in CONFIRMERS if role not in signed_as)
