"""Templates: one environment a language; its words and the addresses of assets are put in when a template is compiled.

A page then asks nobody for a translation: `_("…")` with a literal is text, and the few calls with values look into the
catalogue of their own environment.
"""

from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from compliance.journeys.assets import asset
from compliance.journeys.language import ENGLISH, KHMER, catalogue, current_language
from questionnaires import Lang


class _Literals(NodeTransformer):
    """Replaces `_("literal")` and `asset("literal")` by what they give in one language."""

    def __init__(self, lang: Lang) -> None:
        self.gettext = catalogue(lang).gettext

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (Jinja's name)
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(text))], kwargs=[]):
                return nodes.Const(Markup(self.gettext(text) % {}), lineno=node.lineno)  # noqa: S704 (our own words)
            case nodes.Call(node=nodes.Name(name="asset"), args=[nodes.Const(value=str(name))], kwargs=[]):
                return nodes.Const(asset(name), lineno=node.lineno)
        return node


class LanguageEnvironment(Environment):
    """The templates in one language, which they know as `lang`."""

    lang: Lang

    def _generate(self, source: nodes.Template, *where: Any, **how: Any) -> str:
        return super()._generate(_Literals(self.lang).visit(source), *where, **how)


class Templates(Environment):
    """What Flask asks: gives each template in the language of the request."""

    by_language: dict[Lang, LanguageEnvironment]

    def get_template(self, name: str | Template, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002
        return self.by_language[current_language()].get_template(name, parent, globals)


def init(app: Flask) -> None:
    """Makes the environments, once all filters and globals are known."""
    whole: Templates = app.jinja_env  # type: ignore[assignment]
    whole.by_language = {lang: _environment(app, whole, lang) for lang in (KHMER, ENGLISH)}


def _environment(app: Flask, whole: Templates, lang: Lang) -> LanguageEnvironment:
    made = LanguageEnvironment(
        app,
        extensions=["jinja2.ext.i18n"],
        autoescape=whole.autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=bool(whole.auto_reload),
    )
    made.lang = lang
    made.filters, made.tests = whole.filters, whole.tests
    made.globals.update(whole.globals, lang=lang)
    made.policies.update(whole.policies)
    made.install_gettext_translations(catalogue(lang), newstyle=True)  # type: ignore[attr-defined]
    return made
