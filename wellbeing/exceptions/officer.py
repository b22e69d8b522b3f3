"""Why an officer is refused."""

from datetime import date, datetime

from wellbeing.exceptions.core import Refused


class AboutYourself(Refused):
    """What an officer does for a person, another officer does for an officer: nobody looks after their own limits alone."""

    code = "about_yourself"


class AnswerMissing(Refused):
    """An answer in writing needs words."""

    code = "answer_missing"


class ContactRefused(Refused):
    """Something about the line cannot be; ``part`` is the field it is about."""

    code = "contact_refused"

    def __init__(self, part: str) -> None:
        super().__init__(f"the contact's {part} cannot be")
        self.part = part


class NameMissing(ContactRefused):
    """Nobody can look for a line without a name."""

    code = "name_missing"


class NoWayToReach(ContactRefused):
    """Neither a phone number nor an address."""

    code = "no_way_to_reach"


class NoPhoneNumber(ContactRefused):
    """What is meant to be dialled cannot be."""

    code = "no_phone_number"


class NoCountry(ContactRefused):
    """Not two letters of ISO 3166."""

    code = "no_country"


class PartTooLong(ContactRefused):
    """Longer than ``most`` characters."""

    code = "part_too_long"

    def __init__(self, part: str, *, most: int) -> None:
        super().__init__(part)
        self.most = most


class MeasureUnknown(Refused):
    """There is no such kind of measure."""

    code = "measure_unknown"


class DateMissing(Refused):
    """A rest day needs its date, a lighter queue the first and the last."""

    code = "date_missing"


class DateOutOfReach(Refused):
    """The date lies before ``first`` or after ``last``, both local dates of the person."""

    code = "date_out_of_reach"

    def __init__(self, *, first: date, last: date) -> None:
        super().__init__("the date is out of reach")
        self.first = first
        self.last = last


class EndsBeforeStart(Refused):
    """The last day lies before the first."""

    code = "ends_before_start"


class OneDayOnly(Refused):
    """A rest day is one day."""

    code = "one_day_only"


class DatesNotWanted(Refused):
    """A contact, and nothing done, bind no days."""

    code = "dates_not_wanted"


class ContactEnded(Refused):
    """It was ended, or changed, before."""

    code = "contact_ended"


class ActedMeanwhile(Refused):
    """Another act on this flag came first. ``by`` (a subject), ``kind`` and ``acted_at`` are of that act."""

    code = "acted_meanwhile"

    def __init__(self, *, by: str, kind: str, acted_at: datetime, is_closed: bool) -> None:
        super().__init__("somebody else acted on this flag")
        self.by = by
        self.kind = kind
        self.acted_at = acted_at
        self.is_closed = is_closed


class MeasureEnded(Refused):
    """It was ended before, its days are over, or it binds no days."""

    code = "measure_ended"
