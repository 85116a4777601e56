"""What a new installation begins with."""

import pytest

from circulo.sales.models import Pipeline, Reason

pytestmark = pytest.mark.django_db


def test_there_is_a_pipeline_to_begin_with_and_reasons_for_both_ends():
    pipeline = Pipeline.objects.get(is_default=True)
    stages = pipeline.stages.in_order()
    assert [stage.probability for stage in stages] == [10, 25, 50, 75, 90]
    assert all(stage.advice and stage.stale_after for stage in stages)
    assert {reason.outcome for reason in Reason.objects.in_use()} == {"won", "lost"}
