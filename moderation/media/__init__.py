"""Media: kept by content, checked cheaply at the door, decoded only in a child process with limits.

=========================  =====================================================================================
module                     what it gives
=========================  =====================================================================================
``store.BlobStore``        bytes by their SHA-256 on a local folder; survives a power cut at any moment
``sniff.sniff``            type by content, from headers alone; raises ``rejections.MediaRejected``
``prepare.prepare``        renditions and fingerprints, made by the child program ``worker``;
                           raises ``rejections.MediaRejected`` or ``prepare.PrepareFailed``
``rejections``             every code with which a medium is refused, and its sentence
``limits``                 every number
=========================  =====================================================================================

Nothing here knows Django, the clock of the product or a person. Only ``worker`` (and what it imports:
``renditions``, ``miniatures``) meets a decoder; no process that lives longer than one picture does.
"""
