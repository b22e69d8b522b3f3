"""ASGI entry: HTTP by Django; WebSockets by Channels, from our own origin and signed-in people only."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

# Consumers need the apps that the line above has loaded.
from web.desk.routing import websocket_urlpatterns  # noqa: E402

websocket = AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
