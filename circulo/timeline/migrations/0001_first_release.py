"""What happened with a party."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("timeline", "0001_initial"),
        ("timeline", "0002_kinds_of_the_agenda"),
        ("timeline", "0003_kinds_of_needs"),
        ("timeline", "0004_kinds_of_sales"),
        ("timeline", "0005_kinds_of_leads"),
        ("timeline", "0006_kinds_of_quotes"),
        ("timeline", "0007_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("parties", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Interaction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('note', 'Note'), ('call', 'Call'), ('email', 'E-mail'), ('visit', 'Visit'), ('meeting', 'Meeting'), ('chat', 'Chat'), ('social', 'Social message'), ('letter', 'Letter'), ('fax', 'Fax'), ('form', 'Form'), ('document', 'Document'), ('job_done', 'Job done'), ('order', 'Order'), ('payment', 'Payment'), ('return', 'Return'), ('case', 'Case'), ('complaint', 'Complaint'), ('campaign_reaction', 'Campaign reaction'), ('agenda.task_done', 'Task done'), ('agenda.promise_settled', 'Promise'), ('needs.preference_noted', 'Preference noted'), ('needs.preference_withdrawn', 'Preference withdrawn'), ('needs.interview_held', 'Interview held'), ('leads.lead_came', 'Lead came in'), ('leads.lead_converted', 'Lead converted'), ('leads.lead_discarded', 'Lead discarded'), ('leads.lead_reopened', 'Lead opened again'), ('sales.deal_opened', 'Deal opened'), ('sales.deal_moved', 'Deal moved on'), ('sales.deal_won', 'Deal won'), ('sales.deal_lost', 'Deal lost'), ('sales.deal_reopened', 'Deal opened again'), ('quotes.quote_sent', 'Quote sent'), ('quotes.quote_opened', 'Quote opened'), ('quotes.quote_commented', 'Quote commented'), ('quotes.quote_accepted', 'Quote accepted'), ('quotes.quote_refused', 'Quote refused'), ('quotes.quote_expired', 'Quote expired')], max_length=40)),
                    ('channel', models.CharField(blank=True, choices=[('', 'none'), ('phone', 'Phone'), ('email', 'E-mail'), ('in_person', 'In person'), ('chat', 'Chat'), ('social', 'Social network'), ('post', 'Post'), ('fax', 'Fax'), ('web', 'Web'), ('sms', 'SMS'), ('whatsapp', 'WhatsApp')], default='', max_length=12)),
                    ('direction', models.CharField(blank=True, choices=[('in', 'Received'), ('out', 'Sent'), ('', 'Neither')], default='', max_length=3)),
                    ('occurred_at', models.DateTimeField(verbose_name='when')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('subject', models.CharField(blank=True, default='', max_length=300, verbose_name='subject')),
                    ('body', models.TextField(blank=True, default='', verbose_name='what happened')),
                    ('about_kind', models.CharField(blank=True, default='', max_length=30)),
                    ('about_id', models.BigIntegerField(null=True)),
                    ('data', models.JSONField(blank=True, default=dict)),
                    ('source_key', models.CharField(db_collation='C', max_length=300, null=True)),
                    ('is_private', models.BooleanField(default=False, verbose_name='only for me')),
                    ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interactions', to=settings.AUTH_USER_MODEL)),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='interactions', to='parties.party')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['party', '-occurred_at', '-id'], name='interaction_of_party'),
                        models.Index(fields=['-occurred_at', '-id'], name='interaction_by_time'),
                        models.Index(fields=['by', '-occurred_at', '-id'], name='interaction_by_author'),
                        models.Index(models.F('about_kind'), models.F('about_id'), condition=models.Q(('about_kind', ''), _negated=True), name='interaction_about'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('source_key'), name='interaction_once_per_source'),
                        models.CheckConstraint(condition=models.Q(models.Q(('about_id', None), ('about_kind', '')), models.Q(models.Q(('about_kind', ''), _negated=True), ('about_id__isnull', False)), _connector='OR'), name='interaction_about_has_kind_and_key'),
                    ],
                },
            ),
        ]),
    ]
