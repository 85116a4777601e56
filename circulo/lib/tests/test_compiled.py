"""A queryset's statement always exists, even where it can find nothing."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from circulo.lib.compiled import compiled


def found(rows):
    with connection.cursor() as cursor:
        cursor.execute(*compiled(rows))
        return cursor.fetchall()


@pytest.mark.django_db
def test_what_can_find_nothing_is_a_statement_too():
    some = ContentType.objects.order_by("pk").values_list("pk")

    assert found(some[:2]) == list(some[:2])
    assert found(some.none()) == []
    assert found(some.filter(pk__in=[])) == []
    assert found(some.filter(pk__in=ContentType.objects.none())) == []
    assert found(some.none().union(some.filter(pk__in=[]))) == []
