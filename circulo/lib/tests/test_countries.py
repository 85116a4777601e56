from circulo.lib import countries


def test_a_country_is_named_in_both_languages():
    assert countries.name("DE") == "Alemania"
    assert countries.name("DE", "en") == "Germany"
    assert countries.name("??") == "??"


def test_what_a_country_brings_with_it():
    assert countries.get("CL") == countries.Country("CL", 56, "CLP", "es")
    assert countries.get("MX") == countries.Country("MX", 52, "MXN", "es")
    assert countries.get("GB") == countries.Country("GB", 44, "GBP", "en")
    assert countries.get("ZZ").currency == "EUR"


def test_a_country_is_found_by_what_people_write():
    for text in ("España", "SPAIN", "es", " espana "):
        assert countries.find(text) == "ES"
    assert countries.find("Méjico") == "MX"
    assert countries.find("EE.UU.") == "US"
    assert countries.find("nowhere") == ""


def test_the_list_is_sorted_as_people_look_for_it():
    names = [name for _code, name in countries.choices("es")]
    assert names.index("Afganistán") == 0
    assert names.index("Eslovaquia") < names.index("España") < names.index("Estonia")
    assert len(names) > 240
