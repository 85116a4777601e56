from django.db import migrations

# Immutable, as generated columns need; schemas are named so that a restore finds them.
FUNCTIONS = """
CREATE FUNCTION circulo_product_key(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT regexp_replace(public.circulo_plain($1), '\\s+', '', 'g') $$;

CREATE FUNCTION circulo_product_search(code text, name text, family text, translations jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT public.circulo_plain(code || ' ' || name || ' '
  || regexp_replace(name, '\\s+', '', 'g') || ' ' || family || ' '
  || COALESCE(translations #>> '{es,name}', '') || ' '
  || COALESCE(translations #>> '{en,name}', '')) $$;
"""
DROPS = """
DROP FUNCTION circulo_product_search(text, text, text, jsonb);
DROP FUNCTION circulo_product_key(text);
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_history"), ("parties", "0007_provinces")]
    operations = [migrations.RunSQL(FUNCTIONS, DROPS)]
