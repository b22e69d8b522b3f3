"""Every SQL text of moderation: what stands in ``people.statements`` says how they are written.

Each is named for what it does; a sentence behind it says what it returns.
"""

from moderation.models import (
    Blob,
    Case,
    Decision,
    DecisionState,
    Draft,
    ItemRevision,
    Medium,
    PolicyVersion,
    Report,
)
from people.statements import Statement, columns, fields_of
from queues.models import Queue


def _policy_of(case: str) -> str:
    """Return a subquery: the policy in force for *case*, an alias, as ``selectors.taxonomy.policy_in_force`` has it."""
    return f"""
        SELECT {{array}}({columns(PolicyVersion, "policy")}) FROM moderation_policyversion AS policy
        WHERE policy.queue_id = {case}.queue_id AND policy.in_force_from <= %(at)s
        ORDER BY policy.version DESC LIMIT 1
    """  # noqa: S608 - only names of columns


TAXONOMY_MARK = "(SELECT stamp FROM people_mark WHERE key = 'taxonomy')"
"""For a part of a statement: the stamp under which the categories in force may be kept."""
CATEGORIES_IN_FORCE = Statement("""
SELECT
    CAST({list}({array}(
        category.position, category.code, category.label, version.severity, version.flags, category.dsa_category,
        coalesce(version.is_enabled, category.is_enabled)
    )) AS text),
    CAST((
        SELECT min(next.effective_from) FROM moderation_categoryversion AS next WHERE next.effective_from > %(at)s
    ) AS text)
FROM moderation_category AS category
JOIN moderation_categoryversion AS version ON version.id = (
    SELECT max(newest.id) FROM moderation_categoryversion AS newest
    WHERE newest.category_id = category.code AND newest.effective_from <= %(at)s
)
""")
"""All categories: of each one's versions whose time has come, the one written last counts. Beside them, when the next one's comes."""
CONTENT = Statement(f"""
SELECT
    CAST({{array}}({columns(Case, "shown")}) AS text),
    CAST({{array}}({columns(Queue, "queue")}) AS text),
    CAST({{array}}({columns(ItemRevision, "revision")}) AS text),
    CAST((
        SELECT {{list}}({{array}}({columns(Medium, "medium")}, {columns(Blob, "blob")}))
        FROM moderation_medium AS medium JOIN moderation_blob AS blob ON blob.sha256 = medium.blob_id
        WHERE medium.revision_id = revision.id AND blob.state = %(ready)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}({columns(Report, "report")}))
        FROM (
            SELECT * FROM moderation_report WHERE case_id = shown.id ORDER BY id LIMIT %(reports)s
        ) AS report
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Draft, "draft")}) FROM moderation_draft AS draft
        WHERE draft.case_id = shown.id AND draft.subject = %(subject)s
    ) AS text),
    CAST(({_policy_of("shown")}) AS text),
    {TAXONOMY_MARK}
FROM moderation_case AS shown
JOIN queues_queue AS queue ON queue.id = shown.queue_id
JOIN moderation_itemrevision AS revision ON revision.id = (
    SELECT min(one.id) FROM moderation_itemrevision AS one WHERE one.case_id = shown.id
)
WHERE shown.id = %(case)s
""")  # noqa: S608 - only names of columns
"""What the holder of a case is shown: case, queue, first revision, media, reports, draft, policy, and the taxonomy's mark."""
TO_HEED = Statement(f"""
WITH mine AS (
    SELECT job.case_ref FROM queues_claim AS claim JOIN queues_job AS job ON job.id = claim.job_id
    WHERE claim.id = %(claim_id)s AND claim.subject = %(subject)s
)
SELECT
    CAST((
        SELECT {{list}}({{array}}({columns(Decision)})) FROM moderation_decision
        WHERE id = %(decision_id)s OR (
            case_id = (SELECT case_ref FROM mine)
            AND state IN ('{DecisionState.PROVISIONAL}', '{DecisionState.FINAL}')
        )
    ) AS text),
    CAST((SELECT earlier_id FROM moderation_case WHERE id = (SELECT case_ref FROM mine)) AS text),
    {TAXONOMY_MARK}
""")  # noqa: S608 - put together from constants
"""What a decision must heed: those that stand on the case of a claim, or bear its id; the one beside a new look; the taxonomy's mark."""
CLOSE_CASE = Statement(f"""
UPDATE moderation_case
SET state = 'decided', closed_at = %(at)s, severity = {{greatest}}(severity, %(severity)s)
WHERE id = %(case_id)s
RETURNING
    CAST({{array}}({columns(Case)}) AS text),
    CAST(({_policy_of("moderation_case")}) AS text),
    CAST((
        SELECT {{list}}(file.blob_id)
        FROM (
            SELECT DISTINCT medium.blob_id
            FROM moderation_medium AS medium
            JOIN moderation_itemrevision AS revision ON revision.id = medium.revision_id
            WHERE revision.case_id = %(case_id)s
        ) AS file
    ) AS text)
""")  # noqa: S608 - put together from constants
"""Close a case; return it, its policy, and its files. What is read beside the case does not change under its lock."""
WRITE_DECISION = Statement(
    f"INSERT INTO moderation_decision ({columns(Decision)}) "  # noqa: S608 - as above
    f"VALUES ({', '.join(f'%({field.attname})s' for field in fields_of(Decision))})"
)
"""Write a decision."""
WRITE_CATEGORY = Statement("""
INSERT INTO moderation_decisioncategory (decision_id, category_id, position)
VALUES (%(id)s, %(found_code)s, %(found_position)s)
""")
"""Write one category of a decision."""
WRITE_VERDICT = Statement("""
INSERT INTO moderation_mediumverdict (decision_id, sha256, verdict, severity)
VALUES (%(id)s, %(file_sha256)s, %(file_verdict)s, %(file_severity)s)
""")
"""Write the verdict on one file."""
TAKE_DRAFT_AWAY = Statement(
    "DELETE FROM moderation_draft WHERE case_id = %(case_id)s AND subject = %(subject)s"
)
"""Delete what its person drafted about a case."""
TAKE_POSITIONS = Statement("""
INSERT INTO moderation_feedhead (platform_id, position) VALUES (%(platform_id)s, %(count)s)
ON CONFLICT (platform_id) DO UPDATE SET position = moderation_feedhead.position + excluded.position
RETURNING position
""")
"""Take the next positions of a platform's feed, under its head's lock; return the last of them."""
