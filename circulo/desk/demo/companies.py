# ruff: noqa: E501 (a table is read by its columns)
"""The sixty companies around the demo firm, as a table that can be read and changed.

Name | legal form | industry | employees | city | lifecycle | area | days between orders | scale of
an order | people we know there | belongs to. Without a rhythm a company does not order.
"""

from dataclasses import dataclass

TABLE = """
Ultramarinos Finos Balbuena | S.L. | Tienda gourmet | 9 | Bilbao | customer | norte | 24 | 4 | 4 |
Vinoteca El Lagarejo | S.L. | Vinoteca | 5 | Burgos | customer | norte | 28 | 3 | 2 |
Casa Urrutia | S.L. | Restauración | 22 | San Sebastián | customer | norte | 21 | 4 | 3 |
Asador Peña Labra | S.L. | Restauración | 18 | Santander | customer | norte | 25 | 4 | 2 |
Sidrería Zubialde | S.L. | Restauración | 14 | San Sebastián | customer | norte | 32 | 3 | 2 |
Mercado Gourmet Ibaizabal | S.A. | Distribución alimentaria | 120 | Bilbao | customer | norte | 15 | 9 | 4 |
Supermercados Almirez | S.A. | Distribución alimentaria | 640 | Valladolid | customer | norte | 10 | 14 | 5 |
Almirez Zamora | S.L. | Distribución alimentaria | 85 | Zamora | customer | norte | 14 | 8 | 2 | Supermercados Almirez
Almirez León | S.L. | Distribución alimentaria | 96 | León | customer | norte | 14 | 8 | 2 | Supermercados Almirez
Hoteles Camino Real de Castilla | S.A. | Hotelería | 310 | Salamanca | customer | norte | 0 | 0 | 3 |
Hotel Plaza de las Conchas | S.L. | Hotelería | 64 | Salamanca | customer | norte | 20 | 6 | 2 | Hoteles Camino Real de Castilla
Hotel Monasterio de Tábara | S.L. | Hotelería | 48 | Zamora | customer | norte | 26 | 5 | 2 | Hoteles Camino Real de Castilla
Parador de la Ribera Alta | S.L. | Hotelería | 52 | Burgos | customer | norte | 26 | 5 | 2 | Hoteles Camino Real de Castilla
Restaurante La Cepa Vieja | S.L. | Restauración | 11 | Logroño | customer | norte | 23 | 3 | 2 |
Bodegón del Espolón | S.L. | Restauración | 9 | Burgos | customer | norte | 35 | 2 | 1 |
Mesón O Cruceiro | S.L. | Restauración | 12 | Santiago de Compostela | customer | norte | 33 | 3 | 2 |
Conservas Gourmet Ría de Muros | S.L. | Tienda gourmet | 6 | A Coruña | customer | norte | 38 | 3 | 2 |
Cestas y Regalos Cantábrico | S.L. | Regalo de empresa | 17 | Gijón | customer | norte | 45 | 6 | 2 |
Colegio Oficial de Sumilleres del Norte | Asociación | Asociación | 4 | Logroño | partner | norte | 0 | 0 | 2 |
Taberna La Boticaria | S.L. | Restauración | 7 | Pamplona | customer | norte | 30 | 2 | 1 |
Economato San Telmo | S.Coop. | Distribución alimentaria | 38 | Pamplona | customer | norte | 22 | 5 | 2 |
Catering Alborada | S.L. | Catering | 42 | Vitoria-Gasteiz | customer | norte | 18 | 6 | 3 |
Gastroteca Mirador del Ebro | S.L. | Restauración | 13 | Zaragoza | prospect | norte | 0 | 0 | 2 |
Delicatessen Torre Nueva | S.L. | Tienda gourmet | 5 | Zaragoza | lead | norte | 0 | 0 | 2 |
La Despensa de Jovellanos | S.L. | Tienda gourmet | 8 | Gijón | prospect | norte | 0 | 0 | 2 |
Ultramarinos La Giralda Chica | S.L. | Tienda gourmet | 7 | Sevilla | customer | sur | 26 | 3 | 2 |
Restaurante Patio de los Naranjos | S.L. | Restauración | 24 | Sevilla | customer | sur | 22 | 4 | 3 |
Hotel Alcázar de Levante | S.A. | Hotelería | 130 | Valencia | customer | sur | 19 | 7 | 3 |
Grupo Marisma | S.A. | Restauración | 210 | Cádiz | customer | sur | 16 | 8 | 4 |
Chiringuito Punta Candor | S.L. | Restauración | 16 | Cádiz | customer | sur | 24 | 4 | 1 | Grupo Marisma
Bodega Museo Marisma | S.L. | Restauración | 20 | Jerez de la Frontera | customer | sur | 24 | 4 | 1 | Grupo Marisma
Mercado de la Merced | S.Coop. | Distribución alimentaria | 58 | Málaga | customer | sur | 18 | 6 | 2 |
Vinos y Quesos Albaicín | S.L. | Vinoteca | 4 | Granada | customer | sur | 31 | 2 | 2 |
Taberna del Califa | S.L. | Restauración | 15 | Córdoba | customer | sur | 27 | 3 | 2 |
Distribuciones Huerta del Segura | S.L. | Distribución alimentaria | 74 | Murcia | customer | sur | 15 | 9 | 3 |
Gourmet Es Molí | S.L. | Tienda gourmet | 6 | Palma | customer | sur | 34 | 3 | 2 |
Restaurante Can Bassa | S.L. | Restauración | 19 | Barcelona | customer | sur | 25 | 4 | 2 |
Cellers Units de Gràcia | S.L. | Vinoteca | 8 | Barcelona | customer | sur | 29 | 4 | 2 |
Tienda Gourmet Serrano Chico | S.L. | Tienda gourmet | 10 | Madrid | customer | sur | 20 | 5 | 3 |
Catering Tres Fuegos | S.L. | Catering | 36 | Madrid | customer | sur | 17 | 6 | 3 |
Club de Vinos Alcaraván | S.L. | Comercio en línea | 12 | Madrid | customer | sur | 14 | 7 | 2 |
Regalos de Empresa Atocha | S.L. | Regalo de empresa | 21 | Madrid | customer | sur | 60 | 9 | 2 |
Mesón del Azafrán | S.L. | Restauración | 8 | Toledo | former | sur | 24 | 3 | 2 |
Hotel Balneario Sierra Mágina | S.L. | Hotelería | 44 | Jaén | customer | sur | 28 | 4 | 2 |
Autoservicio Canario Guanche | S.L. | Distribución alimentaria | 46 | Las Palmas de Gran Canaria | customer | sur | 40 | 7 | 2 |
Gastrobar Mar Menor | S.L. | Restauración | 9 | Murcia | prospect | sur | 0 | 0 | 1 |
Tapería Plaza Redonda | S.L. | Restauración | 11 | Valencia | lead | sur | 0 | 0 | 1 |
Ecotienda Raíz | S.Coop. | Tienda gourmet | 6 | Granada | prospect | sur | 0 | 0 | 2 |
Importadora Puebla del Vino | S.A. de C.V. | Importación | 55 | Ciudad de México | customer | export | 48 | 16 | 4 |
Vinos Selectos de Jalisco | S.A. de C.V. | Importación | 28 | Guadalajara | customer | export | 62 | 12 | 3 |
Garrafeira do Douro | Lda. | Vinoteca | 9 | Porto | customer | export | 40 | 5 | 2 |
Mercearia Alfama | Lda. | Tienda gourmet | 7 | Lisboa | customer | export | 44 | 4 | 2 |
Harcourt & Lyle Wine Merchants | Ltd | Importación | 34 | London | customer | export | 42 | 11 | 3 |
Pennine Fine Foods | Ltd | Distribución alimentaria | 61 | Manchester | customer | export | 50 | 9 | 3 |
Épicerie du Canal | SARL | Tienda gourmet | 5 | Toulouse | customer | export | 52 | 4 | 2 |
Weinhaus Lindental | GmbH | Importación | 18 | Hamburg | prospect | export | 0 | 0 | 2 |
Cooperativa Hortícola Vega del Pisuerga | S.Coop. | Agricultura | 90 | Palencia | supplier | norte | 0 | 0 | 3 |
Vidrieras del Esgueva | S.A. | Envases | 140 | Valladolid | supplier | norte | 0 | 0 | 2 |
Transportes Puerto de Pajares | S.L. | Transporte | 48 | León | supplier | norte | 0 | 0 | 3 |
Feria Sabores de la Meseta | Fundación | Ferias | 15 | Valladolid | partner | norte | 0 | 0 | 2 |
"""


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    form: str
    industry: str
    size: int
    city: str
    lifecycle: str
    area: str
    rhythm: int
    scale: int
    people: int
    parent: str


def lines() -> list[Line]:
    """The table, read."""
    return [_line([cell.strip() for cell in row.split("|")]) for row in TABLE.strip().splitlines()]


def _line(cells: list[str]) -> Line:
    name, form, industry, size, city, lifecycle, area, rhythm, scale, people, parent = [
        *cells,
        *[""] * (11 - len(cells)),
    ]
    return Line(name, form, industry, int(size), city, lifecycle, area, int(rhythm), int(scale),
                int(people), parent)  # fmt: skip
