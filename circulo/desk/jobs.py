"""What the desk has done in the background."""

from procrastinate.contrib.django import app

from circulo.desk.bulk import write_batch
from circulo.records import background
from circulo.records.actions import many


@app.task(name="desk.change_many", retry=background.AGAIN)
def change_many(change_set: int) -> None:
    """Change a slice of many records, and have the rest done by another job."""
    background.run_slice(
        change_set,
        lambda found, is_enough: many.run_many(found, write_batch, is_enough=is_enough),
    )
