"""Every SQL text of people."""

from people.models import User
from people.statements import Statement, columns

ROLES_AND_ZONES = """
    CAST(me.id AS text),
    CAST((
        SELECT {list}(held.role) FROM people_rolegrant AS held
        WHERE held.user_id = me.user_id AND held.revoked_at IS NULL
    ) AS text),
    CAST((
        SELECT {list}({array}(period.zone, period.effective_from))
        FROM people_timezoneperiod AS period WHERE period.user_id = me.user_id
    ) AS text),
    EXISTS (SELECT 1 FROM people_reset AS made WHERE made.user_id = me.user_id AND made.confirmed_at IS NULL)
"""
"""For a statement with a subject ``me``: the four columns of which ``roles_and_zones_from`` makes a person."""
USER_IN_ROLES = Statement(f"""
SELECT {ROLES_AND_ZONES} FROM people_subject AS me WHERE me.user_id = %(user)s
""")  # noqa: S608 - only constants
"""Of a user: the columns of ``ROLES_AND_ZONES``."""
SESSION_WITH_USER = Statement(f"""
SELECT said.session_data, CAST(said.expire_date AS text), CAST({{array}}({columns(User, "person")}) AS text), {ROLES_AND_ZONES}
FROM django_session AS said
JOIN usersessions_usersession AS opened ON opened.session_key = said.session_key
LEFT JOIN people_user AS person ON person.id = opened.user_id AND person.is_active
LEFT JOIN people_subject AS me ON me.user_id = person.id
WHERE said.session_key = %(key)s AND said.expire_date > %(at)s
""")  # noqa: S608 - only constants
"""A session that lasts: what it says, until when, and beside it the user who signed in with it, if active, with the columns of
``ROLES_AND_ZONES``."""
PROFILE = Statement("""
SELECT
    (SELECT person.is_active FROM people_user AS person WHERE person.id = me.user_id),
    CAST((SELECT person.began_on FROM people_user AS person WHERE person.id = me.user_id) AS text),
    CAST((
        SELECT {list}(skill.code) FROM people_skill AS skill WHERE skill.user_id = me.user_id
    ) AS text),
    CAST((
        SELECT {list}({array}(period.zone, period.effective_from))
        FROM people_timezoneperiod AS period WHERE period.user_id = me.user_id
    ) AS text),
    CAST((
        SELECT {list}({array}(stay.team_id, stay.effective_from, stay.effective_until))
        FROM people_teammembership AS stay
        WHERE stay.user_id = me.user_id
          AND (stay.effective_until IS NULL OR stay.effective_until > %(since)s)
    ) AS text)
FROM people_subject AS me
WHERE me.id = %(subject)s
""")
"""What allocation asks of a person: active, since when, skills, zones, and the teams that they did not leave before *since*."""
STAYS = """
SELECT stay.team_id FROM people_teammembership AS stay JOIN people_subject AS me ON me.user_id = stay.user_id
WHERE me.id = %(subject)s AND (stay.effective_until IS NULL OR stay.effective_until > %(left_since)s)
"""
"""For a part of a statement: the teams in which a person is, will be, or was after *left_since*, as in their profile."""
TEAM = """
SELECT stay.team_id FROM people_teammembership AS stay JOIN people_subject AS me ON me.user_id = stay.user_id
WHERE me.id = %(subject)s AND stay.effective_from <= %(team_at)s
  AND (stay.effective_until IS NULL OR stay.effective_until > %(team_at)s)
"""
"""For a part of a statement: the team in which a person is at *team_at*."""
LASTING_SESSION = Statement("""
SELECT session_data, CAST(expire_date AS text)
FROM django_session WHERE session_key = %(key)s AND expire_date > %(at)s
""")
"""A session that lasts: what it says, and until when."""
