"""The desk's WebSocket addresses."""

from django.urls import path

from web.desk.consumers import DeskConsumer

websocket_urlpatterns = [path("ws/desk/", DeskConsumer.as_asgi())]
