"""The load at P = 1 beside the load as it was shown: what limits, flags and officers read tells nobody's levels.

It is filled from the raw rows where they are; a sum without rows gets what its seconds and cases weigh. The figures of load
flags that were raised before are emptied: they were made of levels.
"""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.models import Case, F, Value, When

SHIPPED = (0, 25, 100, 200, 400)
"""Severity → weight in hundredths, of version 1."""
AT_ONE = {"text": 50, "audio": 90}
"""Medium → hundredths; all that is seen counts 100."""
BASE_MS, MOST_MS = 10_000, 600_000
AT_ONCE = 500


def fill(apps, _schema_editor):
    for name in ("ExposureSum", "DaySum"):
        _from_sums(apps.get_model("wellbeing", name))
    versions = {row.version: _weights(row) for row in apps.get_model("wellbeing", "LoadModel").objects.all()}
    subjects = apps.get_model("wellbeing", "Exposure").objects.order_by("subject")
    for subject in subjects.values_list("subject", flat=True).distinct():
        _from_rows(apps, subject, versions)


def forget_figures(apps, _schema_editor):
    flags = apps.get_model("wellbeing", "LoadFlag").objects.filter(code__in=("RAPID_RISE", "HEAVY_STREAK"))
    flags.update(figures={})


def _weights(row):
    return (row.weight_0, row.weight_1, row.weight_2, row.weight_3, row.weight_4)


def _from_sums(model):
    weight = Case(*(When(severity=n, then=Value(one)) for n, one in enumerate(SHIPPED)), default=Value(0))
    base = Case(When(severity__gte=2, then=F("cases") * BASE_MS), default=Value(0))
    model.objects.update(units_at_one=weight * 100 * (F("shown_ms") + base))


def _from_rows(apps, subject, versions):
    """Weigh the rows of one person in the order of sight, and their sums by what the rows add up to."""
    zones = _zones(apps, subject)
    shown_ms, based = defaultdict(int), set()
    quarters, dates, changed = defaultdict(int), defaultdict(int), []
    model = apps.get_model("wellbeing", "Exposure")
    for row in model.objects.filter(subject=subject).order_by("opened_at", "clearest"):
        on = _local_date(zones, row.quarter_at)
        case = row.case_ref, on
        row.case_ms = shown_ms[case]
        shown_ms[case] += row.shown_ms
        counted = min(shown_ms[case], MOST_MS) - min(row.case_ms, MOST_MS)
        if row.severity >= 2 and case not in based:
            based.add(case)
            counted += BASE_MS
        weight = versions.get(row.load_model_version, SHIPPED)[row.severity]
        row.units_at_one = weight * AT_ONE.get(row.medium, 100) * counted
        quarters[row.quarter_at, row.severity] += row.units_at_one
        dates[on, row.severity] += row.units_at_one
        changed.append(row)
    model.objects.bulk_update(changed, ["units_at_one", "case_ms"], batch_size=AT_ONCE)
    _write(apps.get_model("wellbeing", "ExposureSum"), subject, "quarter_at", quarters)
    _write(apps.get_model("wellbeing", "DaySum"), subject, "local_date", dates)


def _write(model, subject, when, units):
    rows = list(model.objects.filter(subject=subject))
    for row in rows:
        row.units_at_one = units.get((getattr(row, when), row.severity), row.units_at_one)
    model.objects.bulk_update(rows, ["units_at_one"], batch_size=AT_ONCE)


def _zones(apps, subject):
    """Return (from when, zone) of a person, the newest first."""
    periods = apps.get_model("people", "TimeZonePeriod").objects.filter(user__subject=subject)
    return list(periods.order_by("-effective_from").values_list("effective_from", "zone"))


def _local_date(zones, at):
    name = next((zone for since, zone in zones if since <= at), "UTC")
    return at.astimezone(ZoneInfo(name)).date()


class Migration(migrations.Migration):
    dependencies = [("people", "0007_marks"), ("wellbeing", "0012_who_was_shown_a_case")]

    operations = [
        *(
            migrations.AddField(model, name, models.PositiveBigIntegerField(default=0))
            for model, name in (
                ("exposure", "units_at_one"),
                ("exposure", "case_ms"),
                ("exposuresum", "units_at_one"),
                ("daysum", "units_at_one"),
            )
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(forget_figures, migrations.RunPython.noop, elidable=True),
    ]
