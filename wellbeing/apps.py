from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    name = "wellbeing"
    default_auto_field = "django.db.models.BigAutoField"
