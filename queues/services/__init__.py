"""Locks, and why nobody waits in a circle.

One order, never backwards: queue (shared, by who takes items in) → wellbeing row of the person → lane → job →
(case → items → feed head, in ``moderation``) → ticket. ``rev`` rows move after the commit.

* A claim is written only under its holder's wellbeing row; so are the person's exposure, breaks and skips. Two tabs,
  two processes, a decision and the sweep meet at that row, and the second one reads what the first one left.
* A job changes state by an UPDATE that names the state and the fence it must have; the row count says who won. Two
  people meet at the job: the pick skips what others have locked, an offer or an end waits and then looks again.
* Whoever starts from a job or a case (``claims.end_for_case``, ``offers``, ``sweep``) reads the holder unlocked, locks
  that wellbeing row, then the job, checks again, and starts over in a new transaction or savepoint if it changed: a
  savepoint that is rolled back gives up the locks taken in it. Several holders are locked in the order of their
  subjects, several jobs in the order of the line.
* An offer asks one desk per transaction, so no transaction waits for a second wellbeing row while it holds a job.
* PostgreSQL may keep a lock on a job that the pick found taken after waiting for it (``picking.PICK_AND_WAIT``): it
  goes through the line in order, as everybody else does.
* Who takes an item in holds its queue shared, so that it cannot close before they have committed; who closes it holds
  it alone, sees what they left, and waits for nobody but them (``services.queues.keep_from_closing``).
* What has the last word are the partial unique indexes: one open claim per job, one per person.

On SQLite every transaction is IMMEDIATE: there is one lock, taken first.
"""
