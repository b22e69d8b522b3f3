"""ASGI entry: HTTP by Django; WebSockets by Channels, from our own origin and signed-in people only."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

# These need the apps that the line above has loaded.
from config.kept_threads import KeptThreads  # noqa: E402
from web.desk.routing import websocket_urlpatterns  # noqa: E402

http = KeptThreads()
websocket = AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
