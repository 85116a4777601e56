from django.db import migrations, models

# A trigger that names a column holds its type: it steps aside and comes back as it was.
OFF = "DROP TRIGGER sent_line_stays ON quotes_quoteline;"
ON = """
CREATE TRIGGER sent_line_stays BEFORE INSERT OR UPDATE OF quote_id, position, description,
  quantity, unit, price, discount, unit_price, listed, net, tax, tax_name, tax_rate, name, code,
  steps ON quotes_quoteline FOR EACH ROW EXECUTE FUNCTION circulo_sent_line_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0003_total_at_home'),
    ]

    operations = [
        migrations.RunSQL(OFF, ON),
        migrations.AlterField(
            model_name='quoteline',
            name='position',
            field=models.FloatField(default=0, verbose_name='place'),
        ),
        migrations.RunSQL(ON, OFF),
    ]
