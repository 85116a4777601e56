from django.apps import AppConfig


class EmailConfig(AppConfig):
    """Círculo's mails to people outside."""

    name = "circulo.channels.email"
    label = "email"
