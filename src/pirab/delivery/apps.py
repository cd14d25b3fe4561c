"""Django application `delivery`."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "pirab.delivery"
    label = "delivery"
