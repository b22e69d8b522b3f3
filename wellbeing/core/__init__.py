"""One person at one moment, for every decision about them: what binds them, what moves, and the rules over both.

``Person`` is asked alike under the lock (``Locked``), for their page, and for bytes.
"""
