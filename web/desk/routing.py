"""The desk's WebSocket addresses, and what answers at every other one."""

from django.urls import path, re_path

from web.desk.consumers import DeskConsumer, NowhereConsumer

websocket_urlpatterns = [
    path("ws/desk/", DeskConsumer.as_asgi()),
    re_path(r"^.*$", NowhereConsumer.as_asgi()),
]
