import pytest
from django.db import connection

from circulo.accounts import prepared

pytestmark = pytest.mark.django_db


def kept(word):
    """How many statements with a word in them the server has prepared for this connection."""
    sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"%{word}%"])
        return cursor.fetchone()[0]


def test_what_depends_on_its_values_is_planned_for_each_of_them():
    for number in range(8):
        assert prepared.run("SELECT 1 + %s::integer AS once", [number]) == [(1 + number,)]
        assert prepared.run_anew("SELECT 2 + %s::integer AS anew", [number]) == [(2 + number,)]

    assert (kept("AS once"), kept("AS anew")) == (1, 0)
