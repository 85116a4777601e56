"""The firm itself: its teams, and the people who work there."""

from dataclasses import dataclass

FIRM = "Conservas y Vinos La Espadaña, S.L."
SHORT = "La Espadaña"
DOMAIN = "laespadana.example"
OFFICE_PHONE = "983 000 140"
PROMOTION_PHONE = "900 000 318"

# Name of each team, and of the team above it.
TEAMS = {
    "Dirección": "",
    "Ventas": "Dirección",
    "Ventas Norte": "Ventas",
    "Ventas Sur": "Ventas",
    "Atención al cliente": "Dirección",
    "Marketing": "Dirección",
    "Administración": "Dirección",
}


@dataclass(frozen=True)
class Worker:
    """Somebody who works at the demo firm."""

    key: str
    name: str
    role: str
    team: str
    language: str = "es"

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


WORKERS = (
    Worker("mercedes.arranz", "Mercedes Arranz Pastor", "manager", "Dirección"),
    Worker("ignacio.herrero", "Ignacio Herrero Cuadrado", "manager", "Ventas"),
    Worker("nerea.etxeberria", "Nerea Etxeberria Goñi", "seller", "Ventas Norte"),
    Worker("pablo.lobato", "Pablo Lobato Rey", "seller", "Ventas Norte"),
    Worker("rocio.benitez", "Rocío Benítez Amaya", "seller", "Ventas Sur"),
    Worker("antonio.palma", "Antonio Palma Cruz", "seller", "Ventas Sur"),
    Worker("marta.sanchis", "Marta Sanchis Ferrer", "manager", "Atención al cliente"),
    Worker("oscar.quintana", "Óscar Quintana Mier", "agent", "Atención al cliente"),
    Worker("fatima.elamrani", "Fátima El Amrani", "agent", "Atención al cliente"),
    Worker("carla.vidal", "Carla Vidal Puig", "marketer", "Marketing"),
    Worker("tomas.requena", "Tomás Requena Gil", "analyst", "Marketing"),
    Worker("pilar.cuesta", "Pilar Cuesta Manso", "treasurer", "Administración"),
    Worker("esteban.rojo", "Esteban Rojo Lara", "auditor", "Administración"),
    Worker("julian.velasco", "Julián Velasco Prieto", "admin", "Administración"),
)

MANAGER, SALES_MANAGER, SERVICE_MANAGER = "mercedes.arranz", "ignacio.herrero", "marta.sanchis"
AGENTS = ("oscar.quintana", "fatima.elamrani")
MARKETER, TREASURER = "carla.vidal", "pilar.cuesta"
ADMIN = "julian.velasco"
SELLERS = {
    "norte": ("nerea.etxeberria", "pablo.lobato"),
    "sur": ("rocio.benitez", "antonio.palma"),
    "export": ("ignacio.herrero",),
}
