"""Which question is worth asking next: by the value of what its answer would tell.

    worth = weight x uncertainty x rest
    uncertainty = 1 - 0.5 ^ (age of the answer / half-life); 1 where nothing is known
    rest = 0 where it was asked within `rest_days`, else 1

`circulo_question_value` computes it in the database, so that one party and ten thousand cost one
statement. `needs.certainty` names the sources.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, FloatField, Func, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from circulo.needs.models import Asking, Preference, Topic

LEAST = 0.2  # of a question that is worth the time of whoever is asked
MOST_ASKED, WITHIN_DAYS = 8, 30  # after so many questions a party is left in peace for so long


def questions(party: Combinable | int) -> QuerySet[Any]:
    """The topics in use, each with when it was last said and asked of a party, and its worth."""
    said = Preference.objects.current().filter(topic=OuterRef("pk"), party=party)
    asked = Asking.objects.filter(topic=OuterRef("pk"), party=party).order_by("-asked_at")
    return (
        Topic.objects.in_use()
        .annotate(
            said_at=Subquery(said.values("said_at")[:1]),
            asked_at=Subquery(asked.values("asked_at")[:1]),
        )
        .annotate(worth=worth_of(F("said_at"), F("asked_at")))
    )


def worth_of(said_at: Combinable, asked_at: Combinable) -> Func:
    """What asking a topic is worth now."""
    return Func(
        F("weight"),
        F("half_life_days"),
        F("rest_days"),
        said_at,
        asked_at,
        Now(),
        function="circulo_question_value",
        output_field=FloatField(),
    )
