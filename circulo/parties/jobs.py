"""What is done for parties in the background: duplicates are looked for, territories given."""

from procrastinate.contrib.django import app

from circulo.parties import actions
from circulo.parties.actions import placing
from circulo.parties.models import DuplicateSearch, PartyKind
from circulo.records import background


@app.task(name="parties.find_duplicates", lock="parties.find_duplicates")
def find_duplicates(search: int) -> None:
    """Do a search that was started, unless it was done already."""
    found = DuplicateSearch.objects.filter(pk=search).first()
    if found is not None and not found.is_over:
        actions.run_search(found)


@app.periodic(cron="23 2 * * *")
@app.task(name="parties.search_tonight")
def search_tonight(timestamp: int) -> None:
    """Settle what slipped past the merges of the day, then look for new duplicates."""
    actions.follow_merges()
    for kind in PartyKind:
        actions.start_search(kind, by=None)


@app.task(name="parties.place_parties", retry=background.AGAIN)
def place_parties(keys: str) -> None:
    """Put parties that a load brought where they belong."""
    placing.place_parties(map(int, keys.split(",")))


@app.task(name="parties.place_all", lock="parties.place_all", retry=background.AGAIN)
def place_all() -> None:
    """Put every party where the rules say since they were changed."""
    placing.place_all()


@app.periodic(cron="11 3 * * *")
@app.task(name="parties.place_tonight", lock="parties.place_all")
def place_tonight(timestamp: int) -> None:
    """Put right what was written while another process still knew the rules of before."""
    placing.place_all()
