"""The gallery, where every component stands in every state; the manifest of the installed app."""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from circulo.web import gallery as samples
from circulo.web.answers import Request, page, swap, toast


@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put Círculo among its apps."""
    icon = {"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    about = {
        "name": "Círculo",
        "short_name": "Círculo",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#f8f6f1",
        "theme_color": "#0b606c",
        "icons": [icon, icon | {"purpose": "maskable"}],
    }
    return JsonResponse(about, content_type="application/manifest+json")


@require_GET
@cache_control(no_cache=True)
def push_worker(request: HttpRequest) -> HttpResponse:
    """What a browser runs for us while no page is open, at an address that never changes."""
    script = Path(__file__).parent / "static" / "web" / "js" / "push-worker.js"
    return HttpResponse(script.read_bytes(), content_type="text/javascript; charset=utf-8")


@require_GET
@login_required
def gallery(request: Request) -> HttpResponse:
    """Every component in every state."""
    return page(request, "web/gallery.html", **samples.shown(request))


@login_required
def gallery_cell(request: Request, row: str, column: str) -> HttpResponse:
    """A cell of the gallery's table, edited in place."""
    sent = request.POST if request.method == "POST" else None
    form = samples.CellForm(sent, initial={"value": samples.value_of(row, column)})
    if sent is None or not form.is_valid():
        return page(
            request,
            "web/_cell_edit.html",
            status=422 if form.errors else 200,
            form=form,
            url=request.path,
        )
    shown = samples.edited(row, column, form.cleaned_data["value"])
    return swap(request, "web/_cell.html", otherwise="web:gallery", **shown)


@require_GET
@login_required
def gallery_peek(request: Request, row: str) -> HttpResponse:
    """The closer look at one row of the gallery's table."""
    return page(request, "web/_gallery_peek.html", person=samples.person(row))


@require_POST
@login_required
def gallery_toast(request: Request) -> HttpResponse:
    """Says something, with and without a way back."""
    toast(request, _("2 contacts deleted."), undo=request.path)
    return swap(request, "web/_empty.html", otherwise="web:gallery", title=_("Done."), small=True)
