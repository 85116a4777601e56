from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# Immutable, as indexes and generated columns need; the schema is named so that a restore finds it.
FUNCTIONS = """
CREATE FUNCTION circulo_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent', $1)) $$;

CREATE FUNCTION circulo_sort_key(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.circulo_plain(replace(lower($1), 'ñ', 'n~')) $$;

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
DROPS = """
DROP FUNCTION circulo_party_sort_key(text, text, text, text);
DROP FUNCTION circulo_name(text, text, text, text);
DROP FUNCTION circulo_sort_key(text);
DROP FUNCTION circulo_plain(text);
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(FUNCTIONS, DROPS),
    ]
