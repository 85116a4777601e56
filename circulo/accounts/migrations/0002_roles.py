from django.db import migrations

NAMES = ["admin", "manager", "seller", "agent", "marketer", "analyst", "auditor", "treasurer"]


def make_roles(apps, schema_editor):
    Role = apps.get_model("accounts", "Role")
    Role.objects.bulk_create([Role(name=name) for name in NAMES])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
