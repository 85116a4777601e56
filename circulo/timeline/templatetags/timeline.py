"""The tags of the timeline: rows of a history as HTML, day by day."""

from django import template

from circulo.timeline.shown import days

register = template.Library()
register.simple_tag(days, name="days")
