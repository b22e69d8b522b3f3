"""WSGI entry of a cluster's web processes: the pages and the API, once it is certain that this is a cluster."""

from config.wsgi import application  # isort: skip - it loads Django, which what follows needs

import gc
import sys

from django.db import connection

from config import cluster
from config.health import roles_apart

cluster.insist()
for line in roles_apart():
    sys.stderr.write(f"{line}\n")
connection.close()
# What is loaded by now stays: nobody need look through it again for what may go.
gc.collect()
gc.freeze()

__all__ = ["application"]
