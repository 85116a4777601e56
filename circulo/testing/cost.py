"""What an answer costs, in statements."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def query_cost(call: Callable[..., Any], *arguments: Any, **named: Any) -> int:
    """How many statements a call sends to the database."""
    with CaptureQueriesContext(connection) as captured:
        call(*arguments, **named)
    return len(captured)
