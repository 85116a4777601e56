"""The functions of the database that records stand on; only `0001_first_release` makes them."""

# Immutable, as indexes and generated columns need; the schema is named so that a restore finds it.
# Without a collation of its own, `lower` takes that of its argument: "C" knows only ASCII letters,
# so that the same name was folded one way from a column and another way from a parameter.
FOLDING = """
CREATE FUNCTION circulo_plain(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent', $1) COLLATE pg_catalog.pg_c_utf8) $$;

CREATE FUNCTION circulo_sort_key(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.circulo_plain(
    replace(lower($1 COLLATE pg_catalog.pg_c_utf8), 'ñ', 'n~')) $$;

CREATE FUNCTION circulo_name(given text, first text, second text, trade text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN trade <> '' THEN trade ELSE
  btrim(given || CASE WHEN first <> '' THEN ' ' || first ELSE '' END
        || CASE WHEN second <> '' THEN ' ' || second ELSE '' END) END $$;

CREATE FUNCTION circulo_party_sort_key(first text, second text, given text, trade text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT public.circulo_sort_key(CASE WHEN trade <> '' THEN trade
  ELSE first || E'\\t' || second || E'\\t' || given END) $$;
"""
NO_FOLDING = """
DROP FUNCTION circulo_party_sort_key(text, text, text, text);
DROP FUNCTION circulo_name(text, text, text, text);
DROP FUNCTION circulo_sort_key(text);
DROP FUNCTION circulo_plain(text);
"""

# Immutable, so that indexes can hold them, and never failing, whatever a value was before its
# field was defined. What formulas say in Python (records/formulas/evaluating.py) they say in SQL.
OWN = r"""
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
NO_OWN = """
DROP FUNCTION circulo_bounded(numeric);
DROP FUNCTION circulo_years(date, date);
DROP FUNCTION circulo_day_moved(date, numeric);
DROP FUNCTION circulo_day(text);
DROP FUNCTION circulo_own_amount(jsonb);
DROP FUNCTION circulo_own_number(jsonb);
"""

# Who writes is told by lib/acting.py; whoever says nothing writes "in the database", as nobody.
HISTORY = """
CREATE SEQUENCE records_change_step;

CREATE FUNCTION circulo_change_set() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE named text := NULLIF(current_setting('circulo.change_set', true), '');
BEGIN
  IF named IS NOT NULL AND named = current_setting('circulo.begun', true) THEN
    RETURN named::bigint;
  END IF;
  named := COALESCE(named, nextval('public.records_changeset_id_seq')::text);
  INSERT INTO public.records_changeset (id, kind, by_id, through)
  VALUES (named::bigint,
          COALESCE(NULLIF(current_setting('circulo.kind', true), ''), 'edit'),
          NULLIF(current_setting('circulo.by', true), '')::bigint,
          COALESCE(NULLIF(current_setting('circulo.through', true), ''), 'database'))
  ON CONFLICT (id) DO NOTHING;
  PERFORM set_config('circulo.change_set', named, true);
  PERFORM set_config('circulo.begun', named, true);
  RETURN named::bigint;
END $$;

CREATE FUNCTION circulo_only(here jsonb, there jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN jsonb_typeof(here) = 'object' AND jsonb_typeof(there) = 'object' THEN
  COALESCE((SELECT jsonb_object_agg(key, value) FROM jsonb_each(here)
            WHERE there->key IS DISTINCT FROM value), '{}')
  ELSE COALESCE(here, 'null') END $$;
"""
NO_HISTORY = """
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT tgname, tgrelid::regclass AS of FROM pg_trigger
           WHERE tgname IN ('circulo_inserted', 'circulo_updated', 'circulo_deleted')
  LOOP EXECUTE format('DROP TRIGGER %I ON %s', t.tgname, t.of); END LOOP;
END $$;
DROP FUNCTION circulo_only(jsonb, jsonb);
DROP FUNCTION circulo_change_set();
DROP SEQUENCE records_change_step;
"""
