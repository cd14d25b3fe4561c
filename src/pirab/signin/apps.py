"""Registers the app with Django."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Sessions and the brake on guessed passwords."""

    name = "pirab.signin"
    label = "signin"
    default_auto_field = "django.db.models.BigAutoField"
