"""Every page, above all that is judged, queued and kept: who sees it, and how.

One folder for each kind of reader, and ``shared`` for what several of them show. In a folder a subject's files bear its name:
``<subject>_views`` (its addresses: what is shown, and what is done), ``<subject>_acts`` (the same where an act of the desk is
answered with what it shows next), ``<subject>_pages`` (what a page says, in rows and sentences) and ``<subject>_forms`` (what is
written there). ``views``, ``acts``, ``pages`` and ``forms`` alone are of the folder's first page, or serve several subjects.
"""
