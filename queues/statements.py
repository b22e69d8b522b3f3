"""The SQL texts of queues: what stands in ``people.statements`` says how they are written.

Each is named for what it does; a sentence behind it says what it returns. Texts that know what somebody has skipped stay with
the services that hand out work (``services.picking``, ``services.queue_facts``): nobody else may know it (promise P8).
"""

from people.statements import Statement, columns, fields_of
from queues.models import Claim, Job, Lane, Queue

CLAIM_COLUMNS = f"{columns(Claim, 'claim')}, {columns(Job, 'job')}, {columns(Lane, 'lane')}"
"""What is read of a claim, its job and its lane, in the order in which ``selectors.claims.claim_from`` takes it."""
FROM_CLAIM = """
FROM queues_claim AS claim
JOIN queues_job AS job ON job.id = claim.job_id
JOIN queues_lane AS lane ON lane.id = job.lane_id
"""
"""Where that is read from."""
OPEN_CLAIM_WITH_QUEUE = f"""
SELECT {{array}}({CLAIM_COLUMNS}, {columns(Queue, "queue")}) {FROM_CLAIM}
JOIN queues_queue AS queue ON queue.id = lane.queue_id
WHERE claim.subject = %(subject)s AND NOT (claim.state = 'closed')
"""
"""The template of a part of a statement that yields what ``claim_from`` takes, the queue too."""
OPEN_CLAIM = Statement(f"""
SELECT CAST((
    SELECT {{array}}({CLAIM_COLUMNS}) {FROM_CLAIM}
    WHERE claim.subject = %(subject)s AND NOT (claim.state = 'closed')
) AS text)
""")
"""The claim that a person holds, live or parked, with its job and lane."""
OWN_CLAIM = Statement(f"""
SELECT CAST({{array}}({CLAIM_COLUMNS}, {columns(Queue, "queue")}) AS text) {FROM_CLAIM}
JOIN queues_queue AS queue ON queue.id = lane.queue_id
WHERE claim.id = %(claim_id)s AND claim.subject = %(subject)s
""")
"""A claim of this person, live or long closed, with its job, lane and queue."""
OPEN_WORK_BY_LANE = Statement("""
SELECT told.lane_id, told.due_quarter, SUM(told.jobs), SUM(told.seconds)
FROM (
    SELECT lane_id, due_quarter, jobs, seconds FROM queues_tally
    UNION ALL
    SELECT lane_id, due_quarter, jobs, seconds FROM queues_tallychange
) AS told
JOIN queues_lane AS lane ON lane.id = told.lane_id
WHERE lane.queue_id = %(queue_id)s
GROUP BY told.lane_id, told.due_quarter
HAVING SUM(told.jobs) > 0
ORDER BY told.lane_id, told.due_quarter
""")
"""What is open in a queue: lane, due quarter, jobs, expected seconds; folded counters and changes not folded yet."""
OLDEST_OPEN_BY_LANE = Statement("""
SELECT lane.id, (
    SELECT MIN(job.created_at) FROM queues_job AS job
    WHERE job.lane_id = lane.id AND job.state IN ('offering', 'waiting', 'claimed')
)
FROM queues_lane AS lane WHERE lane.queue_id = %(queue_id)s ORDER BY lane.id
""")
"""Each lane of a queue, and since when its oldest open job is; by an index."""
DECIDED_BETWEEN = Statement("""
SELECT DISTINCT claim.subject, job.lane_id
FROM queues_claim AS claim
JOIN queues_job AS job ON job.id = claim.job_id
JOIN queues_lane AS lane ON lane.id = job.lane_id
WHERE claim.closed_reason = 'decided' AND claim.closed_at > %(after)s AND claim.closed_at <= %(until)s
AND lane.queue_id = %(queue_id)s
""")
"""Who decided in a queue after one instant, until another, and in which of its lanes."""
CLOSE_JOB = Statement(
    "UPDATE queues_job SET state = 'done' WHERE id = %(job_id)s AND state = 'claimed' AND fence = %(fence)s"
)
"""Settle a claimed job, if its fence is still the one that was handed out."""
CLOSE_CLAIM = Statement("""
UPDATE queues_claim SET state = 'closed', closed_at = %(at)s, closed_reason = 'decided'
WHERE id = %(claim_id)s AND state = 'live' AND fence = %(fence)s AND lease_until > %(at)s
""")
"""Close a live claim as decided, if fence and lease still hold."""
WRITE_CLAIM = Statement(
    f"INSERT INTO queues_claim ({columns(Claim)}) "  # noqa: S608 - from names of fields
    f"VALUES ({', '.join(f'%(taken_{field.attname})s' for field in fields_of(Claim))})"
)
"""Write a claim; each parameter is a field's name after ``taken_``."""
RENEW_LEASE = Statement("UPDATE queues_claim SET lease_until = %(lease_until)s WHERE id = %(claim_id)s")
"""Move the end of a claim's lease."""
LET_WAIT_UNASKED = Statement("""
UPDATE queues_job SET state = 'waiting'
WHERE id = %(id)s AND state = 'offering'
  AND NOT EXISTS (SELECT 1 FROM queues_ticket WHERE last_beat_at >= %(fresh_since)s)
""")
"""Let a job that is to be offered wait, where no desk waits that could be asked."""
LOCK_LANE_AND_PERSON = Statement("""
SELECT pg_try_advisory_xact_lock(hashtext('lane of bookmarks'), hashint8(%(lane_id)s))
   AND pg_try_advisory_xact_lock(hashtext('person of bookmarks'), hashtext(CAST(CAST(%(subject)s AS uuid) AS text)))
""")
"""Try for the locks of a lane's bookmarks and of a person's, to the end of the transaction; tells whether it has both."""
LOCK_LANE = Statement(
    "SELECT pg_try_advisory_xact_lock(hashtext('lane of bookmarks'), hashint8(%(lane_id)s))"
)
"""Try for the lock of a lane's bookmarks alone; tells whether it has it."""
