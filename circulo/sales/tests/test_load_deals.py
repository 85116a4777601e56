"""Bringing deals in, and taking them out."""

import csv
import io
from decimal import Decimal

import pytest
from django.db.models import Count, Sum
from django.utils import timezone

from circulo.catalog.lines import steps_of
from circulo.parties.models import Party
from circulo.records.actions import loads, running, undoing
from circulo.records.models import Change
from circulo.records.verify import verify
from circulo.sales import actions
from circulo.sales.dumps import dump_deals
from circulo.sales.models import Deal, DealLine, DealPerson, Pipeline, Stage
from circulo.testing.make import (
    make_company,
    make_contact,
    make_deal,
    make_pipeline,
    make_product,
    make_reason,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
OTHERS = HEAD + (
    "1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054\n"
    "Z063OYW0,Darcel Schlecht,GTXPro,Isdom,Lost,2016-10-25,2017-03-11,0\n"
    "EC4QE1BX,Darcel Schlecht,MG Special,Cancity,Engaging,2016-10-25,,\n"
    "HAXMC4IX,James Ascencio,MG Advanced,,Prospecting,,,\n"
)


def load(text, by, **options):
    begun = loads.start_load(io.BytesIO(text.encode()), "deals.csv", "deals", by=by)
    begun = loads.map_columns(begun, options=options)
    return running.run_load(begun)


def test_a_table_of_another_program_is_taken_as_it_is():
    admin, agent = make_user("admin"), make_user(name="Moses Frase")

    done = load(OTHERS, admin)

    assert (done.created, done.refused) == (4, 0)
    won = Deal.objects.get(reference="1C1I7A6R")
    assert (won.title, str(won.party), won.outcome) == ("GTX Plus Basic", "Cancity", "won")
    assert (won.owner, won.agent, won.amount) == (agent, "", Decimal(1054))
    assert str(won.opened_at)[:10] == "2016-10-20"
    assert str(won.closed_at)[:10] == "2017-03-01"
    lost = Deal.objects.get(reference="Z063OYW0")
    assert (lost.owner, lost.agent, lost.outcome) == (admin, "Darcel Schlecht", "lost")
    engaging = Deal.objects.get(reference="EC4QE1BX")
    assert (engaging.stage.name, engaging.party, engaging.amount) == ("Engaging", won.party, None)
    assert Deal.objects.get(reference="HAXMC4IX").party is None
    assert [s.name for s in Pipeline.objects.get().stages.in_order()][-2:] == [
        "Engaging", "Prospecting",
    ]  # fmt: skip
    assert not verify()


def test_what_the_catalogue_knows_of_a_row_is_a_line_of_the_deal_for_its_amount():
    known = make_product(name="GTX Pro")
    load(OTHERS.replace("2017-03-11,0", "2017-03-11,25.5"), make_user("admin"))
    line = DealLine.objects.get()
    assert (line.product, line.deal.reference, line.net) == (known, "Z063OYW0", Decimal("25.5"))
    assert line.deal.title == "GTXPro" and [step.kind for step in steps_of(line)] == ["given"]
    assert not verify()


def test_the_same_table_again_changes_nothing_and_a_newer_one_what_differs():
    admin = make_user("admin")
    load(OTHERS, admin)
    again = load(OTHERS, admin)
    assert (again.created, again.updated, again.skipped) == (0, 0, 4)
    newer = OTHERS.replace("Cancity,Engaging,2016-10-25,,", "Cancity,Won,2016-10-25,2017-04-01,70")
    done = load(newer, admin)
    assert (done.updated, done.skipped) == (1, 3)
    deal = Deal.objects.get(reference="EC4QE1BX")
    assert (deal.outcome, deal.amount, deal.stays.count()) == ("won", Decimal(70), 2)
    assert not verify()


def test_a_load_is_undone_with_the_companies_and_stages_it_made():
    admin = make_user("admin")
    done = load(OTHERS, admin)
    undo = undoing.undo_changes(done.change_set, by=admin)
    assert (undo.state, undo.kept) == ("done", 0)
    assert not Deal.objects.exists()
    assert not Party.objects.filter(trade_name="Cancity").exists()
    assert not Stage.objects.filter(name="Engaging").exists()
    assert Change.objects.exists()


def test_who_is_no_administrator_makes_no_stages():
    seller = make_user()
    done = load(OTHERS, seller)
    assert (done.created, done.refused) == (2, 2)
    assert not Stage.objects.filter(name="Engaging").exists()


def test_rows_on_one_deal_count_as_one_and_a_colleague_s_deal_is_not_changed():
    seller = make_user()
    make_deal(reference="B-1", party=make_company())
    text = "referencia;título;importe\nA-1;Uno;10\nA-1;Dos;20\nB-1;Mío;5\n"
    done = load(text, seller)
    assert (done.created, done.updated, done.refused) == (1, 1, 1)
    deal = Deal.objects.get(reference="A-1")
    assert (deal.title, deal.amount) == ("Dos", Decimal(20))


def test_a_deal_is_given_only_to_those_whom_one_could_give_it_to_by_hand():
    team = make_team()
    seller, manager = make_user(team=team), make_user("manager", team=team)
    stranger = make_user(team=make_team())
    theirs = make_deal(owner=seller, reference="B-1")
    head = "referencia;título;propietario\n"

    done = load(f"{head}A-1;Uno;{stranger.email}\nA-2;Dos;{seller.email}\n", seller)
    assert (done.created, done.refused) == (1, 1)
    done = load(f"{head}B-1;Mío;{manager.email}\n", seller)
    assert (done.updated, done.refused) == (0, 1)
    done = load(f"{head}B-1;Suyo;{manager.email}\nA-2;Dos;{stranger.email}\n", manager)
    assert (done.updated, done.refused) == (1, 1)

    theirs.refresh_from_db()
    assert (theirs.title, theirs.owner) == ("Suyo", manager)
    again = load(f"{head}B-1;Otro;{manager.email}\n", make_user("admin"))
    assert again.updated == 1


def test_spanish_headings_stages_and_amounts_are_understood():
    seller = make_user()
    make_pipeline(name="Exportación")
    text = (
        "Oportunidad;Cliente;Embudo;Etapa;Importe;Moneda;Fecha prevista;Comercial;Etiquetas\n"
        f"Vino;Bodega Sol;exportacion;proposal;1.234,50;USD;31/12/2026;{seller.email};a, b\n"
    )
    done = load(text, seller)
    assert done.created == 1, done.error_file
    deal = Deal.objects.get()
    assert (deal.pipeline.name, deal.stage.name) == ("Exportación", "Proposal")
    assert (deal.amount, deal.currency, str(deal.expected_on)) == (
        Decimal("1234.5"), "USD", "2026-12-31",
    )  # fmt: skip
    assert deal.tags == ["a", "b"]


def test_moments_that_a_spreadsheet_counts_in_days_are_understood():
    text = "referencia;fecha de apertura;fecha prevista\nA-1;46000,25;46100\nA-2;46000;\n"
    load(text, make_user("admin"))
    first, second = Deal.objects.order_by("reference")
    begun = [timezone.localtime(one.opened_at).isoformat()[:16] for one in (first, second)]
    assert begun == ["2025-12-09T06:00", "2025-12-09T12:00"]
    assert str(first.expected_on) == "2026-03-19"


def test_what_is_handed_out_is_taken_again():
    admin = make_user("admin")
    load(OTHERS, admin)
    before = list(Deal.objects.order_by("reference").values("title", "stage", "outcome", "amount",
                  "closed_at", "opened_at", "agent", "party"))  # fmt: skip
    headings, rows = dump_deals(admin, {})
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    Deal.objects.all().delete()
    text = out.getvalue().replace(out.getvalue().partition("\n")[0], ",".join(headings[1:]), 1)
    lines = [line.partition(",")[2] for line in out.getvalue().splitlines()]
    done = load("\n".join(lines), admin)
    assert (done.created, done.refused) == (4, 0), text
    after = list(Deal.objects.order_by("reference").values(*before[0]))
    assert after == before


def test_won_deals_are_counted_and_summed_as_the_table_says():
    admin = make_user("admin")
    load(OTHERS, admin)
    sums = Deal.objects.filter(outcome="won").aggregate(n=Count("pk"), total=Sum("amount"))
    assert sums == {"n": 1, "total": 1054}


def dumped(user):
    headings, rows = dump_deals(user, {})
    return [dict(zip(headings, row, strict=True)) for row in rows]


def written(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_a_closed_deal_comes_into_the_stage_that_is_named_or_is_refused():
    admin, pipeline = make_user("admin"), make_pipeline(is_default=True)
    text = "referencia,etapa,resultado\nA-1,Cata,Ganada\nA-2,Proposal,Perdida\n"
    assert load(text, make_user()).refused == 1
    assert load(text, admin).refused == 0

    won, lost = Deal.objects.order_by("reference")
    assert (won.stage.name, won.outcome) == ("Cata", "won")
    assert (lost.stage.name, lost.outcome, lost.pipeline) == ("Proposal", "lost", pipeline)
    again = load("referencia,etapa,resultado\nA-2,Firma,Perdida\n", admin)
    assert (again.updated, Deal.objects.get(reference="A-2").stage.name) == (1, "Firma")
    assert not verify()


def test_the_stage_of_a_deal_that_is_there_is_looked_for_in_its_own_pipeline():
    admin, usual, other = make_user("admin"), make_pipeline(is_default=True), make_pipeline()
    deal = make_deal(pipeline=other, reference="B-1")
    load("referencia,etapa\nB-1,Agreement\n", admin)
    deal.refresh_from_db()
    assert (deal.pipeline, deal.stage) == (other, other.stages.in_order()[2])
    load(f"referencia,embudo\nB-1,{usual.name}\n", admin)
    deal.refresh_from_db()
    assert (deal.pipeline, deal.stage) == (usual, usual.stages.in_order()[0])
    assert not verify()


def test_what_is_said_of_an_end_counts_for_deals_that_are_over_alone():
    admin, price = make_user("admin"), make_reason("lost", "La fecha")
    deals = [make_deal(reference=f"B-{n}") for n in range(3)]
    actions.lose_deal(deals[1], by=admin, reason=make_reason("lost", "Otra fecha"))
    actions.win_deal(deals[2], by=admin)
    head = "referencia,motivo,comentario de cierre,fecha de cierre\n"
    text = head + "".join(f"B-{n},La fecha,Caro,2026-05-04\n" for n in range(3))
    done = load(text + "A-1,La fecha,Caro,2026-05-04\n", admin)
    assert (done.created, done.updated, done.refused) == (1, 3, 0)

    still, lost, won = Deal.objects.filter(reference__startswith="B").order_by("reference")
    new = Deal.objects.get(reference="A-1")
    for deal in (still, new):
        assert (deal.reason, deal.reason_note, deal.closed_at) == (None, "", None)
        assert str(deal.expected_on) == "2026-05-04"
    assert (lost.reason, str(lost.closed_at)[:10]) == (price, "2026-05-04")
    assert (won.reason, won.reason_note) == (None, "Caro")
    load("referencia,resultado\nB-1,Ganada\n", admin)
    lost.refresh_from_db()
    assert (lost.outcome, lost.reason) == ("won", None)
    assert not verify()


def test_a_deal_handed_out_and_opened_again_by_hand_is_open():
    deal = make_deal(amount=5)
    actions.lose_deal(deal, by=deal.owner, reason=make_reason("lost", "La fecha"), note="Caro")
    admin = make_user("admin")
    (row,) = dumped(admin)

    done = load(written([row | {"outcome": "open"}]), admin)

    assert (done.updated, done.refused) == (1, 0)
    deal.refresh_from_db()
    assert (deal.outcome, deal.closed_at, deal.reason, deal.reason_note) == ("open", None, None, "")
    assert not verify()


def test_the_person_of_a_deal_that_was_handed_out_does_not_become_a_company():
    admin = make_user("admin")
    ana, firm = make_contact(owner=admin), make_company(owner=admin)
    deal, other = make_deal(party=ana), make_deal(party=firm)
    rows = dumped(admin)
    assert [(row["company"], row["contact"]) for row in rows] == [("", ana.name), (firm.name, "")]

    assert load(written([row | {"title": "Otro"} for row in rows]), admin).updated == 2
    rows[0]["company"] = ana.name
    assert load(written(rows), admin).updated == 2

    for one, party in ((deal, ana), (other, firm)):
        one.refresh_from_db()
        assert one.party == party
    assert Party.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "cell"),
    [("importe", "1e999"), ("importe", "9" * 40), ("importe", "NaN"), ("importe", "0,0001"),
     ("fecha prevista", "0001-01-01"), ("fecha de cierre", "0001-01-01T00:00"),
     ("fecha de cierre", "9999-12-31T23:59-12:00"), ("fecha de apertura", "0001-01-01"),
     ("moneda", "\ud800"), ("identificador", "\ud800")],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_refused_and_the_other_rows_come_in(name, cell):
    admin = make_user("admin")
    text = f"referencia;{name};resultado\nA-1;{cell};Ganada\nA-2;;Ganada\n"
    begun = loads.start_load(
        io.BytesIO(text.encode("utf-8", "surrogatepass")), "deals.csv", "deals", by=admin
    )
    done = running.run_load(loads.map_columns(begun))
    assert (done.created, done.refused) == (1, 1), Deal.objects.values("amount", "closed_at")
    assert Deal.objects.get().reference == "A-2"


def test_a_deal_is_not_given_the_reference_of_another():
    admin = make_user("admin")
    one, two = make_deal(reference="A"), make_deal(reference="B")
    head = "identificador,referencia,título\n"
    text = head + f"{one.public_id},B,x\n{one.public_id},C,y\n{two.public_id},C,z\n,D,w\n"

    done = load(text, admin)

    assert (done.created, done.updated, done.refused) == (1, 1, 2)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.reference, one.title, two.reference) == ("C", "y", "B")


