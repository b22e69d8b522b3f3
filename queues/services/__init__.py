"""Locks, and why nobody waits in a circle.

One order, never backwards: queue (shared, by who takes items in) → wellbeing row of the person → lane → job →
(case → items → feed head, in ``moderation``) → the next job, never waited for → ticket. ``rev`` rows move after the commit.

* A claim is written only under its holder's wellbeing row; so are the person's exposure, breaks and skips. Two tabs,
  two processes, a decision and the sweep meet at that row, and the second one reads what the first one left.
* A job changes state by an UPDATE that names the state and the fence it must have; the row count says who won. Two
  people meet at the job: the pick skips what others have locked, an offer or an end waits and then looks again.
* Whoever starts from a job or a case (``claims.end_for_case``, ``offers``, ``sweep``) reads the holder unlocked, locks
  that wellbeing row, then the job, checks again, and starts over in a new transaction or savepoint if it changed: a
  savepoint that is rolled back gives up the locks taken in it. Several holders are locked in the order of their
  subjects, several jobs in the order of the line.
* An offer asks one desk per transaction, so no transaction waits for a second wellbeing row while it holds a job.
* PostgreSQL may keep a lock on a job that the pick found taken after waiting for it (``picking.Look.waits``): it
  goes through the line in order, as everybody else does.
* One act closes the case in hand and takes the next (``going_on``), so it locks person → lane, job and case of what is in
  hand → the next job → its own rows and its ticket: after a case comes a job. Nothing waits in a circle for that, because
  the next job is the last thing that an act locks which anybody else could hold, and it never waits for it. It is picked
  with SKIP LOCKED or not at all; what is written after it is of this very person, under whose lock all of that is written.
  Whoever waits for that job (an end, a label, an offer) waits for one who waits for nobody. What the act does wait for it
  asks before: the lane, jobs and case of what its person has in hand; whoever holds those, and is no act, goes from persons
  to jobs to the case and asks for this person's row first, or starts over. Two acts that end looks at one case go from its
  jobs, in the order of the line, to the case; one that has just picked a job of it waits no more. What would have to be waited for, a job that all others hold, an older
  ticket, comes after the commit, in a transaction that begins with the person again.
* The pick is undone by a savepoint, which gives up the job. Nothing in the act counts on what the pick has changed in
  objects: the person becomes what they were (``Locked.restore``).
* Triggers on the jobs only add rows (``TallyChange``): two acts that end and take jobs of the same two lanes, each the other
  way round, meet at no counter.
* A trigger on the jobs shares the lane's lock of bookmarks, to the commit, where a job comes to wait; one on the skips that of
  the person, where a skip is taken back. Whoever moves bookmarks (``bookmarks``) holds these alone, in a transaction of its own
  after an act: it only tries for them, and waits for nobody while it has them. So they may be asked for at any place.
* Who takes an item in holds its queue shared, so that it cannot close before they have committed; who closes it holds
  it alone, sees what they left, and waits for nobody but them (``services.queues.keep_from_closing``).
* What has the last word are the partial unique indexes: one open claim per job, one per person.

On SQLite every transaction is IMMEDIATE: there is one lock, taken first.
"""
