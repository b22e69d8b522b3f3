"""The desk's words: severities, media, languages, clock times. Short, warm, exact."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from moderation.models import PolicyVersion
from queues.models import Queue
from web.shared import severities

MEDIA: Final = {
    "picture": gettext_lazy("Picture"),
    "text": gettext_lazy("Text"),
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Sound"),
}
ACTIONS: Final = {
    "none": (gettext_lazy("No action"), "n"),
    "restrict": (gettext_lazy("Restrict"), "r"),
    "remove": (gettext_lazy("Remove"), "x"),
    "label": (gettext_lazy("Label"), "l"),
    "refer": (gettext_lazy("Refer"), "f"),
}
SOURCES: Final = {
    "user": gettext_lazy("from a user"),
    "classifier": gettext_lazy("from a classifier"),
    "trusted_flagger": gettext_lazy("from a trusted flagger"),
    "authority": gettext_lazy("from an authority"),
    "internal": gettext_lazy("from the platform"),
}


def severity(value: int) -> str:
    """Return '3 · graphic': number and word, never colour alone."""
    return severities.severity(value)


def medium(kind: str, count: int) -> str:
    """Return 'Picture', or '3 pictures'."""
    if kind == "picture" and count > 1:
        return ngettext("%(count)d picture", "%(count)d pictures", count) % {"count": count}
    return str(MEDIA.get(kind, MEDIA["text"]))


def words_in(text: str) -> str:
    """Return '24 words'."""
    count = len(text.split())
    return ngettext("%(count)d word", "%(count)d words", count) % {"count": count}


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Return '14:20' on the person's own clock."""
    return f"{at.astimezone(zone):%H:%M}"


def from_then(at: datetime, zone: ZoneInfo) -> str:
    """Return the minute from which something is so: whoever comes on that minute does not come too early."""
    return clock(at + timedelta(minutes=1) - timedelta(microseconds=1), zone)


def purpose_of(queue: Queue) -> str:
    """Return one line: what it is for, for whom, what the decision is used for, and whether it trains a model."""
    training = _("Used to train models.") if queue.trains_model else _("Not used to train models.")
    purpose = queue.purpose.rstrip(".")
    for_whom = _("%(purpose)s, for %(client)s.") % {
        "purpose": purpose,
        "client": queue.client_name.rstrip("."),
    }
    return " ".join(part for part in (for_whom, queue.decision_use.strip(), training) if part)


def policy_of(policy: PolicyVersion) -> str:
    """Return 'Policy 12, guidance', the words that open it."""
    return _("Policy %(version)s, guidance") % {"version": policy.version}
