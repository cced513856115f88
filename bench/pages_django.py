"""A minimal register in Django: one model, one template, its own paginator."""

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = """<!DOCTYPE html><html lang="en"><title>Public register</title><h1>Public register</h1>
<p>{{ page.paginator.count }}</p><ul>
{% for entry in page %}<li><h3><a href="/en/register/{{ entry.slug }}">{{ entry.name_latin }}</a></h3>
<p lang="km">{{ entry.name_km }}</p>
<p>{{ entry.level }} · {{ entry.kinds_text }} · {{ entry.province }} · {{ entry.ends|date:"j F Y" }}</p></li>
{% endfor %}</ul>{% for number in page.paginator.page_range|slice:":9" %}
<a href="?page={{ number }}">{{ number }}</a> {% endfor %}</html>"""

settings.configure(
    SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=False,
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_ENTRIES"], "CONN_MAX_AGE": None},
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)  # fmt: skip
django.setup()


class Entry(models.Model):  # type: ignore[misc]
    """A line of the register."""

    award_id = models.IntegerField(primary_key=True)
    slug, name_km, name_latin = models.TextField(), models.TextField(), models.TextField()
    level, kinds_text, province, ends = models.TextField(), models.TextField(), models.TextField(), models.DateField()

    class Meta:
        app_label, db_table, managed = "bench", "entries", False


def register(request: HttpRequest) -> HttpResponse:
    page = Paginator(Entry.objects.order_by("name_latin"), 50).get_page(request.GET.get("page"))
    return HttpResponse(template.render({"page": page}))


template: Any = engines["django"].from_string(PAGE)
urlpatterns = [path("", register)]
app = WSGIHandler()
