"""The kinds of other paid work in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wellbeing.core.rules.presence import Activity

LABELS: Final[dict[Activity, str | Promise]] = {
    Activity.READING_POLICY: gettext_lazy("Reading policy"),
    Activity.TRAINING: gettext_lazy("Training"),
    Activity.PEER_TALK: gettext_lazy("Talking with colleagues"),
    Activity.NOTHING: gettext_lazy("Nothing for now"),
}
