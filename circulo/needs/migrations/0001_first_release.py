"""What customers like, dislike and need, and the interviews that ask it."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from circulo.lib.tables import CreateTables

# What asking something is worth now, see circulo/needs/selectors/worth.py. Only parameters decide it.
WORTH = """
CREATE FUNCTION circulo_question_value(weight integer, half_life integer, rest integer,
    said timestamptz, asked timestamptz, at timestamptz) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE
  WHEN extract(epoch FROM at - asked) < rest * 86400.0 THEN 0
  WHEN said IS NULL THEN weight
  ELSE weight * (1 - power(0.5,
    greatest(extract(epoch FROM at - said), 0)::double precision / 86400 / half_life))
END $$;
"""
NO_WORTH = """
DROP FUNCTION circulo_question_value(integer, integer, integer, timestamptz, timestamptz,
    timestamptz);
"""


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("needs", "0001_initial"),
        ("needs", "0002_one_index_each"),
    ]
    dependencies = [
        ("accounts", "0001_first_release"),
        ("parties", "0001_first_release"),
    ]

    operations = [
        migrations.RunSQL(WORTH, NO_WORTH),
        CreateTables([
            migrations.CreateModel(
                name='Interview',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name_es', models.CharField(max_length=100, verbose_name='name in Spanish')),
                    ('name_en', models.CharField(max_length=100, verbose_name='name in English')),
                    ('order', models.CharField(choices=[('written', 'In the order written'), ('value', 'The most valuable first')], default='written', max_length=7, verbose_name='order')),
                    ('is_for_contacts', models.BooleanField(default=True, verbose_name='held with contacts')),
                    ('is_for_companies', models.BooleanField(default=True, verbose_name='held with companies')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('retired_at', models.DateTimeField(editable=False, null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('is_for_contacts', True), ('is_for_companies', True), _connector='OR'), name='interview_concerns_somebody'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Sitting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('channel', models.CharField(choices=[('desk', 'At the desk'), ('portal', 'In the portal'), ('link', 'By link')], default='desk', max_length=6)),
                    ('began_at', models.DateTimeField(auto_now_add=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sittings', to=settings.AUTH_USER_MODEL)),
                    ('interview', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='needs.interview')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sittings', to='parties.party')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('party'), models.F('interview'), condition=models.Q(('ended_at', None)), name='sitting_one_open', nulls_distinct=False),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Topic',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(db_collation='C', max_length=40, unique=True, verbose_name='key')),
                    ('label_es', models.CharField(max_length=160, verbose_name='question in Spanish')),
                    ('label_en', models.CharField(max_length=160, verbose_name='question in English')),
                    ('short_es', models.CharField(max_length=60, verbose_name='name in Spanish')),
                    ('short_en', models.CharField(max_length=60, verbose_name='name in English')),
                    ('sort', models.CharField(choices=[('like', 'Likes'), ('dislike', 'Dislikes'), ('need', 'Needs'), ('preference', 'Prefers'), ('fact', 'Fact')], max_length=10, verbose_name='what it tells')),
                    ('answer', models.CharField(choices=[('choice', 'One of several'), ('several', 'Several at once'), ('scale', 'From 1 to 5'), ('number', 'A number'), ('text', 'Words'), ('yes_no', 'Yes or no'), ('date', 'A day')], max_length=8, verbose_name='answered with')),
                    ('choices', models.JSONField(blank=True, default=list)),
                    ('is_for_contacts', models.BooleanField(default=True, verbose_name='asked of contacts')),
                    ('is_for_companies', models.BooleanField(default=True, verbose_name='asked of companies')),
                    ('half_life_days', models.PositiveIntegerField(default=365, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)], verbose_name='half-life in days')),
                    ('weight', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='weight')),
                    ('rest_days', models.PositiveIntegerField(default=60, validators=[django.core.validators.MaxValueValidator(3650)], verbose_name='rest in days')),
                    ('position', models.PositiveIntegerField(default=0)),
                    ('is_demo', models.BooleanField(default=False, editable=False)),
                    ('retired_at', models.DateTimeField(editable=False, null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('is_for_contacts', True), ('is_for_companies', True), _connector='OR'), name='topic_concerns_somebody'),
                        models.CheckConstraint(condition=models.Q(models.Q(('answer__in', ['choice', 'several']), _negated=True), models.Q(('choices', []), _negated=True), _connector='XOR'), name='topic_has_choices_where_one_chooses'),
                        models.CheckConstraint(condition=models.Q(('half_life_days__gte', 1), ('weight__gte', 1), ('weight__lte', 10)), name='topic_fades_and_counts'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Question',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField()),
                    ('position', models.PositiveSmallIntegerField()),
                    ('if_test', models.CharField(blank=True, choices=[('', 'always'), ('is', 'if the answer is'), ('is_not', 'if the answer is not'), ('at_least', 'if the answer is at least'), ('at_most', 'if the answer is at most')], default='', max_length=8)),
                    ('if_value', models.CharField(blank=True, default='', max_length=60)),
                    ('interview', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='needs.interview')),
                    ('if_topic', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='needs.topic')),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='needs.topic')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(models.F('interview'), models.F('version'), models.F('topic'), name='question_once_in_a_version'),
                        models.CheckConstraint(condition=models.Q(models.Q(('if_test', ''), ('if_topic', None), ('if_value', '')), models.Q(('if_topic__isnull', False), models.Q(('if_test', ''), _negated=True), models.Q(('if_value', ''), _negated=True)), _connector='OR'), name='question_condition_is_whole'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Preference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sort', models.CharField(choices=[('like', 'Likes'), ('dislike', 'Dislikes'), ('need', 'Needs'), ('preference', 'Prefers'), ('fact', 'Fact')], max_length=10, verbose_name='kind')),
                    ('text', models.CharField(blank=True, default='', max_length=300, verbose_name='in words')),
                    ('picked', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                    ('amount', models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                    ('is_so', models.BooleanField(null=True)),
                    ('day', models.DateField(null=True)),
                    ('wording', models.TextField(editable=False)),
                    ('marks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=90), default=list, editable=False, size=None)),
                    ('strength', models.SmallIntegerField(default=0, verbose_name='strength')),
                    ('strength_size', models.GeneratedField(db_persist=True, expression=models.Func(models.F('strength'), function='abs'), output_field=models.SmallIntegerField())),
                    ('rank', models.PositiveSmallIntegerField(null=True, verbose_name='rank')),
                    ('source', models.CharField(choices=[('asked', 'Asked'), ('observed', 'Observed'), ('told', 'Told by others'), ('imported', 'Imported')], default='asked', max_length=8, verbose_name='source')),
                    ('said_at', models.DateTimeField(verbose_name='said')),
                    ('noted_at', models.DateTimeField(auto_now_add=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='preferences_noted', to=settings.AUTH_USER_MODEL)),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to='parties.party')),
                    ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='superseded', to='needs.preference')),
                    ('topic', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preferences', to='needs.topic')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['party', 'topic'], name='preference_of_party'),
                        models.Index(fields=['topic', 'party'], name='preference_of_topic'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('party'), models.F('topic'), condition=models.Q(('ended_at', None), ('topic__isnull', False)), name='preference_one_of_a_topic'),
                        models.UniqueConstraint(models.F('party'), models.F('sort'), django.db.models.functions.text.Lower('text'), condition=models.Q(('ended_at', None), ('topic', None)), name='preference_one_in_these_words'),
                        models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('picked', []), _negated=True), ('amount__isnull', False), ('is_so__isnull', False), ('day__isnull', False), _connector='OR'), name='preference_says_something'),
                        models.CheckConstraint(condition=models.Q(('topic__isnull', False), models.Q(('sort__in', ['like', 'dislike', 'need']), models.Q(('text', ''), _negated=True)), _connector='OR'), name='preference_in_words_is_free'),
                        models.CheckConstraint(condition=models.Q(('strength__range', (-2, 2))), name='preference_strength_within'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Asking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('was_answered', models.BooleanField()),
                    ('asked_at', models.DateTimeField()),
                    ('party', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='askings', to='parties.party')),
                    ('preference', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='askings', to='needs.preference')),
                    ('sitting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='askings', to='needs.sitting')),
                    ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='askings', to='needs.topic')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['party', 'topic', '-asked_at'], name='asking_latest'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(models.F('sitting'), models.F('topic'), name='asking_once_in_a_sitting'),
                    ],
                },
            ),
        ]),
    ]
