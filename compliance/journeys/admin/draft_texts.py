"""Texts of a draft edition, Khmer and English side by side: found, changed, checked; a translator needs no files."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compliance.actions import draft_texts as acts
from compliance.actions.draft_texts import Sorted, Told, Typed
from compliance.actions.edition_drafts import edition_of, look_at
from compliance.bounded.runner import BusyError, Sender
from compliance.domain.errors import InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.search import fold
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.draft_text_boxes import Box, Entry
from compliance.journeys.admin.draft_text_words import GROUP_TITLES, STATES, called, group_of, part_title
from compliance.journeys.forms import PortalForm, refusal_text, whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits
from compliance.store.base import db, transaction
from compliance.store.draft_marks import marked
from compliance.store.edition_drafts import EditionDraft
from compliance.store.published_editions import proposals_about, published_from
from questionnaires import LANGS, EditionError, Lang
from questionnaires.passages import QUESTION, SECTION, Passage
from questionnaires.rewording import CannotRewordError, reworded

ADDRESS = "/editions/drafts/<id:draft_id>/texts"
TEXT, SEEN, CHECK, WAS = "text", "seen", "check", "was"
"""How the names of fields begin, before the text's own: its words, what was shown, the box, whether it was ticked."""
A_PAGE = 40
TRIES = 4
LONGEST_SEARCH = 100


