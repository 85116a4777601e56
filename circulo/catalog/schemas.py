"""The shapes of products, prices and rules in the API."""

from circulo.catalog.drafts import LANGUAGES
from circulo.catalog.models import PriceRule, Product, ProductNote, ProductTie, TaxClass
from circulo.records.rest.schemas import (
    MONEY,
    Schema,
    anything,
    choice,
    component,
    day,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    record,
    text,
    whole,
)

_NUMBER: Schema = {"description": "A number, or a text of one: exact where it has decimals"}
_EXACT = text(40, description="A number as a text, so that it stays exact")
_CRITERION: Schema = nullable({"type": "object", "description": "In the criteria language"})
_CURRENCY = text(3, description="Three capital letters, such as EUR")
_WHOM: dict[str, Schema] = {
    "is_for_everybody": flag(
        description="false too where its conditions or its contact are not for the caller to see"
    ),
    "is_understood": flag(
        description="false where a field of its conditions is gone: nobody fulfils them"
    ),
}
_WORDS = record({"name": text(200), "description": text(10_000, lines=True)})
_NOTE = component(
    "ProductNote",
    record(
        {
            "kind": choice(ProductNote.Kind.values),
            "language": choice(["", *LANGUAGES]),
            "text": text(500),
            "answer": text(10_000, lines=True),
        },
        required=["text"],
    ),
)
_PRODUCT: dict[str, Schema] = {
    "code": text(60),
    "name": text(200),
    "kind": choice(Product.Kind.values),
    "unit": text(30),
    "family": text(100),
    "description": text(10_000, lines=True),
    "translations": record(dict.fromkeys(LANGUAGES, _WORDS)),
    "tax_class": choice(TaxClass.values),
    "is_active": flag(description="Whether it is sold"),
    "attributes": {"type": "object", "description": 'Of a variant: {"Size": "XL"}'},
    "notes": list_of(_NOTE),
    "custom": anything(),
}  # fmt: skip
_MEANT = text(200, description="Id, code or name of a product")
_SENT: dict[str, Schema] = _PRODUCT | {
    "cost": {"description": "An amount in the currency of the firm, or money; null for none"},
    "variant_of": nullable(_MEANT),
    "items": list_of(
        record({"product": _MEANT, "quantity": _NUMBER}, required=["product"])
    ),
    "ties": list_of(
        record({"kind": choice(ProductTie.Kind.values), "product": _MEANT}, required=["product"])
    ),
}  # fmt: skip
_OTHER = {"product": identifier("product"), "name": text()}
PRODUCT = component(
    "Product",
    record(
        {"id": identifier("product")}
        | _PRODUCT
        | {
            "cost": nullable(MONEY),
            "variant_of": nullable(identifier("product")),
            "items": list_of(record(_OTHER | {"quantity": _EXACT})),
            "ties": list_of(record(_OTHER | {"kind": choice(ProductTie.Kind.values)})),
            "version": whole(1),
            "created_at": moment(),
            "updated_at": moment(),
        },
        required=["id", "name", "kind", "is_active"],
    ),
)
PRODUCT_IN = component("ProductToSend", record(_SENT, required=["name"]))
PRODUCT_CHANGE = component("ProductChange", record(_SENT))

_HOLDS: dict[str, Schema] = {
    "for_contacts": _CRITERION,
    "for_companies": _CRITERION,
    "starts_on": nullable(day()),
    "ends_on": nullable(day()),
    "rank": whole(0, 1000),
    "is_active": flag(),
}
_LIST: dict[str, Schema] = _HOLDS | {
    "name": text(100),
    "currency": _CURRENCY,
    "includes_tax": flag(),
    "is_default": flag(),
}
PRICE_LIST = component(
    "PriceList",
    record({"id": identifier("price list")} | _LIST | _WHOM, required=["id", "name", "currency"]),
)
PRICE_LIST_IN = component("PriceListToSend", record(_LIST, required=["name", "currency"]))
PRICE_LIST_CHANGE = component("PriceListChange", record(_LIST))
PRICE = component(
    "Price",
    record({**_OTHER, "from_quantity": _EXACT, "price": MONEY}, required=["product", "price"]),
)
PRICES = component(
    "Prices", record({"items": list_of(PRICE), "next": nullable(text())}, required=["items"])
)
PRICES_IN = component(
    "PricesToSend",
    record(
        {
            "prices": list_of(
                record(
                    {
                        "product": _MEANT,
                        "from_quantity": _NUMBER,
                        "price": {"description": "An amount, or money; null takes it away"},
                    },
                    required=["product", "price"],
                ),
                1000,
            )
        },
        required=["prices"],
    ),
)

_RULE: dict[str, Schema] = _HOLDS | {
    "name": text(100),
    "kind": choice(PriceRule.Kind.values),
    "nth": nullable(whole(2, 1000)),
    "currency": text(3),
    "family": text(100),
    "is_combinable": flag(),
}
_RULE_SENT: dict[str, Schema] = _RULE | {
    "value": _NUMBER,
    "from_quantity": _NUMBER,
    "from_amount": _NUMBER,
    "product": nullable(_MEANT),
    "party": nullable(identifier("contact or company")),
    "coupon": nullable(text(40, description="Its code; one that is not known is made")),
}
PRICE_RULE = component(
    "PriceRule",
    record(
        {"id": identifier("price rule")}
        | _RULE
        | _WHOM
        | {
            "value": nullable(_EXACT),
            "from_quantity": nullable(_EXACT),
            "from_amount": nullable(_EXACT),
            "product": nullable(identifier("product")),
            "party": nullable(identifier("contact or company")),
            "is_for_one_customer": flag(
                description="true with a party of null: for one that the caller may not see"
            ),
            "coupon": nullable(text(40)),
        },
        required=["id", "name", "kind"],
    ),
)
PRICE_RULE_IN = component("PriceRuleToSend", record(_RULE_SENT, required=["name", "kind"]))
PRICE_RULE_CHANGE = component("PriceRuleChange", record(_RULE_SENT))

