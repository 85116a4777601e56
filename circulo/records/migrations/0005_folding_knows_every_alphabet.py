from django.db import migrations

# Without a collation of its own, `lower` takes that of its argument: "C" knows only ASCII letters,
# so that the same name was folded one way from a column and another way from a parameter.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION circulo_plain(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent', $1) COLLATE pg_catalog.pg_c_utf8) $$;

CREATE OR REPLACE FUNCTION circulo_sort_key(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.circulo_plain(
    replace(lower($1 COLLATE pg_catalog.pg_c_utf8), 'ñ', 'n~')) $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION circulo_plain(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent', $1)) $$;

CREATE OR REPLACE FUNCTION circulo_sort_key(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.circulo_plain(replace(lower($1), 'ñ', 'n~')) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0004_forms_that_were_sent")]
    operations = [migrations.RunSQL(FUNCTIONS, BEFORE)]
