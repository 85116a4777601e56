"""Snapshots tell what was won of months that were over by figures too, not by rows alone."""

from django.db import migrations

# Of teams only who is in them now is known; from here on each snapshot says it as it is then.
_FILL = """
    WITH won AS (
        SELECT r.snapshot_id, r.month, r.owner_id, sum(r.amount) AS amount
        FROM forecasts_snapshotrow r JOIN forecasts_snapshot s ON s.id = r.snapshot_id
        WHERE r.category = 'closed' AND r.month < date_trunc('month', s.taken_at AT TIME ZONE
            COALESCE((SELECT time_zone FROM accounts_firm WHERE id = 1), 'Europe/Madrid'))
        GROUP BY r.snapshot_id, r.month, r.owner_id
    ), said AS (
        SELECT snapshot_id, month, owner_id AS user_id, NULL::bigint AS team_id, amount FROM won
        UNION ALL
        SELECT w.snapshot_id, w.month, NULL, above.id, sum(w.amount) FROM won w
        JOIN accounts_user u ON u.id = w.owner_id JOIN accounts_team t ON t.id = u.team_id
        JOIN accounts_team above ON starts_with(t.path, above.path)
        GROUP BY w.snapshot_id, w.month, above.id
        UNION ALL
        SELECT snapshot_id, month, NULL, NULL, sum(amount) FROM won GROUP BY snapshot_id, month
    )
    INSERT INTO forecasts_snapshotfigure
        (snapshot_id, user_id, team_id, month, won, committed, adjusted, weighted)
    SELECT snapshot_id, user_id, team_id, month, amount, 0, 0, 0 FROM said
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [("accounts", "0010_fiscal_year"), ("forecasts", "0002_territories")]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
