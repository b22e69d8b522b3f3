"""WSGI entry, for the cluster's HTTP workers."""

import os

from django.core.wsgi import get_wsgi_application

from config import cluster

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
cluster.insist()
