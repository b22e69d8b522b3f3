"""WSGI entry of a cluster's web processes: the pages and the API, once it is certain that this is a cluster."""

import gc

from config import cluster
from config.wsgi import application

cluster.insist()
# What is loaded by now stays: nobody need look through it again for what may go.
gc.collect()
gc.freeze()

__all__ = ["application"]
