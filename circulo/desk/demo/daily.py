"""Daily business: orders with all that goes with them, and the talk in between."""

from datetime import date, datetime, timedelta

from circulo.desk.demo import cast, words
from circulo.desk.demo.people import Somebody
from circulo.desk.demo.tell import Occasion, Teller
from circulo.timeline.kinds import Kind

SEASON = {1: 0.6, 2: 0.8, 7: 1.2, 8: 0.8, 10: 1.2, 11: 1.6, 12: 2.0}
LEAVING, GROWING = "Mesón del Azafrán", "Ultramarinos Finos Balbuena"


def tell(teller: Teller) -> None:
    """Two years of it."""
    for company in teller.buyers():
        _orders_of(teller, company)
    for company in [*teller.companies(), *teller.companies("prospect"), *teller.companies("lead")]:
        _talk_with(teller, company)
    for person in teller.private():
        _life_of(teller, person)


def _orders_of(teller: Teller, company: Somebody) -> None:
    assert company.line
    rhythm = company.line.rhythm
    day = teller.first - timedelta(days=teller.rng.randrange(rhythm))
    while day < teller.today:
        day += timedelta(days=max(5, round(teller.rng.gauss(rhythm, rhythm / 5))))
        if company.key == LEAVING and day > teller.today - timedelta(days=130):
            return
        share = (day - teller.first).days / 730
        size = company.line.scale * SEASON.get(day.month, 1.0) * _trend(company, share)
        _order(teller, company, teller.working(day), size)


def _trend(company: Somebody, share: float) -> float:
    """How much of the usual order a company takes after this share of the two years."""
    if company.key == GROWING:
        return 0.5 + 3.5 * share**2
    return max(0.2, 1.2 - share) if company.key == LEAVING else 0.9 + 0.2 * share


def _order(teller: Teller, company: Somebody, at: datetime, size: float) -> None:
    order = teller.order(company, at, size)
    if order is None:
        return
    how, person = teller.rng.random(), teller.person_at(company)
    asked = Occasion(at, company.owner, order)
    if company.said.get("faxes") and how < 0.4:
        teller.tell(Kind.FAX, company, words.FAX[0], asked, "in")
    elif how < 0.55:
        teller.tell(Kind.CALL, person, teller.choose(words.CALL_ORDER), asked, "in")
    else:
        texts = words.ENGLISH_IN[:1] if person.speaks_english else words.EMAIL_IN[:1]
        teller.tell(Kind.EMAIL, person, texts[0], asked, "in")
    teller.tell(Kind.ORDER, company, teller.choose(words.ORDER),
                Occasion(teller.soon(at), company.owner, order))  # fmt: skip
    delivered = teller.later(at, 2, 4)
    teller.tell(Kind.JOB_DONE, company, teller.choose(words.DELIVERED),
                Occasion(delivered, None, order))  # fmt: skip
    if person.speaks_english and how < 0.5:
        teller.tell(Kind.EMAIL, person, words.ENGLISH_OUT[1],
                    Occasion(delivered, cast.SALES_MANAGER, order), "out")  # fmt: skip
    teller.tell(Kind.PAYMENT, company, teller.choose(words.PAYMENT),
                Occasion(teller.later(delivered, 28, 40), cast.TREASURER, order))  # fmt: skip
    if teller.rng.random() < 0.03:
        teller.tell(Kind.RETURN, company, teller.choose(words.RETURN),
                    Occasion(teller.later(delivered, 1, 6), cast.AGENTS[0], order))  # fmt: skip


def _talk_with(teller: Teller, company: Somebody) -> None:
    """Calls, mails, visits and meetings between orders."""
    day = max(teller.first, company.since)
    while day < teller.today:
        day += timedelta(days=teller.rng.randint(12, 50))
        person = teller.person_at(company)
        at = teller.working(day)
        if person.speaks_english:
            _talk_in_english(teller, person, at)
        else:
            _talk(teller, company, person, at)


def _talk(teller: Teller, company: Somebody, person: Somebody, at: datetime) -> None:
    on = Occasion(at, company.owner, words={"month": _month(at)})
    chance = teller.rng.random()
    if chance < 0.38:
        teller.tell(Kind.CALL, person, teller.choose(words.CALL), on, "out")
    elif chance < 0.55:
        teller.tell(Kind.EMAIL, person, teller.choose(words.EMAIL_OUT), on, "out")
    elif chance < 0.68:
        teller.tell(Kind.EMAIL, person, teller.choose(words.EMAIL_IN[1:]), on, "in")
    elif chance < 0.82:
        teller.tell(Kind.VISIT, company, teller.choose(words.VISIT), on)
    elif chance < 0.88:
        teller.tell(Kind.MEETING, person, teller.choose(words.MEETING), on)
    elif chance < 0.94:
        teller.tell(Kind.NOTE, company, teller.choose(words.NOTE), on)
    elif chance < 0.97 and company.said["lifecycle"] == "customer":
        teller.tell(Kind.CASE, person, teller.choose(words.CASE), Occasion(at, cast.AGENTS[1]))
    else:
        teller.tell(Kind.DOCUMENT, company, teller.choose(words.DOCUMENT), on)


def _talk_in_english(teller: Teller, person: Somebody, at: datetime) -> None:
    on, chance = Occasion(at, cast.SALES_MANAGER), teller.rng.random()
    if chance < 0.4:
        teller.tell(Kind.CALL, person, teller.choose(words.ENGLISH_CALL), on, "out")
    elif chance < 0.7:
        teller.tell(Kind.EMAIL, person, words.ENGLISH_OUT[0], on, "out")
    else:
        teller.tell(Kind.EMAIL, person, teller.choose(words.ENGLISH_IN[1:]), on, "in")


def _life_of(teller: Teller, person: Somebody) -> None:
    """Somebody who buys on the web now and then, asks, and reads the newsletter."""
    day = max(teller.first, person.since)
    _ask(teller, person, teller.working(day, 8, 22))
    while day < teller.today:
        day += timedelta(days=teller.rng.randint(20, 110))
        at = teller.working(day, 8, 22)
        chance = teller.rng.random()
        if chance < 0.4 and person.said["lifecycle"] == "customer":
            order = teller.order(person, at, 0.4)
            teller.tell(Kind.ORDER, person, words.WEB_ORDER[0], Occasion(at, None, order))
        elif chance < 0.6 and "boletín" in person.said["tags"]:
            on = Occasion(at, None, words={"month": _month(at)}, data={"campaign": "Boletín"})
            teller.tell(Kind.CAMPAIGN_REACTION, person, teller.choose(words.REACTION), on)
        elif chance < 0.7 and not person.speaks_english:
            teller.tell(Kind.CHAT, person, teller.choose(words.CHAT),
                        Occasion(at, teller.rng.choice(cast.AGENTS)), "in")  # fmt: skip
        elif chance < 0.76 and not person.speaks_english:
            teller.tell(Kind.SOCIAL, person, teller.choose(words.SOCIAL),
                        Occasion(at, cast.MARKETER), "in")  # fmt: skip
        elif chance < 0.82:
            _ask(teller, person, at)


def _ask(teller: Teller, person: Somebody, at: datetime) -> None:
    texts = words.ENGLISH_FORM if person.speaks_english else words.WEB_FORM
    teller.tell(Kind.FORM, person, teller.choose(texts), Occasion(at, None), "in")


def _month(at: datetime | date) -> str:
    return words.MONTHS[at.month - 1]
