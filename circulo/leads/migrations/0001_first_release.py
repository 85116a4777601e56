"""What came in from who may buy: its rules of points and of routes, public forms."""

import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables

REASONS = [
    "No es para nosotros",
    "No contesta",
    "Solo pedía información",
    "Sin presupuesto",
    "Ya es cliente",
    "Datos falsos o publicidad",
]
# Label, points, criterion.
SCORES = [
    ("Viene recomendado", 30, {"field": "source", "op": "contains", "value": "recomenda"}),
    ("Dice de qué empresa es", 20, {"field": "company", "op": "empty", "value": False}),
    ("Ha dejado un teléfono", 15, {"field": "phone", "op": "empty", "value": False}),
    ("Ha escrito qué busca", 15, {"field": "has_message", "op": "is", "value": True}),
]


def add_first_rules(apps, schema_editor):
    """The usual reasons and rules, in the language of an installation."""
    Reason, Rule = apps.get_model("leads", "LeadReason"), apps.get_model("leads", "ScoreRule")
    apps.get_model("leads", "LeadDesk").objects.create(pk=1)
    Reason.objects.bulk_create(
        Reason(label=label, position=place) for place, label in enumerate(REASONS)
    )
    Rule.objects.bulk_create(
        Rule(label=label, points=points, criteria=criteria, position=place)
        for place, (label, points, criteria) in enumerate(SCORES)
    )


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("leads", "0001_initial"),
        ("leads", "0002_first_rules"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("parties", "0001_first_release"),
        ("timeline", "0001_first_release"),
        ("sales", "0001_first_release"),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='LeadReason',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('label', models.CharField(max_length=120, verbose_name='reason')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'reason',
                    'constraints': [
                        models.UniqueConstraint(models.F('label'), name='lead_reason_said_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Lead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('given_name', models.CharField(blank=True, default='', max_length=100, verbose_name='given name')),
                    ('first_surname', models.CharField(blank=True, default='', max_length=100, verbose_name='first surname')),
                    ('second_surname', models.CharField(blank=True, default='', max_length=100, verbose_name='second surname')),
                    ('company', models.CharField(blank=True, default='', max_length=200, verbose_name='company')),
                    ('job_title', models.CharField(blank=True, default='', max_length=120, verbose_name='job title')),
                    ('email', models.CharField(blank=True, default='', max_length=254, verbose_name='e-mail')),
                    ('phone', models.CharField(blank=True, default='', max_length=60, verbose_name='phone')),
                    ('city', models.CharField(blank=True, default='', max_length=100, verbose_name='city')),
                    ('region', models.CharField(blank=True, default='', max_length=100, verbose_name='province or state')),
                    ('country', models.CharField(blank=True, default='', max_length=2, verbose_name='country')),
                    ('message', models.TextField(blank=True, default='', verbose_name='in their words')),
                    ('language', models.CharField(blank=True, default='', max_length=5, verbose_name='language')),
                    ('name', models.GeneratedField(db_persist=True, expression=models.Func(models.F('given_name'), models.F('first_surname'), models.F('second_surname'), models.Case(models.When(first_surname='', given_name='', second_surname='', then=models.F('company')), default=models.Value(''), output_field=models.TextField()), function='circulo_name'), output_field=models.CharField(max_length=600, verbose_name='name'))),
                    ('name_key', models.GeneratedField(db_persist=True, expression=models.Func(models.F('first_surname'), models.F('second_surname'), models.F('given_name'), models.Case(models.When(first_surname='', given_name='', second_surname='', then=models.F('company')), default=models.Value(''), output_field=models.TextField()), function='circulo_party_sort_key'), output_field=models.TextField(db_collation='C'))),
                    ('source', models.CharField(blank=True, default='', max_length=100, verbose_name='source')),
                    ('campaign', models.CharField(blank=True, default='', max_length=100, verbose_name='campaign')),
                    ('channel', models.CharField(blank=True, choices=[('', 'none'), ('phone', 'Phone'), ('email', 'E-mail'), ('in_person', 'In person'), ('chat', 'Chat'), ('social', 'Social network'), ('post', 'Post'), ('fax', 'Fax'), ('web', 'Web'), ('sms', 'SMS'), ('whatsapp', 'WhatsApp')], default='', max_length=12, verbose_name='channel')),
                    ('status', models.CharField(choices=[('new', 'New'), ('working', 'In progress'), ('converted', 'Converted'), ('discarded', 'Discarded'), ('suspect', 'Looks like spam')], default='new', max_length=9, verbose_name='status')),
                    ('reason_note', models.TextField(blank=True, default='', verbose_name='why exactly')),
                    ('score', models.PositiveSmallIntegerField(default=0, verbose_name='score')),
                    ('score_kind', models.CharField(default='rules', editable=False, max_length=10)),
                    ('score_reasons', models.JSONField(blank=True, default=list, editable=False)),
                    ('scored_at', models.DateTimeField(editable=False, null=True)),
                    ('route', models.JSONField(blank=True, default=dict, editable=False)),
                    ('arrived_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='came in')),
                    ('answer_due_at', models.DateTimeField(editable=False, null=True, verbose_name='to be answered until')),
                    ('answered_at', models.DateTimeField(editable=False, null=True, verbose_name='answered')),
                    ('answer_key', models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('answered_at', None), ('status__in', ('new', 'working'))), then=django.db.models.functions.comparison.Coalesce(models.F('answer_due_at'), models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)))), default=models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), output_field=models.DateTimeField())),
                    ('converted_at', models.DateTimeField(editable=False, null=True, verbose_name='converted')),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None, verbose_name='tags')),
                    ('reference', models.CharField(blank=True, db_collation='C', default='', max_length=100, verbose_name='reference')),
                    ('custom', models.JSONField(blank=True, default=dict)),
                    ('search', models.TextField(db_collation='C', default='', editable=False)),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('binned_at', models.DateTimeField(editable=False, null=True)),
                    ('company_party', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='company_leads', to='parties.party', verbose_name='known company')),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('deal', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='leads', to='sales.deal', verbose_name='deal')),
                    ('interaction', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='lead', to='timeline.interaction')),
                    ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('party', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='leads', to='parties.party', verbose_name='contact')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='leads', to='accounts.team', verbose_name='team')),
                    ('reason', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='leads.leadreason', verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'lead',
                    'indexes': [
                        models.Index(models.F('owner'), models.F('status'), models.F('answer_key'), models.F('id'), name='lead_by_owner'),
                        models.Index(models.F('status'), models.F('answer_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='lead_by_status'),
                        models.Index(models.F('answer_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='lead_by_answer'),
                        models.Index(models.F('arrived_at'), models.F('id'), condition=models.Q(('binned_at', None)), name='lead_by_arrival'),
                        models.Index(models.F('score'), models.F('id'), condition=models.Q(('binned_at', None)), name='lead_by_score'),
                        models.Index(models.F('name_key'), models.F('id'), condition=models.Q(('binned_at', None)), name='lead_by_name'),
                        models.Index(models.F('created_at'), models.F('id'), name='lead_by_creation'),
                        models.Index(models.F('updated_at'), models.F('id'), name='lead_by_change'),
                        models.Index(models.F('party'), models.F('status'), name='lead_by_party'),
                        models.Index(models.F('company_party'), condition=models.Q(('company_party__isnull', False)), name='lead_by_company'),
                        models.Index(models.F('deal'), condition=models.Q(('deal__isnull', False)), name='lead_by_deal'),
                        django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), name='lead_by_search'),
                        django.contrib.postgres.indexes.GinIndex(models.F('tags'), name='lead_by_tag'),
                        models.Index(models.F('binned_at'), condition=models.Q(('binned_at', None), _negated=True), name='lead_in_bin'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('company', ''), ('email', ''), ('first_surname', ''), ('given_name', ''), ('phone', ''), ('second_surname', ''), _negated=True), name='lead_says_who'),
                        models.CheckConstraint(condition=models.Q(models.Q(('converted_at__isnull', False), ('status', 'converted')), models.Q(models.Q(('status', 'converted'), _negated=True), ('converted_at', None)), _connector='OR'), name='lead_converted_at_iff_converted'),
                        models.CheckConstraint(condition=models.Q(('status', 'discarded'), models.Q(('reason', None), ('reason_note', '')), _connector='OR'), name='lead_reason_only_when_discarded'),
                        models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='lead_score_is_of_a_hundred'),
                        models.UniqueConstraint(models.F('reference'), condition=models.Q(models.Q(('reference', ''), _negated=True), ('binned_at', None)), name='lead_reference_is_unique'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LeadStay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('new', 'New'), ('working', 'In progress'), ('converted', 'Converted'), ('discarded', 'Discarded'), ('suspect', 'Looks like spam')], default='new', max_length=9)),
                    ('entered_at', models.DateTimeField()),
                    ('left_at', models.DateTimeField(null=True)),
                    ('lead', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='stays', to='leads.lead')),
                ],
                options={
                    'verbose_name': 'stay',
                    'indexes': [
                        models.Index(models.F('lead'), models.F('entered_at'), models.F('id'), name='stay_of_lead'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('left_at', None), ('left_at__gte', models.F('entered_at')), _connector='OR'), name='lead_stay_ends_after_it_began'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RouteRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('label', models.CharField(max_length=120, verbose_name='name')),
                    ('criteria', models.JSONField(blank=True, default=dict, verbose_name='where')),
                    ('way', models.CharField(choices=[('turn', 'By turn'), ('load', 'To whoever has fewest open leads'), ('queue', 'Into the queue of a team')], default='turn', max_length=10, verbose_name='how it is given')),
                    ('needs_language', models.BooleanField(default=False, verbose_name='only to who speaks its language')),
                    ('needs_skill', models.BooleanField(default=False, verbose_name='only to who knows about its tags')),
                    ('answer_minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='minutes until the first answer')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team', verbose_name='team')),
                ],
                options={
                    'verbose_name': 'route rule',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('answer_minutes', None), models.Q(('answer_minutes__gte', 1), ('answer_minutes__lte', 44640)), _connector='OR'), name='route_rule_answers_within_a_month'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RouteMember',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='languages')),
                    ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None, verbose_name='knows about')),
                    ('turn', models.BigIntegerField(default=0, editable=False)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lead_routes', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                    ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='leads.routerule')),
                ],
                options={
                    'verbose_name': 'colleague of a route rule',
                    'indexes': [
                        models.Index(models.F('rule'), models.F('turn'), models.F('id'), name='route_member_by_turn'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('rule'), models.F('user'), name='route_member_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ScoreRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('label', models.CharField(max_length=120, verbose_name='because')),
                    ('criteria', models.JSONField(default=dict, verbose_name='where')),
                    ('points', models.SmallIntegerField(verbose_name='points')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'score rule',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('points__gte', -100), ('points__lte', 100), models.Q(('points', 0), _negated=True)), name='score_rule_gives_some_points'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='WebForm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('token', models.CharField(editable=False, max_length=40, unique=True)),
                    ('title', models.CharField(max_length=200, verbose_name='heading')),
                    ('intro', models.TextField(blank=True, default='', verbose_name='introduction')),
                    ('button', models.CharField(blank=True, default='', max_length=60, verbose_name='button')),
                    ('language', models.CharField(default='es', max_length=5, verbose_name='language')),
                    ('fields', models.JSONField(default=list, verbose_name='fields')),
                    ('consents', models.JSONField(blank=True, default=list, verbose_name='consents')),
                    ('source', models.CharField(blank=True, default='', max_length=100, verbose_name='source')),
                    ('campaign', models.CharField(blank=True, default='', max_length=100, verbose_name='campaign')),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None, verbose_name='tags')),
                    ('thanks', models.TextField(blank=True, default='', verbose_name='thanks')),
                    ('thanks_url', models.CharField(blank=True, default='', max_length=500, verbose_name='page after it')),
                    ('sites', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None, verbose_name='sites that show it')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ],
                options={
                    'verbose_name': 'form',
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='web_form_has_a_name'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='FormEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form_version', models.PositiveIntegerField()),
                    ('nonce', models.CharField(max_length=64, unique=True)),
                    ('sent_at', models.DateTimeField()),
                    ('consents', models.JSONField(default=list)),
                    ('network', models.CharField(blank=True, default='', max_length=64)),
                    ('user_agent', models.CharField(blank=True, default='', max_length=300)),
                    ('doubts', models.JSONField(default=list)),
                    ('digest', models.CharField(blank=True, default='', max_length=64)),
                    ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='entries', to='leads.lead')),
                    ('form', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='leads.webform')),
                ],
                options={
                    'verbose_name': 'entry of a form',
                    'indexes': [
                        models.Index(models.F('form'), models.F('digest'), models.F('sent_at'), name='form_entry_by_digest'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LeadDesk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answer_minutes', models.PositiveIntegerField(default=240, verbose_name='minutes until the first answer')),
                    ('first_hour', models.PositiveSmallIntegerField(default=9, verbose_name='from')),
                    ('last_hour', models.PositiveSmallIntegerField(default=18, verbose_name='until')),
                    ('works_saturdays', models.BooleanField(default=False, verbose_name='Saturdays too')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whoever gets what no rule takes')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.team', verbose_name='team')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('pk', 1)), name='there_is_one_lead_desk'),
                        models.CheckConstraint(condition=models.Q(('first_hour__lt', models.F('last_hour')), ('last_hour__lte', 24)), name='lead_desk_is_open'),
                        models.CheckConstraint(condition=models.Q(('answer_minutes__gte', 1), ('answer_minutes__lte', 44640)), name='lead_desk_answers_within_a_month'),
                    ],
                },
            ),
        ]),
        migrations.RunPython(add_first_rules, migrations.RunPython.noop),
    ]
