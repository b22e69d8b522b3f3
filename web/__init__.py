"""Every page, above all that is judged, queued and kept: who sees it, and how.

One folder for each kind of reader, and ``shared`` for what several of them show.
"""
