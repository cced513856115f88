"""The register as a competent first version does it: ORM objects, one template, library defaults."""

from flask import Flask, render_template_string, request

from compliance.clock import today
from compliance.domain.provinces import province_name
from compliance.journeys.language import current_language
from compliance.store.awards import Award
from compliance.store.base import db
from compliance.store.companies import Company
from questionnaires import edition

LINES = 50
PAGE = """{%- extends "base.html" -%}
{% block title %}{{ _("Public register") }}{% endblock %}
{% block content %}<h1>{{ _("Public register") }}</h1><p>{{ total }}</p><ul class="cp-rows">
{% for award in awards %}{% set standing = award.standing(today) %}
<li class="cp-row"><img src="{{ asset('pictures/emblem-' ~ award.level ~ '.svg') }}" alt="" width="52" height="52">
<div><h3><a href="{{ url_for('public.company', slug=award.company.slug) }}">{{ award.company.name_latin }}</a></h3>
<p class="alt" lang="km">{{ award.company.name_km }}</p></div>
<div class="st"><span class="cp-chip">{{ _(words[standing]) }}</span><br><span class="mute">{{ _("Until") }}
<time datetime="{{ award.ends.isoformat() }}">{{ award.ends|show_date }}</time></span></div>
<p class="mute cp-s"><b>{{ award.level }}</b> · {{ kinds(award) }} · {{ province(award) }}</p></li>
{% endfor %}</ul>
{% for number in pages %}<a href="{{ url_for('public.register', page=number) }}">{{ number }}</a> {% endfor %}
{% endblock %}"""
WORDS = {
    "current": "In good standing",
    "expiring": "Renewal due",
    "in_grace": "In grace period",
    "expired": "Expired",
    "suspended": "Suspended",
    "revoked": "Revoked",
    "superseded": "Replaced by a newer award",
}


def add_to(app: Flask) -> None:
    """Adds the naive register at /naive/register."""

    @app.get("/naive/register", endpoint="api.naive")  # as the API the gate lets it pass
    def naive() -> str:
        page = int(request.args.get("page", "1"))
        query = db.session.query(Award).join(Company).order_by(Company.name_latin)
        total = query.count()
        awards = query.offset((page - 1) * LINES).limit(LINES).all()
        return render_template_string(
            PAGE,
            awards=awards,
            total=total,
            pages=range(1, min(10, total // LINES)),
            today=today(),
            words=WORDS,
            kinds=_kinds,
            province=lambda award: province_name(award.company.province, current_language()),
        )


def _kinds(award: Award) -> str:
    labels = {kind.id: kind.label for kind in edition(award.edition).kinds}
    return ", ".join(labels[kind][current_language()] for kind in award.company.kinds)
