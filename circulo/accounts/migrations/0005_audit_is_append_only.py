from django.db import migrations

GUARD = """
CREATE FUNCTION circulo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON accounts_audit
FOR EACH ROW EXECUTE FUNCTION circulo_append_only();
"""
UNGUARD = """
DROP TRIGGER audit_is_append_only ON accounts_audit;
DROP FUNCTION circulo_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_entrances_audit_firm")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
