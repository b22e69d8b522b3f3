"""WSGI entry of a cluster's web processes: the pages and the API, once it is certain that this is a cluster."""

from config import cluster
from config.wsgi import application

cluster.insist()

__all__ = ["application"]
