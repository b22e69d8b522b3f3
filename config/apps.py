from django.apps import AppConfig

from config import checks

__all__ = ["checks"]  # importing them registers the system checks


class ConfigConfig(AppConfig):
    name = "config"
    default_auto_field = "django.db.models.BigAutoField"
