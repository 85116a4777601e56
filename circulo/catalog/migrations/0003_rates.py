"""The rates in force when this was written, and costs hidden from whoever sells."""

from datetime import date

from django.db import migrations

IVA, IGIC = "IVA", "IGIC"
# Region, tax, class, percent, since. Ceuta and Melilla set the IPSI of each kind of good themselves:
# whoever sells there states the rates of what they sell.
RATES = [
    ("ES", IVA, "general", 21, date(2012, 9, 1)),
    ("ES", IVA, "reduced", 10, date(2012, 9, 1)),
    ("ES", IVA, "super_reduced", 4, date(1995, 1, 1)),
    ("ES", IVA, "zero", 0, date(1995, 1, 1)),
    ("ES", IVA, "exempt", 0, date(1995, 1, 1)),
    ("ES-CN", IGIC, "general", 7, date(2020, 1, 1)),
    ("ES-CN", IGIC, "reduced", 3, date(2012, 7, 1)),
    ("ES-CN", IGIC, "super_reduced", 0, date(2012, 7, 1)),
    ("ES-CN", IGIC, "zero", 0, date(2012, 7, 1)),
    ("ES-CN", IGIC, "exempt", 0, date(2012, 7, 1)),
    ("MX", IVA, "general", 16, date(2014, 1, 1)),
    ("MX", IVA, "zero", 0, date(2014, 1, 1)),
    ("MX", IVA, "exempt", 0, date(2014, 1, 1)),
]
WITHHELD = [
    ("ES", "professional", "IRPF, profesionales", 15, date(2015, 7, 12)),
    ("ES", "new-professional", "IRPF, profesionales que empiezan", 7, date(2015, 7, 12)),
    ("ES", "rent", "IRPF, alquileres", 19, date(2016, 1, 1)),
    ("MX", "professional", "ISR, servicios profesionales", 10, date(2014, 1, 1)),
]
SELLING = ("seller", "agent", "marketer")


def write_rates(apps, schema_editor):
    TaxRate = apps.get_model("catalog", "TaxRate")
    Withholding = apps.get_model("catalog", "Withholding")
    TaxRate.objects.bulk_create(
        TaxRate(region=region, tax=tax, tax_class=name, rate=rate, starts_on=since)
        for region, tax, name, rate, since in RATES
    )
    Withholding.objects.bulk_create(
        Withholding(region=region, key=key, name=name, rate=rate, starts_on=since)
        for region, key, name, rate, since in WITHHELD
    )


def hide_costs(apps, schema_editor):
    for role in apps.get_model("accounts", "Role").objects.filter(name__in=SELLING):
        role.hidden = {**role.hidden, "products": ["cost"]}
        role.save(update_fields=["hidden"])


def show_costs(apps, schema_editor):
    for role in apps.get_model("accounts", "Role").objects.filter(name__in=SELLING):
        role.hidden = {kind: names for kind, names in role.hidden.items() if kind != "products"}
        role.save(update_fields=["hidden"])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial"), ("accounts", "0008_notices_everywhere")]
    operations = [
        migrations.RunPython(write_rates, migrations.RunPython.noop),
        migrations.RunPython(hide_costs, show_costs),
    ]
