"""First names, surnames, places and trades from which people are made."""

from dataclasses import dataclass

WOMEN = {
    "ES": "Lucía Carmen Ana Isabel Marina Elena Begoña Inés Rosa Maite Ainhoa Sofía Leire Teresa "
    "Raquel Amparo Montserrat Noelia Pilar Beatriz Irene Nuria Ángela Yolanda",
    "MX": "Guadalupe Ximena Fernanda Lourdes Regina Citlali",
    "PT": "Inês Catarina Mafalda Joana",
    "GB": "Emily Charlotte Harriet Olivia",
    "FR": "Claire Camille",
    "DE": "Katrin Anja",
}
MEN = {
    "ES": "Javier Manuel José Luis Andrés Íñigo Gonzalo Ramón Sergio Álvaro Martín Jorge Xabier "
    "Miguel Fernando Vicente Tomás Enrique Rubén Adrián Hugo Nicolás Agustín Jesús Raúl",
    "MX": "Alejandro Emiliano Rodrigo Octavio Ulises Gerardo",
    "PT": "Rui Tiago Gonçalo Duarte",
    "GB": "James Oliver Edward Thomas",
    "FR": "Julien Mathieu",
    "DE": "Stefan Jürgen",
}
SURNAMES = {
    "ES": "García Fernández Martínez Núñez Peña Iglesias Otero Arana Zabaleta Ruiz Ortega Molina "
    "Castaño Muñoz Vázquez Prieto Marín Carrasco Nieto Calvo Rubio Sanz Aguirre Larrañaga "
    "Serrano Ibáñez Cano Bravo Pardo Redondo Campos Vega Moya Santos Lorenzo Pascual Cortés Rico",
    "MX": "Hernández Juárez Mendoza Escalante Cárdenas Villaseñor Ríos Treviño",
    "PT": "Ferreira Nogueira Carvalho Magalhães Teixeira",
    "GB": "Whitfield Ashcroft Hargreaves Pemberton Thornbury Lyle",
    "FR": "Lefèvre Marchand Fournier",
    "DE": "Brandt Lindner Köhler",
}
COMPOUND = ("de la Fuente", "del Olmo", "de Haro", "San Millán")


@dataclass(frozen=True)
class Place:
    """A city, with what an address and a phone number there look like."""

    country: str
    region: str
    postal: str
    prefix: str
    streets: tuple[str, ...]


_ES = ("Calle Mayor", "Calle de la Plata", "Avenida de la Constitución", "Plaza de la Fuente",
       "Calle del Olivo", "Paseo de la Estación", "Calle de los Herreros")  # fmt: skip
_CITIES = """
A Coruña|A Coruña|150|981; Barcelona|Barcelona|080|93; Bilbao|Bizkaia|480|944; Burgos|Burgos|090|947
Cádiz|Cádiz|110|956; Córdoba|Córdoba|140|957; Gijón|Asturias|332|98; Granada|Granada|180|958
Jaén|Jaén|230|953; Jerez de la Frontera|Cádiz|114|956; Las Palmas de Gran Canaria|Las Palmas|350|928
León|León|240|987; Logroño|La Rioja|260|941; Madrid|Madrid|280|91; Murcia|Murcia|300|968
Málaga|Málaga|290|952; Palencia|Palencia|340|979; Palma|Illes Balears|070|971
Pamplona|Navarra|310|948; Salamanca|Salamanca|370|923; San Sebastián|Gipuzkoa|200|943
Santander|Cantabria|390|942; Santiago de Compostela|A Coruña|157|981; Sevilla|Sevilla|410|95
Toledo|Toledo|450|925; Valencia|Valencia|460|96; Valladolid|Valladolid|470|983
Vitoria-Gasteiz|Álava|010|945; Zamora|Zamora|490|980; Zaragoza|Zaragoza|500|976
"""
_ABROAD = {
    "Ciudad de México": Place("MX", "Ciudad de México", "060{:02d}", "+52 55 0000 {:04d}",
                              ("Calle de Durango", "Avenida Álvaro Obregón")),
    "Guadalajara": Place("MX", "Jalisco", "441{:02d}", "+52 33 0000 {:04d}",
                         ("Avenida Chapultepec", "Calle Libertad")),
    "Porto": Place("PT", "Porto", "4000-0{:02d}", "+351 220 00{:04d}",
                   ("Rua das Flores", "Rua do Almada")),
    "Lisboa": Place("PT", "Lisboa", "1100-0{:02d}", "+351 210 00{:04d}",
                    ("Rua dos Remédios", "Rua da Prata")),
    "London": Place("GB", "Greater London", "SE1 {0}XX", "+44 20 7946 0{:03d}",
                    ("Borough Row", "Weavers Lane")),
    "Manchester": Place("GB", "Greater Manchester", "M1 {0}XX", "+44 161 496 0{:03d}",
                        ("Canal Side", "Tib Court")),
    "Toulouse": Place("FR", "Occitanie", "310{:02d}", "+33 5 61 91 {0:02d} 00",
                      ("Quai du Canal", "Rue des Filatiers")),
    "Hamburg": Place("DE", "Hamburg", "203{:02d}", "+49 40 66969{:03d}",
                     ("Lindenweg", "Speicherstraße")),
}  # fmt: skip


def _spain() -> dict[str, Place]:
    cells = [entry.split("|") for row in _CITIES.strip().splitlines() for entry in row.split("; ")]
    return {
        name: Place("ES", region, postal + "{:02d}", prefix + " 0" * (9 - len(prefix) - 3)
                    + " {:03d}", _ES)
        for name, region, postal, prefix in cells
    }  # fmt: skip


PLACES = _spain() | _ABROAD
JOBS = {
    "Restauración": ("Jefe|Jefa de cocina", "Gerente", "Sumiller", "Responsable de compras"),
    "Hotelería": ("Director|Directora de compras", "Jefe|Jefa de economato", "Maître", "Dirección"),
    "Tienda gourmet": (
        "Propietario|Propietaria",
        "Encargado|Encargada",
        "Dependiente|Dependienta",
        "Compras",
    ),
    "Vinoteca": ("Propietario|Propietaria", "Sumiller", "Encargado|Encargada"),
    "Catering": (
        "Responsable de compras",
        "Jefe|Jefa de cocina",
        "Coordinador|Coordinadora de eventos",
    ),
    "Importación": ("Head of Buying", "Buyer", "Accounts payable", "Logistics"),
    "Regalo de empresa": ("Responsable de compras", "Ejecutivo|Ejecutiva de cuentas"),
    "Comercio en línea": ("Director|Directora de producto", "Operaciones"),
    "Transporte": ("Jefe|Jefa de tráfico", "Atención a clientes", "Gerente"),
    "": (
        "Gerente",
        "Responsable de compras",
        "Administración",
        "Jefe|Jefa de almacén",
        "Dirección",
    ),
}
TAGS = {
    "Restauración": ("hostelería", "carta de vinos"), "Hotelería": ("hostelería",),
    "Tienda gourmet": ("tienda", "gourmet"), "Vinoteca": ("tienda", "vino"),
    "Catering": ("hostelería", "eventos"), "Importación": ("exportación",),
    "Regalo de empresa": ("lotes de Navidad",), "Comercio en línea": ("en línea",),
    "Distribución alimentaria": ("gran cuenta",),
}  # fmt: skip
SOURCES = ("Feria Sabores de la Meseta", "Recomendación", "Formulario de la web",
           "Visita comercial", "Teléfono", "Boletín")  # fmt: skip
HOBBIES = ("club de vinos", "boletín", "tienda en línea", "visita a bodega")
