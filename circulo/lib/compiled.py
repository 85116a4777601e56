"""The statement that a queryset stands for, to be put inside one written by hand."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet


def compiled(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """Its SQL and parameters. Where rights leave nothing, it is a statement that finds nothing.

    `query.sql_with_params()` raises EmptyResultSet there, which each caller would have to think of.
    """
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False)
    sql, parameters = compiler.as_sql()
    return sql, tuple(parameters)
