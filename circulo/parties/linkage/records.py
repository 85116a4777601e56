"""Records as they are compared: folded, split and shortened by SQL, a million in some seconds.

Whoever has records fills the table `raw` with the columns of `RAW` (texts, none of them needed but
the key; lists for addresses and numbers); `tidy` makes the table `records` of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circulo.parties.linkage import nicknames

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PEOPLE, COMPANIES = "people", "companies"
# Raised when records are folded in another way: what was kept of them is then made anew.
FORM = 1
RAW = {
    "id": "BIGINT",
    "side": "TINYINT",
    "version": "INTEGER",
    "given_name": "VARCHAR",
    "first_surname": "VARCHAR",
    "second_surname": "VARCHAR",
    "name": "VARCHAR",
    "legal_name": "VARCHAR",
    "birthday": "VARCHAR",
    "tax_id": "VARCHAR",
    "emails": "VARCHAR[]",
    "phones": "VARCHAR[]",
    "webs": "VARCHAR[]",
    "street": "VARCHAR",
    "postal_code": "VARCHAR",
    "city": "VARCHAR",
    "region": "VARCHAR",
}
# Hosts of everybody's mail say nothing of the firm that somebody works at.
_PUBLIC_MAIL = (
    "gmail", "googlemail", "hotmail", "outlook", "live", "msn", "yahoo", "ymail", "icloud", "me",
    "aol", "gmx", "proton", "protonmail", "telefonica", "movistar", "terra", "ono", "orange",
)  # fmt: skip
_PARTICLES = "de|del|la|las|los|el|y|e|i|da|do|das|dos|di|van|von|der|den|le|du|des|o"
_LEGAL = (
    "s a|s l|sa|sl|slu|sau|s l u|s a u|sll|s l l|slp|s l p|s coop|scoop|coop|sc|s c|cb|c b|"
    "s de r l|srl|s r l|de cv|c v|de c v|spa|sas|s a s|ltda|ltd|limited|llc|inc|corp|"
    "corporation|co|company|plc|llp|gmbh|ag|kg|bv|nv|sarl|lda|oy|ab|sociedad limitada|"
    "sociedad anonima|y cia|e hijos|y asociados"
)
_WAYS = (
    "calle|cl|c|avenida|avda|avd|av|plaza|plza|pza|pl|paseo|po|pso|carretera|ctra|camino|cmno|"
    "cno|ronda|rda|travesia|trav|urbanizacion|urb|street|st|road|rd|avenue|ave|lane|ln|drive|dr|"
    "place|crescent|cres|cct|circuit|close|cl|court|ct|numero|num|no|n|s n|sn"
)


def create_raw(database: DuckDBPyConnection) -> None:
    """The empty table that records are put into."""
    columns = ", ".join(f"{name} {kind}" for name, kind in RAW.items())
    database.execute(f"CREATE OR REPLACE TABLE raw ({columns})").fetchall()


def tidy(database: DuckDBPyConnection, kind: str, *, into: str = "records") -> None:
    """Make a table of records of what the table `raw` holds."""
    if kind == PEOPLE:
        database.execute("CREATE OR REPLACE TABLE nicknames (form VARCHAR, stands_for VARCHAR)")
        pairs = ", ".join(f"('{form}', '{name}')" for form, name in nicknames.pairs())
        database.execute(f"INSERT INTO nicknames VALUES {pairs}").fetchall()
    sql = _PEOPLE if kind == PEOPLE else _COMPANIES
    database.execute(f"CREATE OR REPLACE TABLE {into} AS {sql}").fetchall()


def _fold(column: str) -> str:
    """Lower-case words of plain letters and digits."""
    letters = f"regexp_replace(strip_accents(lower({column})), '[^a-z0-9]+', ' ', 'g')"
    return f"nullif(trim({letters}), '')"


def _without(text: str, words: str) -> str:
    """A folded text without certain words, unless it has no others."""
    rest = rf"trim(regexp_replace(' ' || {text} || ' ', '( ({words}))+ ', ' ', 'g'))"
    return f"coalesce(nullif({rest}, ''), {text})"


def _people() -> str:
    return rf"""
        WITH folded AS (
            SELECT *, {_fold("given_name")} AS f_given, {_fold("first_surname")} AS f_first,
                   {_fold("second_surname")} AS f_second, {_fold("street")} AS f_street,
                   {_fold("city")} AS f_city
            FROM raw
        ), parted AS (
            SELECT *,
                   {_without("f_given", "de|del|la|las|los|el")} AS given,
                   {_without("f_first", _PARTICLES)} AS first,
                   replace({_without("f_second", _PARTICLES)}, ' ', '') AS second
            FROM folded
        ), named AS (
            SELECT *,
                   regexp_replace(given, '^(maria|mari|ma) (.)', '\2') AS plainly,
                   CASE WHEN second IS NULL AND contains(first, ' ')
                        THEN split_part(first, ' ', 1) ELSE replace(first, ' ', '') END AS s1,
                   CASE WHEN second IS NULL AND contains(first, ' ')
                        THEN replace(substr(first, position(' ' IN first)), ' ', '')
                        ELSE second END AS s2
            FROM parted
        )
        SELECT n.id AS unique_id, n.side, n.version, n.given,
               split_part(n.given, ' ', 1) AS given1,
               coalesce(whole.stands_for, coalesce(head.stands_for, split_part(n.plainly, ' ', 1))
                   || substr(n.plainly, length(split_part(n.plainly, ' ', 1)) + 1)) AS called,
               n.s1, n.s2, n.s1 || coalesce(n.s2, '') AS surnames,
               nullif(regexp_replace(n.birthday, '[^0-9]', '', 'g'), '') AS born,
               nullif(regexp_replace(upper(n.tax_id), '[^A-Z0-9]', '', 'g'), '') AS tax,
               {_ways_to_reach("n")},
               {_place("n")}
        FROM named n
        LEFT JOIN nicknames whole ON whole.form = n.plainly
        LEFT JOIN nicknames head ON head.form = split_part(n.plainly, ' ', 1)
    """


def _companies() -> str:
    public = ", ".join(f"'{name}'" for name in _PUBLIC_MAIL)
    return rf"""
        WITH folded AS (
            SELECT *, {_fold("name")} AS f_name, {_fold("legal_name")} AS f_legal,
                   {_fold("street")} AS f_street, {_fold("city")} AS f_city
            FROM raw
        ), named AS (
            SELECT *, {_without("f_name", _LEGAL)} AS bare, {_without("f_legal", _LEGAL)} AS legal
            FROM folded
        ), reached AS (
            SELECT *, list_distinct(list_filter(list_concat(
                list_transform(coalesce(webs, []), lambda w:
                    regexp_extract(lower(w), '^(?:https?://)?(?:www\.)?([^/:?#]+)', 1)),
                list_transform(coalesce(emails, []), lambda e: split_part(e, '@', 2))
            ), lambda d: d <> '' AND NOT list_contains([{public}], split_part(d, '.', 1))))
                AS domains
            FROM named
        )
        SELECT n.id AS unique_id, n.side, n.version, n.bare, coalesce(n.legal, n.bare) AS legal,
               list_sort(string_split(n.bare, ' ')) AS words,
               replace(n.bare, ' ', '') AS called,
               nullif(regexp_replace(upper(n.tax_id), '[^A-Z0-9]', '', 'g'), '') AS tax,
               CASE WHEN len(n.domains) > 0 THEN n.domains END AS domains,
               n.domains[1] AS domain,
               {_ways_to_reach("n")},
               {_place("n")}
        FROM reached n
    """


def _ways_to_reach(table: str) -> str:
    digits = rf"list_transform({table}.phones, lambda p: regexp_replace(p, '[^0-9]', '', 'g'))"
    local = f"split_part(split_part({table}.emails[1], '@', 1), '+', 1)"
    return f"""
        CASE WHEN len({table}.emails) > 0 THEN {table}.emails END AS emails,
        {table}.emails[1] AS email,
        nullif(regexp_replace({local}, '[^a-z0-9]', '', 'g'), '') AS box,
        CASE WHEN len({table}.phones) > 0
             THEN list_transform({digits}, lambda d: right(d, 9)) END AS phones,
        right(({digits})[1], 9) AS phone
    """


def _place(table: str) -> str:
    name = f"regexp_replace({table}.f_street, '[0-9]+[a-z]?', ' ', 'g')"
    return rf"""
        nullif(replace({_without(f"trim(regexp_replace({name}, ' +', ' ', 'g'))", _WAYS)}, ' ', ''),
               '') AS street,
        nullif(regexp_extract({table}.f_street, '([0-9]+)', 1), '') AS door,
        nullif(regexp_replace(upper({table}.postal_code), '[^A-Z0-9]', '', 'g'), '') AS post,
        nullif(replace({table}.f_city, ' ', ''), '') AS city,
        {_fold(f"{table}.region")} AS region
    """


_PEOPLE, _COMPANIES = _people(), _companies()
