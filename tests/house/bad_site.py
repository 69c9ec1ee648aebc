"""Pages that break every rule, for the tests that show the nets catch them."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, engines
from django.urls import path

from jigai.core.access import public
from jigai.core.jobs import start_job
from jigai.core.models import AccessLog, Region

PAGES = {
    "style": '<p style="color:red">x</p>',
    "style-element": "<style>p {}</style>",
    "script": "<script>alert(1)</script>",
    "module": '<script type="module">import "./a.js"</script>',
    "handler": '<button onclick="x()">x</button>',
    "htmx-handler": '<p hx-on:click="x()">x</p>',
    "script-address": '<a href="JavaScript:x()">x</a>',
    "outside": '<script src="//cdn.example.com/a.js"></script>',
    "outside-link": '<a href="https://example.com/">x</a>',
    "twice": '<p id="a">x</p><p id="a">y</p>',
    "form": '<form method="POST" action="/x/"><input name="a"></form>',
    "empty-token": '<form method="post"><input name="csrfmiddlewaretoken" value=""></form>',
    "image": '<img src="/a.png">',
    "language": "<!doctype html><html><head><title>x</title></head></html>",
    "title": '<!doctype html><html lang="zh-CN"><head></head></html>',
    "none": "<td>None</td>",
    "mapping": "<td>{'1': 99, '2': 50}</td>",
    "list": "<dd>[{'fen': 35, 'name': '设备'}]</dd>",
    "code": "<p>{{ name }}</p>",
}
CLEAN = """<!doctype html><html lang="zh-CN"><head><title>页</title>
<script type="application/json" id="data">{"a": 1}</script><script src="/static/a.js"></script>
</head><body><img src="/a.png" alt=""><form method="post"><input type="hidden"
name="csrfmiddlewaretoken" value="x"></form>
<a href="http://testserver/a">[“甲”, 乙]</a></body></html>"""
TEMPLATES = {
    "plain": "{{ nobody }}",
    "attribute": "{{ request.nothing }}",
    "filtered": "{{ nobody|upper }}",
    "tag": "{% with a=nobody %}x{% endwith %}",
    "relation": "{{ row.empty }}",
}
FINE_TEMPLATES = {
    "if": "{% if nobody %}x{% endif %}",
    "for": "{% for x in nobody %}x{% endfor %}",
    "firstof": "{% firstof nobody 'x' %}",
    "default": "{{ nobody|default:'x' }}",
    "dash": "{{ nobody|dash }}",
    "none": "{{ nothing|default_if_none:'x' }}{{ nothing }}{{ empty }}",
}


class WithoutRelation:
    """A row whose related row does not exist, the way Django says so."""

    @property
    def empty(self) -> object:
        from django.core.exceptions import ObjectDoesNotExist

        raise ObjectDoesNotExist


@public("a test page")
def page(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(CLEAN if name == "clean" else PAGES[name])


@public("a test page")
def template(request: HttpRequest, name: str) -> HttpResponse:
    text = {**TEMPLATES, **FINE_TEMPLATES}[name]
    made = engines["django"].engine.from_string(text)
    given = {"request": request, "row": WithoutRelation(), "nothing": None, "empty": ""}
    made.render(Context(given))
    return HttpResponse("x", content_type="text/plain")


@public("a test page")
def headers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>x</p>", headers={"Content-Security-Policy": "default-src *"})


@public("a test page")
def write(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "orm":
        Region.objects.create(code="110000", name="北京市", level="province")
    elif kind == "raw":
        with connection.cursor() as cursor:
            cursor.execute("WITH gone AS (DELETE FROM core_region RETURNING 1) SELECT 1 FROM gone")
    elif kind == "job":
        start_job(kind="nothing", title="x", owner=None)
    elif kind == "log":
        AccessLog.objects.create(action="view", kind="x", key="1")
        request.session["a"] = 1
    else:
        list(Region.objects.select_for_update().filter(code="110000"))
    return HttpResponse("x", content_type="text/plain")


urlpatterns = [
    path("page/<slug:name>/", page),
    path("template/<slug:name>/", template),
    path("headers/", headers),
    path("write/<slug:kind>/", write),
]
