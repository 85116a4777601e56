"""The whole demo world for a seed and a day: always the same one."""

from dataclasses import dataclass
from datetime import date

from circulo.desk.demo import daily, stories
from circulo.desk.demo.deals import Sold, deals
from circulo.desk.demo.doubles import Double, add_doubles
from circulo.desk.demo.foreseen import Foreseen, weeks
from circulo.desk.demo.leads import Asked, leads
from circulo.desk.demo.needs import Knowledge, Learner
from circulo.desk.demo.people import Maker, Somebody
from circulo.desk.demo.plans import Planned, plans
from circulo.desk.demo.tell import Event, Teller
from circulo.desk.demo.ties import Tie, bring_birthdays_near, ties


@dataclass(frozen=True)
class World:
    """Who there is and who is there twice, what they are to each other, what happened, was learned
    and is planned.
    """

    everybody: dict[str, Somebody]
    doubles: list[Double]
    ties: list[Tie]
    events: list[Event]
    planned: list[Planned]
    knowledge: Knowledge
    sold: list[Sold]
    foreseen: list[Foreseen]
    asked: list[Asked]


def build(seed: int, today: date) -> World:
    """Tell the two years that end today."""
    everybody = Maker(seed, today).make()
    bring_birthdays_near(seed, today, everybody)
    doubles = add_doubles(seed, today, everybody)
    teller = Teller(seed, today, everybody)
    daily.tell(teller)
    stories.tell(teller)
    sold = deals(seed, today, everybody)
    return World(everybody, doubles, ties(seed, today, everybody), teller.events(),
                 plans(seed, today, everybody), Learner(seed, today).learn(everybody), sold,
                 weeks(seed, today, sold), leads(seed, today, everybody))  # fmt: skip