_COUPON: dict[str, Schema] = {
    "starts_on": nullable(day()),
    "ends_on": nullable(day()),
    "most_uses": nullable(whole(1, 1_000_000)),
    "is_active": flag(),
}
COUPON = component(
    "Coupon",
    record(
        {"id": identifier("coupon"), "code": text(40), "uses": whole(0)} | _COUPON,
        required=["id", "code", "uses"],
    ),
)
COUPON_CHANGE = component("CouponChange", record(_COUPON))

_TAX_RATE: dict[str, Schema] = {
    "region": text(6),
    "tax": text(20),
    "tax_class": choice(TaxClass.values),
    "starts_on": day(),
    "ends_on": nullable(day()),
}
TAX_RATE = component(
    "TaxRate",
    record({"id": identifier("tax rate"), "rate": _EXACT} | _TAX_RATE, required=["id", "rate"]),
)
TAX_RATE_IN = component(
    "TaxRateToSend",
    record(
        _TAX_RATE | {"rate": _NUMBER},
        required=["region", "tax", "tax_class", "rate", "starts_on"],
    ),
)

_WITHHOLDING: dict[str, Schema] = {
    "region": text(6),
    "key": text(30, description="By which a basket asks for it, such as professional"),
    "name": text(60),
    "starts_on": day(),
    "ends_on": nullable(day()),
}
WITHHOLDING = component(
    "Withholding",
    record(
        {"id": identifier("withholding"), "rate": _EXACT} | _WITHHOLDING, required=["id", "rate"]
    ),
)
WITHHOLDING_IN = component(
    "WithholdingToSend",
    record(
        _WITHHOLDING | {"rate": _NUMBER}, required=["region", "key", "name", "rate", "starts_on"]
    ),
)
_EXCHANGE_RATE: dict[str, Schema] = {"currency": _CURRENCY, "target": _CURRENCY, "day": day()}
EXCHANGE_RATE = component(
    "ExchangeRate",
    record(
        {"id": identifier("exchange rate"), "rate": _EXACT} | _EXCHANGE_RATE,
        required=["id", "rate"],
    ),
)
EXCHANGE_RATE_IN = component(
    "ExchangeRateToSend",
    record(_EXCHANGE_RATE | {"rate": _NUMBER}, required=["currency", "target", "day", "rate"]),
)

BASKET = component(
    "BasketToPrice",
    record(
        {
            "lines": list_of(
                record(
                    {
                        "product": _MEANT,
                        "quantity": _NUMBER,
                        "unit_price": _NUMBER,
                        "discount": _NUMBER,
                    },
                    required=["product"],
                ),
                500,
            ),
            "party": nullable(identifier("contact or company")),
            "currency": text(3),
            "on": nullable(day()),
            "coupons": list_of(text(40), 20),
            "region": text(6),
            "withholding": text(30),
        },
        required=["lines"],
    ),
)
_STEP = record({"kind": text(), "text": text(), "amount": MONEY, "values": anything()})
_COSTS = {"cost": nullable(MONEY), "margin": nullable(MONEY)}
PRICED = component(
    "PricedBasket",
    record(
        {
            "currency": _CURRENCY,
            "lines": list_of(
                record(
                    {
                        "product": identifier("product"),
                        "quantity": _EXACT,
                        "is_priced": flag(),
                        "includes_tax": flag(),
                        "unit_price": MONEY,
                        "listed": MONEY,
                        "net": MONEY,
                        "tax": MONEY,
                        "gross": MONEY,
                        "steps": list_of(_STEP),
                    }
                    | _COSTS
                )
            ),
            "taxes": list_of(
                record(
                    {
                        "tax": text(),
                        "tax_class": choice(TaxClass.values),
                        "rate": _EXACT,
                        "base": MONEY,
                        "amount": MONEY,
                    }
                )
            ),
            "net": MONEY,
            "tax": MONEY,
            "gross": MONEY,
            "withheld": MONEY,
            "due": MONEY,
        }
        | _COSTS,
        required=["currency", "lines", "net", "tax", "gross", "due"],
    ),
)

_LINE_SAID: dict[str, Schema] = {
    "id": text(40, description="The line that it is, where it is there already"),
    "product": _MEANT,
    "quantity": _NUMBER,
    "price": {"anyOf": [MONEY, _NUMBER, {"type": "null"}]},
    "discount": _NUMBER,
    "description": text(500),
}
# A line of goods that a deal or a quote keeps: as it is told, and as it is sent.
GOODS = component(
    "LineOfGoods",
    record(
        {
            "id": identifier("line"),
            "product": nullable(identifier("product")),
            "product_name": text(),
            "description": text(500),
            "quantity": _EXACT,
            "unit": text(30),
            "price": nullable(MONEY),
            "discount": _EXACT,
            "is_priced": flag(),
            "unit_price": MONEY,
            "listed": MONEY,
            "net": MONEY,
            "tax": MONEY,
            "gross": MONEY,
            "tax_name": text(),
            "tax_rate": nullable(_EXACT),
            "steps": list_of(record({"kind": text(), "text": text(), "amount": MONEY})),
        },
        required=["product", "quantity", "net"],
    ),
)
GOODS_IN = component("LineOfGoodsToSend", record(_LINE_SAID, required=["product"], is_open=True))
