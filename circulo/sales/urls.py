"""The addresses of this app; the list of deals is the desk's."""

from django.urls import path

from circulo.sales.views import acts, colours, deals, lines, settings, stage_acts, steps

app_name = "sales"
_DEAL, _PIPELINE, _STAGE, _ACT, _COLOUR = (
    "deals/<slug:identifier>", "settings/pipelines/<slug:key>", "settings/stages/<slug:key>",
    "settings/acts/<slug:key>", "settings/colours/<slug:key>",
)  # fmt: skip
urlpatterns = [
    path("deals/new", deals.new, name="new"),
    path(_DEAL, deals.show, name="deal"),
    path(f"{_DEAL}/edit", deals.edit, name="edit"),
    path(f"{_DEAL}/changes", deals.changes, name="changes"),
    path(f"{_DEAL}/changes/<slug:line>/put-back", deals.put_back, name="put_back"),
    path(f"{_DEAL}/move", acts.move, name="move"),
    path(f"{_DEAL}/win", acts.win, name="win"),
    path(f"{_DEAL}/lose", acts.lose, name="lose"),
    path(f"{_DEAL}/reopen", acts.reopen, name="reopen"),
    path(f"{_DEAL}/bin", acts.bin_deal, name="bin"),
    path(f"{_DEAL}/restore", acts.restore_deal, name="restore"),
    path(f"{_DEAL}/plan", steps.plan, name="plan"),
    path(f"{_DEAL}/acts/<slug:key>/plan", steps.plan_act, name="plan_act"),
    path(f"{_DEAL}/lines", lines.lines, name="lines"),
    path(f"{_DEAL}/people", acts.people, name="people"),
    path(f"{_DEAL}/rivals", acts.rivals, name="rivals"),
    path(f"{_DEAL}/shares", acts.shares, name="shares"),
    path("settings/pipelines", settings.pipelines, name="pipelines"),
    path(_PIPELINE, settings.pipeline, name="pipeline"),
    path(f"{_PIPELINE}/stages", settings.new_stage, name="new_stage"),
    path(_STAGE, settings.stage, name="stage"),
    path(f"{_STAGE}/conditions", settings.stage_conditions, name="stage_conditions"),
    path(f"{_STAGE}/order", settings.order_stage, name="order_stage"),
    path(f"{_STAGE}/remove", settings.remove_stage, name="remove_stage"),
    path(f"{_STAGE}/acts", stage_acts.new_act, name="new_act"),
    path(_ACT, stage_acts.act, name="act"),
    path(f"{_ACT}/order", stage_acts.order_act, name="order_act"),
    path(f"{_ACT}/remove", stage_acts.remove_act, name="remove_act"),
    path("settings/colours", colours.colours, name="colours"),
    path("settings/colours/new", colours.new_colour, name="new_colour"),
    path(_COLOUR, colours.colour, name="colour"),
    path(f"{_COLOUR}/order", colours.order_colour, name="order_colour"),
    path(f"{_COLOUR}/remove", colours.remove_colour, name="remove_colour"),
    path("settings/reasons", settings.reasons, name="reasons"),
    path("settings/reasons/<slug:key>", settings.reason, name="reason"),
]
