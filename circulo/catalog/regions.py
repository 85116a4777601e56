"""Where a customer is taxed: a country, or a part of one that taxes for itself."""

_OF_SPAIN = {"35": "ES-CN", "38": "ES-CN", "51": "ES-CE", "52": "ES-ML"}


def region_of(country: str, postal_code: str) -> str:
    """The region of an address: the Canaries, Ceuta and Melilla are told by the postal code."""
    if country != "ES":
        return country
    return _OF_SPAIN.get(postal_code.strip()[:2], "ES")
