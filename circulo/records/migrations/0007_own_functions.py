from django.db import migrations

# Immutable, so that indexes can hold them, and never failing, whatever a value was before its
# field was defined. What formulas say in Python (records/formulas/evaluating.py) they say in SQL.
FUNCTIONS = r"""
CREATE FUNCTION circulo_own_number(jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE jsonb_typeof($1) WHEN 'number' THEN $1::numeric END $$;

CREATE FUNCTION circulo_own_amount(jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN $1 ->> 'amount' ~ '^-?[0-9]{1,18}([.][0-9]{1,6})?$'
  THEN ($1 ->> 'amount')::numeric END $$;

CREATE FUNCTION circulo_day(text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN $1 ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN
  CASE WHEN substr($1, 9, 2)::integer <= extract(day FROM
      make_date(substr($1, 1, 4)::integer, substr($1, 6, 2)::integer, 1)
      + interval '1 month' - interval '1 day')
    THEN make_date(substr($1, 1, 4)::integer, substr($1, 6, 2)::integer,
                   substr($1, 9, 2)::integer) END END $$;

CREATE FUNCTION circulo_day_moved(date, numeric) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN abs($2) <= 4000000 THEN
  CASE WHEN $1 + trunc($2)::integer BETWEEN make_date(1000, 1, 1) AND make_date(9999, 12, 31)
    THEN $1 + trunc($2)::integer END END $$;

CREATE FUNCTION circulo_years(since date, until date) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT extract(year FROM until) - extract(year FROM since)
  - CASE WHEN (extract(month FROM until), extract(day FROM until))
            < (extract(month FROM since), extract(day FROM since)) THEN 1 ELSE 0 END $$;

CREATE FUNCTION circulo_bounded(numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN abs($1) < 1000000000000000000 THEN round($1, 10) END $$;
"""
DROPS = """
DROP FUNCTION circulo_bounded(numeric);
DROP FUNCTION circulo_years(date, date);
DROP FUNCTION circulo_day_moved(date, numeric);
DROP FUNCTION circulo_day(text);
DROP FUNCTION circulo_own_amount(jsonb);
DROP FUNCTION circulo_own_number(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_history")]
    operations = [migrations.RunSQL(FUNCTIONS, DROPS)]
