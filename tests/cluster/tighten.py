"""Tightens a team's limit from a process of its own: ``python -m tests.cluster.tighten TEAM NAME VALUE``."""

import sys

import django


def main(team: str, name: str, value: int) -> None:
    django.setup()
    from django.utils import timezone

    from people.models import Team
    from wellbeing.limits.services.setting import set_limit

    set_limit(
        scope="team",
        scope_ref=str(Team.objects.get(name=team).pk),
        name=name,
        value=value,
        set_by="system",
        reason="tighter",
        at=timezone.now(),
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
