"""What people, roles, sign-ins, keys and teams refuse: facts, without words for a page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime


class SecondFactorOwed(Exception):
    """The role is there, the second factor that it asks for is not (RELIABILITY 'Access')."""


class Unconfirmed(Exception):
    """Somebody else has set this person's sign-in anew: no record is read and nothing signed by it until it is confirmed."""


class CannotDecrypt(Exception):
    """No key of the ring opens this text: a key was dropped too early, or the text was altered."""


class BeganInFuture(Exception):
    """Nobody has done work since a day that is still to come; ``today`` is the last one that can be, in their zone."""

    def __init__(self, today: date) -> None:
        self.today = today
        super().__init__(
            f"The work cannot have begun after today, {today:%Y-%m-%d}. Leave it out for a new starter."
        )


class UnknownCountry(Exception):
    """No country has such a code."""

    def __init__(self, country: str) -> None:
        self.country = country
        super().__init__(f"“{country}” is no country code. Write two letters, as BE or KE.")


class UnknownScope(Exception):
    """A scope that no key can carry."""

    def __init__(self, scope: str, *, known: Iterable[str]) -> None:
        self.scope = scope
        super().__init__(f"There is no scope “{scope}”. The scopes are: {', '.join(known)}.")


class ExpiryPast(Exception):
    """The key would have expired before it was issued."""


class NameUnseen(Exception):
    """The name holds what nobody can see: a control, a mark of direction, a blank that is none."""


class NameMixed(Exception):
    """A word of the name mixes letters of two scripts."""


class NameLooksLike(Exception):
    """The name looks like *other*, which is there already; it is no part of the message, which may be logged."""

    def __init__(self, other: str) -> None:
        self.other = other
        super().__init__("looks like another name")


class MadeTheLink(Exception):
    """Nobody confirms a person whose link they made, or whose second factor they took away; no operator, where nobody
    knows whose act it was.
    """


class NamedByTheMaker(Exception):
    """Whoever made the link, or whom it concerns, has lately invited, reset or named the one who would confirm."""


class NamedSince(Exception):
    """The role was given after the reset: whoever can set a sign-in anew could also have named this person."""


class NotYourself(Exception):
    """Nobody confirms themselves by a signature."""


class RolesConflict(Exception):
    """Two roles that one person may not hold together; ``first`` and ``second`` are their codes."""

    def __init__(self, first: str, second: str, *, names: Mapping[str, str]) -> None:
        self.first = first
        self.second = second
        super().__init__(
            f"One person cannot be {names[first]} and {names[second]}. Take one of the two roles away first."
        )


class UnknownRole(Exception):
    """A role code that Respite does not know."""

    def __init__(self, role: str, *, known: Iterable[str]) -> None:
        self.role = role
        super().__init__(f"There is no role “{role}”. The roles are: {', '.join(known)}.")


class UnknownSkill(Exception):
    """A skill code that Respite does not know."""

    def __init__(self, skill: str) -> None:
        self.skill = skill
        super().__init__(
            f"There is no skill “{skill}”. Write senior, a language as lang:fr, or a category as trained:GORE."
        )


class NotYet(Exception):
    """The role is there and does not count before ``counts_from``; ``role`` is its code."""

    def __init__(self, role: str, counts_from: datetime) -> None:
        super().__init__(role)
        self.role = role
        self.counts_from = counts_from


class UnknownZone(Exception):
    """No IANA time zone bears this name."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        super().__init__(f"There is no time zone “{zone}”. Write it as Europe/Brussels or UTC.")


class UsernameRefused(Exception):
    """The name is empty, too long, or holds a character that a name cannot hold."""


class UsernameTaken(Exception):
    """Somebody signs in with this name already, whatever its capitals."""


class PasswordRefused(Exception):
    """The password is too easy; ``sentences`` say why."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


class ReasonMissing(Exception):
    """An account is not ended without saying why."""


class AlreadyDeactivated(Exception):
    """The account was ended before."""


class SameCountry(Exception):
    """The person is in that country already, as far as Respite knows."""


class AlreadyInTeam(Exception):
    """The person is in that team."""


class LastOperator(Exception):
    """Nobody could look after the installation any more."""


class NoSuchAnnouncement(Exception):
    """Nothing was announced under this number."""


class InvitationGone(Exception):
    """The link was used, replaced or ended, its seven days are over, or it never was."""


class NoLanguageChosen(Exception):
    """Nobody reads nothing: who does not want to say leaves it for later."""


class LanguagesAsBefore(Exception):
    """These languages are on record already; nothing was changed."""


class LanguagesChanged(Exception):
    """Others than the page showed are on record by now; nothing was changed."""


class PlatformNameMissing(Exception):
    """A platform needs a name of at most 120 characters."""


class PlatformNameTaken(Exception):
    """Another platform bears this name, whatever its capitals."""


class TooManyKeys(Exception):
    """Two keys of this kind are live already. Revoke one first."""


class AlreadyRevoked(Exception):
    """The key was revoked before."""


class NothingToConfirm(Exception):
    """The person is confirmed already, or their sign-in was set anew once more since the page was read."""


class AlreadySigned(Exception):
    """Two people sign, and this one has."""


class NotAConfirmer(Exception):
    """Who signs is an officer or a representative, and signs in as themselves."""


class WayUnknown(Exception):
    """It is said how the person was recognised: in person or by a call."""


class NotYourCode(Exception):
    """No second factor of the person's own, from before the reset, has this code."""


class NoFactor(Exception):
    """The person has no second factor that could be taken away."""


class NoSuchSession(Exception):
    """The person has no such session, or it is over."""


class ShieldUnknown(Exception):
    """There is no such setting: ``start_samples`` and ``floor_samples`` are all."""


class ShieldOutOfBounds(Exception):
    """The number of samples is below ``least`` or above ``most``."""

    def __init__(self, *, least: int, most: int) -> None:
        super().__init__("samples out of bounds")
        self.least = least
        self.most = most


class ShieldNotStronger(Exception):
    """It would be weaker, or the same; ``samples`` is what holds now. More samples are proposed and signed by two."""

    def __init__(self, *, samples: int) -> None:
        super().__init__("not a stronger shield")
        self.samples = samples


class TeamNameTaken(Exception):
    """Another team bears this name, whatever its capitals."""


class TeamNameMissing(Exception):
    """A team needs a name of at most 120 characters."""


class TriedTooOften(Exception):
    """So many wrong codes that none is looked at for a while."""


class TwoValues(Exception):
    """Parts of one statement give a parameter of the same name different values."""