@admin.get(ADDRESS)
def draft_texts(draft_id: int) -> str:
    """All parts with what is left to do in each; or the texts that a search or a state finds."""
    draft = _draft(draft_id)
    unreadable: list[EditionError] = []
    found = acts.told(db.session(), draft.texts(), marked(db.session(), draft.id), unreadable)
    wanted = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    show = request.args.get("show", "")
    hits = list(_hits(found, wanted, show)) if wanted or show in STATES else None
    pages = max(1, -(-len(hits or ()) // A_PAGE))
    page = min(whole_number(request.args.get("page")) or 1, pages)
    titles = _titles(found)
    return render_template(
        "admin/draft_texts.html",
        draft=draft,
        counts={state: sum(state in one.states for one in found) for state in STATES},
        total=len(found),
        waits=_waits(draft),
        unreadable=sorted({error.file for error in unreadable}),
        groups=_groups(found, titles),
        hits=None if hits is None else _rows(hits[(page - 1) * A_PAGE : page * A_PAGE], titles),
        listed=len(hits or ()),
        states=STATES,
        show=show if show in STATES else "",
        wanted=wanted,
        page=page,
        pages=pages,
    )


@admin.route(f"{ADDRESS}/<part>", methods=["GET", "POST"])
def draft_part(draft_id: int, part: str) -> str | tuple[str, int] | Response:
    """One part's texts. Saved are those somebody changed on this page; what met other words is shown beside them."""
    form = PortalForm()
    if request.method == "GET" or not form.validate():
        return _page(_draft(draft_id), part, form, {}, Sorted()), 422 if form.is_submitted() else 200
    typed = dict(_typed(part))
    for _again in range(TRIES):
        draft = _draft(draft_id)
        found = [one.passage for one in _part(_told(draft), part)]
        sorted_ = acts.sort(found, typed)
        if sorted_.met or sorted_.wrong or _gone(found, typed):
            page = _page(draft, part, form, typed, sorted_)
            return page, 409 if sorted_.met or _gone(found, typed) else 422
        try:
            changed = _save(draft, sorted_, found)
        except StaleError:
            continue  # somebody saved another text while this draft was looked into
        except BusyError:
            form.form_errors.append(_("Other files are being looked into. Press Save once more in a moment."))
            return _page(draft, part, form, typed, sorted_), 503
        except CannotRewordError:
            form.form_errors.append(_("One of these texts cannot be changed here. Change it in its file."))
            return _page(draft, part, form, typed, sorted_), 422
        except InvalidError as error:
            form.refuse(error)
            return _page(draft, part, form, typed, sorted_), 422
        flash(_("Saved. Texts changed: %(count)s.", count=km_digits(changed)) if changed else _("Saved."), "success")
        return redirect(_onward(draft, part))
    raise StaleError


def _save(draft: EditionDraft, given: Sorted, found: Iterable[Passage]) -> int:
    """How many texts were changed."""
    draft_id, seen = draft.id, draft.version
    looked = None
    if given.wanted:
        sender = Sender(f"person {current_actor().user_id}", known=True)
        looked = look_at(reworded(draft.texts(), given.wanted), sender)
    checks = dict(_checks(found))
    with transaction() as session:
        if looked is not None:
            acts.save(session, current_actor(), draft_id, looked, given.wanted, seen)
        acts.set_checks(session, current_actor(), draft_id, checks)
    return len(given.wanted)


def _draft(draft_id: int) -> EditionDraft:
    """A draft that can be changed; what was published never is."""
    found = db.session().get(EditionDraft, draft_id, populate_existing=True)
    if found is None or found.let_go_at is not None:
        raise NotFoundError
    if published_from(db.session(), draft_id) is not None:
        raise WrongStateError("change", "published")
    return found


def _waits(draft: EditionDraft) -> bool:
    """Whether somebody proposed to publish these very texts."""
    return any(one.open for one in proposals_about(db.session(), draft.id))


def _kinds(draft: EditionDraft) -> tuple[str, ...]:
    """All kinds of company, as the preview is asked; none while the draft cannot be used."""
    edition = edition_of(draft)
    return tuple(kind.id for kind in edition.kinds) if edition else ()


def _told(draft: EditionDraft) -> list[Told]:
    return acts.told(db.session(), draft.texts(), marked(db.session(), draft.id))


def _part(found: Iterable[Told], part: str) -> list[Told]:
    own = [one for one in found if one.passage.part == part]
    if not own:
        raise NotFoundError
    return own


def _typed(part: str) -> Iterator[tuple[acts.Place, Typed]]:
    """Every text that the page sent back."""
    for name, text in request.form.items():
        kind, _colon, rest = name.partition(":")
        own, _colon, lang = rest.rpartition(":")
        if kind == TEXT and lang in LANGS:
            yield (f"{part}.{own}", lang), Typed(text, request.form.get(f"{SEEN}:{rest}", ""))


def _checks(found: Iterable[Passage]) -> Iterator[tuple[str, bool]]:
    """Boxes that were ticked or cleared on this page."""
    for one in found:
        on, was = f"{CHECK}:{one.name}" in request.form, request.form.get(f"{WAS}:{one.name}")
        if was is not None and on != (was == "1"):
            yield one.id, on


def _gone(found: Iterable[Passage], typed: Mapping[acts.Place, Typed]) -> list[str]:
    """Words for texts that the draft no longer has."""
    there = {one.id for one in found}
    return [one.text for (name, _lang), one in typed.items() if name not in there and one.text.strip()]


def _page(draft: EditionDraft, part: str, form: PortalForm, typed: Mapping[acts.Place, Typed], given: Sorted) -> str:
    every = _told(draft)
    own = _part(every, part)
    titles = _titles(every)
    entries = [_entry(number, one, typed, given) for number, one in enumerate(own, start=1)]
    return render_template(
        "admin/draft_part.html",
        draft=draft,
        part=part,
        title=part_title(part, titles),
        question=part.removeprefix(QUESTION) if part.startswith(QUESTION) else "",
        form=form,
        entries=entries,
        gone=_gone([one.passage for one in own], typed),
        met=bool(given.met),
        errors=[
            {"text": f"{entry.label}: {text}", "href": f"#{box.id}"}
            for entry in entries
            for box in entry.boxes
            for text in box.errors
        ],
        states=STATES,
        after=_after(every, part),
        waits=_waits(draft),
        kinds=_kinds(draft),
        section=_section(every, part),
    )


def _entry(number: int, told: Told, typed: Mapping[acts.Place, Typed], given: Sorted) -> Entry:
    one = told.passage
    boxes = tuple(_box(number, told, lang, typed.get((one.id, lang)), given) for lang in LANGS)
    check = f"{CHECK}:{one.name}" in request.form if typed else "check" in told.states
    return Entry(told, called(one), boxes, check)


def _box(number: int, told: Told, lang: Lang, typed: Typed | None, given: Sorted) -> Box:
    one, place = told.passage, (told.passage.id, lang)
    met, wrong = given.met.get(place), given.wrong.get(place)
    before = told.before
    return Box(
        lang,
        id=f"t{number}-{lang}",
        name=f"{one.name}:{lang}",
        value=typed.text if typed else one.words[lang] or "",
        seen=typed.seen if typed and met is None else acts.mark(one, lang),
        errors=(refusal_text(wrong),) if wrong else (),
        theirs=met,
        before=before.words[lang] if before and acts.differs(one, before, lang) else None,
    )


def _hits(found: Iterable[Told], wanted: str, show: str) -> Iterator[Told]:
    sought = fold(wanted)
    for one in found:
        words = [*one.passage.words.values(), one.passage.id]
        if (show not in STATES or show in one.states) and any(sought in fold(text or "") for text in words):
            yield one


def _titles(found: Iterable[Told]) -> dict[str, Passage]:
    return {one.passage.part: one.passage for one in found if one.passage.name == "title"}


def _rows(found: Iterable[Told], titles: Mapping[str, Passage]) -> list[dict[str, Any]]:
    return [{"told": one, "label": called(one.passage), "title": part_title(one.passage.part, titles)} for one in found]


def _groups(found: Iterable[Told], titles: Mapping[str, Passage]) -> list[dict[str, Any]]:
    """The parts in order; a section with its questions is one group, and so are all documents and all terms."""
    groups: list[dict[str, Any]] = []
    for part, several in groupby(found, key=lambda one: one.passage.part):
        texts = list(several)
        kind = group_of(part)
        title = part_title(part, titles)
        if part.startswith(SECTION) or not groups or groups[-1]["kind"] != kind:
            groups.append({"kind": kind, "title": GROUP_TITLES.get(kind, title), "rows": []})
        row = {
            "part": part,
            "title": _("Title and introduction") if part.startswith(SECTION) else title,
            "texts": len(texts),
            "counts": {state: sum(state in one.states for one in texts) for state in STATES},
        }
        groups[-1]["rows"].append(row)
    return groups


def _section(every: Iterable[Told], part: str) -> str:
    """The section that a part stands in; empty for what is no part of one."""
    sections = (one.passage.file for one in every if one.passage.part == part)
    folder, _slash, name = next(sections).partition("/")
    return name.removesuffix(".yaml") if folder == "sections" else ""


def _after(every: Iterable[Told], part: str) -> str:
    """The part that follows; empty for the last."""
    parts = list(dict.fromkeys(one.passage.part for one in every))
    later = parts[parts.index(part) + 1 :]
    return later[0] if later else ""


def _onward(draft: EditionDraft, part: str) -> str:
    after = _after(_told(_draft(draft.id)), part) if request.form.get("act") == "next" else part
    if not after:
        return url_for("admin.draft_texts", draft_id=draft.id)
    return url_for("admin.draft_part", draft_id=draft.id, part=after)