def test_an_export_of_hubspot_is_taken_as_it_is():
    admin, pipeline = make_user("admin"), make_pipeline(is_default=True)
    brian = make_contact(given_name="Brian", first_surname="Halligan", emails=["bh@hub.example"])
    text = (
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Deal currency code,Pipeline,"
        "Create Date,Associated Contact,Associated Company\n"
        '9001,Newer,Appointment Scheduled,2026-12-30 10:00,Jane Doe,"$10,000",USD,Sales Pipeline,'
        "2026-05-01 09:00,Brian Halligan (bh@hub.example),HubSpot\n"
        "9002,Big,Closed Won,2026-03-31 10:00,Jane Doe,25000.50,USD,Sales Pipeline,"
        "2026-01-01 09:00,,HubSpot\n"
    )
    done = load(text, admin)

    assert (done.created, done.refused) == (2, 0)
    assert list(done.remarks.values()) == [2]
    assert "Sales Pipeline" in next(iter(done.remarks))
    newer, big = Deal.objects.order_by("reference")
    assert (newer.pipeline, newer.stage.name) == (pipeline, "Appointment Scheduled")
    assert (newer.amount, newer.currency, newer.agent) == (Decimal(10_000), "USD", "Jane Doe")
    assert DealPerson.objects.get(deal=newer).party == brian
    assert (big.outcome, big.amount, str(big.party)) == ("won", Decimal("25000.5"), "HubSpot")
    assert load(text, admin).skipped == 2
    assert not verify()
