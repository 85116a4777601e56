"""The addresses of this app."""

from django.urls import path

from circulo.needs.views import parties, settings, sittings

app_name = "needs"
urlpatterns = [
    path("parties/<slug:identifier>/needs", parties.needs, name="needs"),
    path("parties/<slug:identifier>/needs/note", parties.note, name="note"),
    path("parties/<slug:identifier>/interview", sittings.begin, name="begin"),
    path("preferences/<slug:identifier>/withdraw", parties.withdraw, name="withdraw"),
    path("preferences/<slug:identifier>/restore", parties.restore, name="restore"),
    path("preferences/<slug:identifier>/first", parties.rank_first, name="rank_first"),
    path("sittings/<slug:identifier>", sittings.question, name="question"),
    path("sittings/<slug:identifier>/end", sittings.end, name="end"),
    path("settings/topics", settings.topics, name="topics"),
    path("settings/topics/<slug:key>", settings.topic, name="topic"),
    path("settings/topics/<slug:key>/retire", settings.retire_topic, name="retire_topic"),
    path("settings/topics/<slug:key>/restore", settings.restore_topic, name="restore_topic"),
    path("settings/interviews", settings.interviews, name="interviews"),
    path("settings/interviews/<slug:key>", settings.interview, name="interview"),
    path("settings/interviews/<slug:key>/retire", settings.retire_interview,
         name="retire_interview"),
    path("settings/interviews/<slug:key>/restore", settings.restore_interview,
         name="restore_interview"),
]  # fmt: skip
