"""Every page of the product, taken from its addresses: a new one is found without being named."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from circulo.accounts.actions import add_token, demo_path, make_link
from circulo.accounts.models import PushDevice, User
from circulo.accounts.tests.push_service import push_service
from circulo.agenda.actions import book, open_booking
from circulo.agenda.models import Entry
from circulo.agenda.selectors.booking import free_slots
from circulo.catalog.actions import add_price_rule, set_prices
from circulo.config import urls
from circulo.desk.demo.fields import define_fields
from circulo.documents.actions import Writing, run_mailing, start_mailing, write_letter
from circulo.forecasts.actions import take_snapshot
from circulo.lib import ids
from circulo.lib.acting import acting
from circulo.needs.actions import begin_interview
from circulo.parties.actions import bin_parties, change_party, follow_party, relate
from circulo.parties.drafts import read
from circulo.parties.models import Duplicate, Party
from circulo.portal.seals import path_of
from circulo.quotes.actions import send_quote, submit_quote
from circulo.records.actions import attach
from circulo.records.actions.loads import start_load
from circulo.records.actions.saved_views import save_view
from circulo.sales.actions import plan_act, put_steps
from circulo.testing.make import (
    make_act,
    make_adjustment,
    make_appointment,
    make_approval_rule,
    make_colour_rule,
    make_company,
    make_contact,
    make_deal,
    make_form,
    make_interaction,
    make_interview,
    make_lead,
    make_preference,
    make_price_list,
    make_product,
    make_quota,
    make_quote,
    make_route_rule,
    make_score_rule,
    make_task,
    make_team,
    make_template,
    make_territory,
    make_topic,
    make_user,
)
from circulo.testing.overheard import is_one_of, overheard
from circulo.timeline.kinds import Kind

NEVER = re.compile(r"live$|healthz$|.*\.(json|webmanifest)$")  # answers without a page
ALSO = [("key", ""), ("kind", "party"), ("act", "tag"), ("row", "a1"),
        ("name", "seller"), ("number", "1")]  # fmt: skip
COLUMNS = {"deals": "stage", "leads": "source", "quotes": "title", "products": "family",
           "tasks": "due_at", "appointments": "place"}  # fmt: skip
YEARS_AGO = timedelta(days=800)
LONG = "Sociedad Cooperativa Hortofrutícola de los Valles del Alto Guadalquivir"


@dataclass
class Firm:
    """A firm at work: who looks, and the names that addresses may hold."""

    admin: User
    names: list[str]
    guest: list[str] = field(default_factory=list)  # addresses for who is not logged in
    contact: str = ""
    company: str = ""


def a_firm_at_work(language: str = "es") -> Firm:
    """Some of everything, with texts that are long, foreign or missing."""
    team = make_team("Comercial")
    admin = make_user("admin", team=team, language=language, name="Íñigo Núñez Álvarez")
    mate = make_user("seller", team=make_team("Ventas del norte", parent=team), is_demo=True)
    company = make_company(name=LONG, owner=admin, tax_id="A58818501", emails=["info@alto.example"])
    contact = _somebody_at(company, admin)
    define_fields()
    view = save_view("contacts", "Socios", {"sharing": "all", "shape": "board",
                     "by": "custom.nivel_del_club"}, by=admin)  # fmt: skip
    told = _told_each_other(contact, admin, mate)
    tie = relate(contact, "member_of", company, by=admin, role="Vocal")
    task = make_task(owner=admin, by=mate, party=contact, title=f"Enviar la oferta a {LONG}",
                     kind="promise", due_on="2026-01-15", priority="high", notes="Ya.")  # fmt: skip
    meeting = make_appointment(owner=admin, party=company, title="Cata con la cooperativa",
                               participants=[mate.opaque], place="Villarrobledo", reminders=[30],
                               repeat="FREQ=WEEKLY")  # fmt: skip
    for words in (b"x", b"una version nueva"):
        (file,) = attach("party", contact.pk, [SimpleUploadedFile("oferta.txt", words)], by=admin)
    template = make_template(by=admin, name=LONG, body="{{ contact.salutation }}: " + "adiós " * 40)
    letter = write_letter(contact, Writing("Hola\n\n- uno\n- dos", LONG), by=admin)
    mailing = start_mailing("labels", [contact.pk, company.pk], None, by=admin)
    binned = _binned(admin)
    with acting(admin.pk, "screen") as act:
        change_party(contact, read({"source": "Feria de otoño"}, "person", partial=True), by=admin)
    change_party(contact, read({"source": "Web"}, "person", partial=True), by=mate)
    for number in range(60):  # more than one page of a list
        make_contact(given_name=f"Lucía {number}", owner=(admin, mate)[number % 2])
    add_token(admin, name="Tienda")
    text = SimpleUploadedFile("gente.csv", b"Nombre;Correo\nAna;a@x.es\nLuis;no\n")
    names = [
        *_known_of(contact, by=mate, asked_by=admin),
        *_sold_to(contact, by=admin),
        *_offered_to(contact, by=admin),
        *_came(contact, admin),
        *(party.public_id for party in (contact, company, binned)),
        *(one.public_id for one in (task, meeting, *_sale(company, contact, mate, task))),
        *(one.public_id for one in told),
        view.public_id,
        ids.encode("relationship", tie.pk),
        ids.encode("file", file.pk),
        _doubt_of(contact).public_id,
        ids.encode("team", team.pk),
        template.public_id,
        letter.public_id,
        run_mailing(mailing).public_id,
        mate.opaque,
        ids.encode("change_set", act.change_set or 0),
        start_load(text, "gente.csv", "contacts", by=admin).public_id,
        *_divided(mate),
    ]
    guest = [demo_path(mate), "/" + make_link(mate, "invitation").split("/", 3)[3]]
    return Firm(
        admin, names, guest + _open_to_anybody(admin, company),
        contact.get_absolute_url(), company.get_absolute_url(),
    )  # fmt: skip


def _open_to_anybody(admin: User, company: Party) -> list[str]:
    """A booking page, an hour booked on it, a quote on line and a public form."""
    booking = open_booking(admin, {"title": "Cata guiada", "place": "Bodega", "minutes": 30})
    offer = make_quote(owner=admin, party=company, title=f"Oferta para {LONG}"[:200])
    key = send_quote(offer, by=admin)[1].rsplit("/", 1)[1]
    form = make_form(
        title=f"Escriba a la {LONG}", intro="Le contestamos hoy.",
        fields=[{"name": name} for name in ("name", "email", "company", "phone", "message")],
        consents=[{"purpose": "contact", "text": f"Acepto que {LONG} me conteste."}],
    )  # fmt: skip
    hour = book(
        booking, start=free_slots(booking)[0], name="Lucía Peña", email="lucia@alto.example"
    )
    booked = path_of(booking, hour)
    return [f"/b/{booking.token}", booked, f"{booked}/move", f"/q/{key}", f"/f/{form.token}"]


def _divided(mate: User) -> list[str]:
    """A territory with long names, a rule and people, within another one."""
    around = make_territory("España peninsular, Baleares y Canarias", manager=mate)
    rule = {"any": [{"field": "province", "op": "in", "value": ["02", "23", "14", "41"]},
                    {"field": "industry", "op": "contains", "value": "fruta"}]}  # fmt: skip
    within = make_territory("Valles del Alto Guadalquivir", rule, parent=around, members=[mate])
    return [within.public_id]


def _came(contact: Party, admin: User) -> list[str]:
    """A lead with all that can be said of one, the rules that it went by, and a form."""
    route = make_route_rule(admin, label=f"Lo que llega de la {LONG}"[:120])
    score = make_score_rule(25, label="Viene de la feria de alimentación de otoño")
    lead = make_lead(
        owner=admin, given_name="María de los Ángeles", first_surname="Fernández-Castañón",
        company=LONG, job_title="Directora de compras y aprovisionamiento", phone="+442071838750",
        message="Buscamos aceite para cuarenta restaurantes.", source="Feria", city="Soria",
        tags=["feria 2026"], columns={"party_id": contact.pk},
    )  # fmt: skip
    return [one.public_id for one in (lead, route, score, make_form())]


def _sale(company: Party, contact: Party, mate: User, task: Entry) -> tuple[Any, ...]:
    """A deal with all that can hang on one, its pipeline and its stage."""
    assert company.owner
    deal = make_deal(
        owner=company.owner, party=company, title=f"Vino de la casa para la {LONG}"[:200],
        amount="12450.5", expected_on="2026-01-31", tags=["feria 2026"], notes="Etiqueta propia.",
        people=[{"party": contact.public_id, "part": "decides"}],
        rivals=[{"name": LONG, "strength": "strong", "note": "Más baratos"}],
        shares=[{"user": mate.opaque, "percent": 30}],
    )  # fmt: skip
    put_steps([(task, deal.pk)], by=company.owner)
    make_quota(mate, "12345.67")
    make_adjustment(company.owner, "-1234.5", by=company.owner, comment=f"Lo aplaza la {LONG}")
    for ago in (60, 20, 0):
        take_snapshot(now=timezone.now() - timedelta(days=ago))
    large = {"field": "amount", "op": "gte", "value": 10_000}
    rule = make_colour_rule(large, label="Venta grande de la temporada de otoño", tone="spark")
    act = make_act(deal.stage, title=f"Llamar a {LONG}", after_days=2)
    plan_act(deal, act, by=company.owner)
    return deal, deal.pipeline, deal.stage, rule, act


def _somebody_at(company: Party, owner: User) -> Party:
    """Somebody with long names, of whom much is known."""
    return make_contact(
        given_name="María de los Ángeles", first_surname="Fernández-Castañón", owner=owner,
        company=company, job_title="Directora de compras y aprovisionamiento", lifecycle="customer",
        emails=["maria.angeles.fernandez.castanon@cooperativa-alto-guadalquivir.example"],
        phones=["612345678", "+442071838750"], tags=["feria 2026", "vip"], notes="Llamar tarde.",
        addresses=[{"street": "Calle del Doctor Esquerdo 105", "city": "Villarrobledo",
                    "postal_code": "02600", "country": "ES"}],
    )  # fmt: skip


def _told_each_other(party: Party, one: User, other: User) -> list[Any]:
    """What was noted with a party; somebody follows it, is named, and told on a browser too."""
    for user in (one, other):
        follow_party(party, by=user)
    make_interaction(party=party, by=other, body=f"¿Lo lleva usted, @{one.name}?", subject="")
    with push_service() as service:
        PushDevice.objects.create(user=one, **vars(service.subscription), agent="Firefox/140 Linux")
    return [_tell(party, other, kind) for kind in (Kind.CALL, Kind.EMAIL, Kind.VISIT, Kind.NOTE)]


def _binned(owner: User) -> Party:
    party = make_contact(given_name="Antiguo", owner=owner)
    bin_parties([party.pk], by=owner)
    return party


def _doubt_of(contact: Party) -> Duplicate:
    """Somebody who may be this contact a second time."""
    twin = make_contact(given_name="Bego", first_surname="Núñez", owner=contact.owner)
    return Duplicate.objects.create(
        first=contact, second=twin, probability=0.93,
        reasons={"given_name": "called", "surnames": "same", "place": "city"},
    )  # fmt: skip


def _known_of(party: Party, *, by: User, asked_by: User) -> list[str]:
    """A topic, an interview, something liked and an interview under way: what each is called."""
    wine = make_topic(short_es="Vino", short_en="Wine")
    likes = make_preference(party=party, by=by, value="Las alcachofas en aceite de su tierra")
    make_preference(wine, "red", party=party, by=by, said_at=timezone.now() - YEARS_AGO)
    interview = make_interview(wine, make_topic("text"), make_topic("scale"))
    sitting = begin_interview(party, interview, by=asked_by)
    return [one.public_id for one in (wine, interview, likes, sitting)]


def _sold_to(party: Party, *, by: User) -> list[str]:
    """Products with all that can be known of them, a list and a rule of one customer."""
    wine = make_product(
        price="9.95", cost=4, code="TINTO-6", name=f"Caja de tinto para {LONG}", family="Vinos",
        unit="caja", description="Seis botellas.\n\nCrianza.", by=by,
        notes=[{"kind": "objection", "text": "Es caro", "answer": "Se bebe una vez al año."},
               {"kind": "benefit", "text": "Portes incluidos"}],
    )  # fmt: skip
    pack = make_product(kind="bundle", name="Lote de Navidad", family="Vinos", by=by,
                        items=[{"product": "TINTO-6", "quantity": 2}],
                        ties=[{"kind": "substitute", "product": "TINTO-6"}])  # fmt: skip
    shop = make_price_list(includes_tax=True, rank=1, by=by)
    set_prices(shop, [(wine.pk, Decimal(12), Decimal("1234.5678"))], by=by)
    rule = add_price_rule({"name": "3x2", "kind": "nth_free", "nth": 3, "party": party.public_id,
                           "coupon": "NAVIDAD"}, by=by)  # fmt: skip
    assert rule.coupon
    return [one.public_id for one in (wine, pack, shop, rule, rule.coupon)]


def _offered_to(party: Party, *, by: User) -> list[str]:
    """A quote that waits for approval, with all that can stand on one, the rule that asks, and a
    quote that waits for nothing.
    """
    rule = make_approval_rule(name="Descuento alto")
    wine = make_product(price="9.95", cost=4, name=f"Rosado para {LONG}", unit="caja", by=by)
    lines = [{"product": wine.public_id, "quantity": 12, "discount": 15,
              "description": "Con etiqueta propia"}]  # fmt: skip
    quote = make_quote(owner=by, party=party, title=f"Vino para {LONG}"[:200], lines=lines,
                       terms="Pago a 30 días.", introduction="Gracias por su interés.")  # fmt: skip
    submit_quote(quote, by=by)
    ready = make_quote(owner=by, party=party, title="Listo para enviar")
    return [quote.public_id, ready.public_id, rule.public_id]


def _tell(party: Any, by: User, kind: Kind) -> Any:
    return make_interaction(party=party, by=by, kind=kind, subject="Pedido de aceite",
                            body="Quiere cien cajas antes del puente.")  # fmt: skip


def patterns() -> list[str]:
    """The address of every view, as it is written in its `urls.py`."""

    def walk(resolver: Any, before: str = "") -> Iterator[str]:
        for pattern in resolver.url_patterns:
            where = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, where)
            elif not NEVER.match(where):
                yield where

    return list(walk(get_resolver()))


def pages_of(firm: Firm, among: Iterable[str] = ()) -> tuple[dict[str, str], list[str]]:
    """What each pattern that gives a page shows the administrator; the patterns nothing fits."""
    client = Client()
    client.force_login(firm.admin)
    pages, unknown = {}, []
    fitting: dict[str, list[str]] = {}  # names that others with the same beginning answered to
    with patch.object(urls, "handler404", _nothing_here):
        for pattern in among or patterns():
            first = fitting.setdefault(pattern.partition(">")[0], [])
            asked: set[str] = set()
            for path, name in _filled(pattern, [*first, *firm.names, "admin", "contacts"]).items():
                if asked and not is_one_of(asked, name):
                    continue
                with overheard() as asked:
                    answer = client.get(path)
                if _is_page(answer):
                    pages[path] = answer.text
                answer.close()
                if answer.status_code not in (302, 404):
                    first.append(name)
                    break
            else:
                unknown.append(pattern)
    return pages, unknown


def _nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Most names fit nowhere: there is no page to draw for each of them."""
    return HttpResponseNotFound()


def _filled(pattern: str, names: list[str]) -> dict[str, str]:
    """The addresses that a pattern may stand for, and the name in each."""
    places = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    if not places:
        return {"/" + pattern: ""}
    found: dict[str, str] = {}
    for name in names:
        known = dict(ALSO) | {"key": name, "token": "x"}
        if places == ["name"]:
            known["name"] = name
        known["column"] = COLUMNS.get(pattern.split("/")[0], "lifecycle")
        if "field" in places:
            known |= {"name": "contacts", "field": "nivel_del_club"}
        values = [known.get(place, name) for place in places]
        text = pattern
        for value in values:
            text = re.sub(r"<[^>]+>", value, text, count=1)
        found.setdefault("/" + text, name)
    return found


def _is_page(answer: Any) -> bool:
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return False
    return not answer.streaming and b"<html" in answer.content
