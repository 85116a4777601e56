"""Telling open pages that something changed."""

from django.db import connection


def publish(topic: str) -> None:
    """Tell everyone who follows a topic, when this transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('circulo', %s)", [topic])
