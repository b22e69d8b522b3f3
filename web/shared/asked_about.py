"""What a question to the wellbeing officer is about, in the same words for who asked and who answers."""

from django.utils.translation import gettext as _

from web.shared import flags
from web.shared.explaining import RULES
from web.shared.limits import label
from wellbeing.officer.selectors.contest import FLAG, REFUSAL, QuestionLine


def subject_matter(line: QuestionLine) -> str:
    """Return 'Minutes at severity 3 and up', 'A refusal, rule “The night”', 'A load flag: the load rose fast'."""
    if line.limit is not None:
        return label(line.limit.name)
    return in_words(line.about, line.flag or line.about_ref)


def in_words(about: str, ref: str) -> str:
    """Return what a question about a rule (by name) or a flag (by code) is about."""
    if about == REFUSAL and ref in RULES:
        return _("A refusal, rule “%(rule)s”") % {"rule": str(RULES[ref].rule)}
    if about == FLAG:
        return _("A load flag: %(flag)s") % {"flag": flags.name(ref)}
    return _("A question")
