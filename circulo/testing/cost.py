"""What an answer costs, in statements."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from circulo.accounts import news


def query_cost(call: Callable[..., Any], *arguments: Any, **named: Any) -> int:
    """How many statements a call sends to the database.

    Which definitions are in force was heard of a moment ago, as within a page: else the clock would
    decide whether it is asked for.
    """
    news.forget()
    news.version()
    with CaptureQueriesContext(connection) as captured:
        call(*arguments, **named)
    return len(captured)
