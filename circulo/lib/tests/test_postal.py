import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulo.lib import postal
from circulo.lib.postal import Address


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            Address("C/ Mayor 3, 2.º B", "", "28013", "Madrid", "Madrid", "ES"),
            ["C/ Mayor 3, 2.º B", "28013 Madrid"],
        ),
        (
            Address("C/ Sol 1", "", "08201", "Sabadell", "Barcelona", "ES"),
            ["C/ Sol 1", "08201 Sabadell", "Barcelona"],
        ),
        (Address("", "", "28013", "", "", "ES"), ["28013"]),
        (Address("C/ Mayor 3", country="ES"), ["C/ Mayor 3"]),
        (
            Address("Reforma 222 int. 4", "Juárez", "06600", "Ciudad de México", "CDMX", "MX"),
            ["Reforma 222 int. 4", "Juárez", "06600 Ciudad de México, CDMX", "MÉXICO"],
        ),
        (
            Address("Cra 7 # 71-21", "", "110231", "Bogotá", "", "CO"),
            ["Cra 7 # 71-21", "Bogotá, 110231", "COLOMBIA"],
        ),
        (
            Address("1 Main St", "", "10001", "New York", "NY", "US"),
            ["1 Main St", "New York, NY 10001", "ESTADOS UNIDOS"],
        ),
        (
            Address("1 High St\nFlat 2", "", "SW1A 1AA", "London", "", "GB"),
            ["1 High St", "Flat 2", "London", "SW1A 1AA", "REINO UNIDO"],
        ),
        (
            Address("Av. Paulista 1", "", "", "São Paulo", "SP", "BR"),
            ["Av. Paulista 1", "São Paulo - SP", "BRASIL"],
        ),
        (
            Address("Rua 1", "", "1000-205", "Lisboa", "", "PT"),
            ["Rua 1", "1000-205 Lisboa", "PORTUGAL"],
        ),
        (Address(city="Madrid"), ["Madrid"]),
        (Address(province="NY", country="US"), ["NY", "ESTADOS UNIDOS"]),
        (Address(postcode="10001", city="X", country="US"), ["X 10001", "ESTADOS UNIDOS"]),
        (Address(), []),
    ],
)
def test_a_label_has_the_order_of_its_country(address, lines):
    assert postal.label(address) == lines


def test_the_country_is_left_out_at_home():
    assert postal.in_one_line(Address("A 1", city="CDMX", country="MX"), home="MX") == "A 1, CDMX"


def test_a_spanish_province_is_known_in_both_of_its_languages():
    names = ("Madrid", " madrid ", "vizcaya", "Bizkaia", "Alacant", "LÉRIDA", "Texas", "")
    assert [postal.province_called(one) for one in names] == [
        "28", "28", "48", "48", "03", "25", "", ""
    ]  # fmt: skip
    assert {postal.province_called(n) for n in postal.provinces().values()} == set(
        postal.provinces()
    )


@pytest.mark.parametrize(
    ("country", "code", "is_one"),
    [
        ("ES", "28013", True),
        ("ES", "99999", False),
        ("ES", "٢٨٠١٣", False),
        ("PT", "1000-205", True),
        ("GB", "SW1A 1AA", True),
        ("US", "10001-1234", True),
        ("AR", "C1425CLA", True),
        ("JP", "100-0001", True),
        ("ES", "1" * 100_000, False),
    ],
)
def test_the_shape_of_post_codes(country, code, is_one):
    assert postal.is_postcode(country, code) is is_one


def test_post_codes_get_back_what_a_spreadsheet_ate():
    assert postal.normal_postcode("ES", "8013") == "08013"
    assert postal.normal_postcode("GB", "sw1a1aa") == "SW1A 1AA"
    assert postal.normal_postcode("PT", "1000205") == "1000-205"


def test_the_map_finds_the_place():
    link = postal.map_link(Address("C/ Mayor 3", "", "28013", "Madrid", "", "ES"))
    assert link.endswith("query=C%2F%20Mayor%203%2C%2028013%20Madrid%2C%20SPAIN")


parts = st.text(st.characters(exclude_characters="\0"), max_size=20)


@given(st.builds(Address, parts, parts, parts, parts, parts, st.sampled_from(["ES", "MX", "US"])))
def test_no_address_breaks_the_label(address):
    assert all(line == line.strip() and line for line in postal.label(address))
