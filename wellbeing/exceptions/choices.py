"""Why a choice is refused."""

from wellbeing.exceptions.core import Refused


class NobodyCalledSo(Refused):
    """No active moderator has this name."""

    code = "nobody_called_so"


class SeveralCalledSo(Refused):
    """More than one moderator has this name; their user names tell them apart."""

    code = "several_called_so"


class OwnName(Refused):
    """That is the person themselves."""

    code = "own_name"
