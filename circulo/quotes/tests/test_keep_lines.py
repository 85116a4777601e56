"""Lines of deals and quotes stay themselves: taken out, added, moved among the others."""

import pytest

from circulo.catalog.keeping import places_among
from circulo.lib.acting import acting
from circulo.quotes import actions as quoting
from circulo.quotes.drafts import read as read_quote
from circulo.quotes.models import Quote
from circulo.quotes.printing import sheet_of
from circulo.quotes.shown import quotes_shown
from circulo.records.actions.undoing import undo_changes
from circulo.records.history import history_of
from circulo.records.models import ChangeSet
from circulo.sales import actions as selling
from circulo.sales.drafts import read as read_deal
from circulo.sales.models import Deal
from circulo.sales.shown import deals_shown
from circulo.testing.make import make_deal, make_product, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WINES = ("Tinto", "Blanco", "Rosado")


@pytest.fixture(params=["deal", "quote"])
def sold(request):
    """A deal or a quote with three lines, of which the second has a discount."""
    for name in WINES:
        make_product(price=10, name=name)
    lines = [{"product": "Tinto"}, {"product": "Blanco", "discount": 5}, {"product": "Rosado"}]
    if request.param == "deal":
        return make_deal(lines=lines)
    seller = make_user()
    return quoting.add_quote(read_quote({"title": "Vino", "lines": lines}, by=seller), by=seller)


def said(record, lines):
    with acting(record.owner_id, "screen") as act:
        if isinstance(record, Deal):
            draft = read_deal({"lines": lines}, by=record.owner, deal=record)
            selling.change_deal(record, draft, by=record.owner)
        else:
            said = read_quote({"lines": lines}, by=record.owner, quote=record)
            quoting.change_quote(record, said, by=record.owner)
    return act.change_set


def told(record):
    shown = deals_shown if isinstance(record, Deal) else quotes_shown
    return shown(record.owner, [record.pk])[0]["lines"]


def names(record):
    return [line["product_name"] for line in told(record)]


def history(record):
    """What the newest change says of lines: kind of change, column, product."""
    kind = "deal" if isinstance(record, Deal) else "quote"
    found = history_of(record.owner, kind, record.pk).lines
    newest = [one for one in found if one.change_set == found[0].change_set]
    lines = [one for one in newest if one.kind == f"{kind}_line"]
    return [("m" if one.is_move else one.op, one.column, one.after or one.before) for one in lines]


@pytest.mark.parametrize("named", [True, False])
def test_a_line_taken_out_of_the_middle_is_the_one_that_is_gone(sold, named):
    first, second, third = told(sold)
    left = [first, third] if named else [{"product": "Tinto"}, {"product": "Rosado"}]

    change_set = said(sold, left)

    assert [line["id"] for line in told(sold)] == [first["id"], third["id"]]
    assert [(op, "Blanco" in text) for op, _column, text in history(sold)] == [("d", True)]
    undo_changes(ChangeSet.objects.get(pk=change_set), by=sold.owner)
    assert told(sold) == [first, second, third]


def test_a_line_of_another_product_in_its_place_is_that_line_and_a_new_one_is_new(sold):
    first, second, third = told(sold)

    said(sold, [first, {**second, "product": "Tinto"}, third])
    assert [line["id"] for line in told(sold)] == [first["id"], second["id"], third["id"]]
    assert names(sold) == ["Tinto", "Tinto", "Rosado"]

    said(sold, [first, {"product": "Blanco"}, third])
    assert second["id"] not in [line["id"] for line in told(sold)]
    assert names(sold) == ["Tinto", "Blanco", "Rosado"]


def test_of_two_lines_of_one_product_the_one_that_says_the_same_stays(sold):
    said(sold, [{"product": "Tinto", "quantity": 1}, {"product": "Tinto", "quantity": 7}])
    kept = told(sold)[1]

    said(sold, [{"product": "Tinto", "quantity": 7}])

    assert told(sold) == [kept]


def test_identifiers_that_are_of_no_line_here_count_for_nothing(sold):
    there = told(sold)
    other = make_deal(lines=[{"product": "Rosado"}, {"product": "Tinto"}])

    said(sold, [*told(other), {"product": "Blanco", "discount": 5}])

    assert [line["id"] for line in told(sold)] == [there[n]["id"] for n in (2, 0, 1)]


def test_a_line_that_is_put_elsewhere_is_moved_and_nothing_else_is_said(sold):
    first, second, third = told(sold)

    change_set = said(sold, [third, first, second])

    assert names(sold) == ["Rosado", "Tinto", "Blanco"]
    ((act, column, text),) = history(sold)
    assert (act, column) == ("m", "position") and "Rosado" in text
    undo_changes(ChangeSet.objects.get(pk=change_set), by=sold.owner)
    assert told(sold) == [first, second, third]


def test_the_order_shows_on_the_sheet_of_a_quote():
    for name in WINES:
        make_product(price=10, name=name)
    seller = make_user()
    lines = [{"product": name} for name in WINES]
    quote = quoting.add_quote(read_quote({"title": "Vino", "lines": lines}, by=seller), by=seller)
    said(quote, told(quote)[::-1])
    fresh = Quote.objects.get(pk=quote.pk)
    assert [line["name"] for line in sheet_of(fresh)[0]["lines"]] == ["Rosado", "Blanco", "Tinto"]


def test_lines_are_moved_up_and_down_on_the_page_without_a_script(client, sold):
    seller = sold.owner
    seller.language = "en"
    seller.save()
    client.force_login(seller)
    there = told(sold)
    typed = {
        "line": [line["id"] for line in there], "was": [line["product"] for line in there],
        "product": names(sold), "quantity": ["1", "1", "1"], "price": ["", "", ""],
        "discount": ["", "5", ""], "description": ["", "", ""],
    }  # fmt: skip
    page = client.get(sold.get_absolute_url()).content.decode()
    assert 'aria-label="Move Blanco up"' in page and f'value="{there[1]["id"]}"' in page

    answer = client.post(f"{sold.get_absolute_url()}/lines", typed | {"up": "2"})

    assert names(sold) == ["Tinto", "Rosado", "Blanco"] and "lines=up-1" in answer.url
    assert 'value="1" autofocus' in client.get(answer.url).content.decode()
    assert ">moved<" in client.get(f"{sold.get_absolute_url()}/changes").content.decode()


def test_as_many_lines_as_can_keep_their_places_do():
    assert places_among([]) == []
    assert places_among([None, None]) == [0, 1]
    assert places_among([0, 2, None]) == [0, 2, 3]
    assert places_among([2, 0, 1]) == [-1, 0, 1]
    assert places_among([0, 3, 1, 2]) == [0, 0.5, 1, 2]
    assert places_among([0, None, 1e-9]) == [0, 1, 2]


def test_a_line_that_is_named_twice_is_there_and_once_more(sold):
    first, *_others = told(sold)
    said(sold, [first, first])
    assert names(sold) == ["Tinto", "Tinto"] and told(sold)[0] == first
