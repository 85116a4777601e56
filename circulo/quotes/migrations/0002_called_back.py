"""A quote whose mail was called back before it left was not sent."""

from django.db import migrations

STAYS = """
CREATE OR REPLACE TRIGGER sent_quote_stays BEFORE UPDATE ON quotes_quote FOR EACH ROW
WHEN (OLD.sent_at IS NOT NULL AND NOT OLD.is_demo %s AND (NEW.sent_at IS NULL OR
  (OLD.year, OLD.serial, OLD.revision, OLD.title, OLD.addressee, OLD.language, OLD.currency,
   OLD.coupon, OLD.withholding, OLD.valid_until, OLD.introduction, OLD.terms, OLD.net, OLD.tax,
   OLD.withheld, OLD.total, OLD.taxes, OLD.sha256)
  IS DISTINCT FROM
  (NEW.year, NEW.serial, NEW.revision, NEW.title, NEW.addressee, NEW.language, NEW.currency,
   NEW.coupon, NEW.withholding, NEW.valid_until, NEW.introduction, NEW.terms, NEW.net, NEW.tax,
   NEW.withheld, NEW.total, NEW.taxes, NEW.sha256)))
EXECUTE FUNCTION circulo_sent_quote_stays();
"""
NOT_CALLED_BACK = """AND NOT (NEW.sent_at IS NULL
  AND COALESCE(current_setting('circulo.called_back', true), '') <> '')"""


class Migration(migrations.Migration):
    dependencies = [("quotes", "0001_first_release")]

    operations = [migrations.RunSQL(STAYS % NOT_CALLED_BACK, STAYS % "")]
