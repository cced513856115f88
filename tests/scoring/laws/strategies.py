"""Random rubrics, as the plain data of a file, and random subjects for them.

`rubrics()` uses the whole language: every rule, policies, hidden questions, evidence, essentials, overrides, rounding,
weights by fact, nodes in several groups, levels. `plain_rubrics()` keeps to what must be monotone: points from 0 up,
weights above 0, no conditions.
"""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from scoring import Files, Rubric, Ruling, Subject
from scoring.rubric import Answer, Fact

Data = dict[str, Any]
KINDS = ("isp", "shop", "cafe")
WORDS = {"not_applicable": ["N/A"], "void": ["error"], "unanswered": ["-"]}
OPTIONS = ("no", "partial", "yes", "more")
COMBINES = ("sum", "mean", "share", "lowest", "highest", "geometric_mean")

whole = st.integers(0, 12).map(str)
weights = st.sampled_from(("1", "2", "3", "0.5", "1/3", "10"))
signed = st.sampled_from(("-4", "-1.5", "0", "1/3", "2", "16.665", "7"))


def numbers(low: int = -3, high: int = 30) -> st.SearchStrategy[str]:
    exact = st.fractions(low, high, max_denominator=8).map(str)
    return st.one_of(st.integers(low, high).map(str), exact, st.decimals(low, high, places=2).map(str))


@st.composite
def rules(draw: st.DrawFn, points: st.SearchStrategy[str], *, states: bool) -> Data:
    """One rule with an answer of its own; `states`: options may stand for states as well."""
    kind = draw(st.sampled_from(("choice", "choice", "choice", "choices", "bands", "linear", "goalposts", "presence")))
    if kind == "choice":
        value = st.one_of(points, st.sampled_from(("excluded", "void", "not_applicable"))) if states else points
        return {"choice": {option: draw(value) for option in OPTIONS[: draw(st.integers(2, 4))]}}
    if kind == "choices":
        rule: Data = {"choices": {option: draw(points) for option in OPTIONS[:3]}}
        return {**rule, "exclusive": ["no"]} if draw(st.booleans()) else rule
    if kind == "bands":
        edges = sorted(draw(st.sets(st.integers(0, 20), min_size=1, max_size=3)))
        earned = sorted((draw(points) for _ in range(len(edges) + 1)), key=Fraction)
        bands = [
            {draw(st.sampled_from(("at_least", "above"))): str(edge), "points": earn}
            for edge, earn in zip(edges, earned[1:], strict=True)
        ]
        return {"bands": [*bands, {"otherwise": earned[0]}]}
    if kind == "linear":
        return {"linear": {"base": draw(whole), "factor": draw(weights), "lowest": "0", "highest": "20"}}
    if kind == "goalposts":
        log = draw(st.booleans())
        return {"goalposts": {"from": "1", "to": "20", "points": draw(whole), **({"scale": "log"} if log else {})}}
    return {"presence": draw(points)}


def answer_kind(rule: Data) -> str:
    return next(key for key in ("choice", "choices", "bands", "linear", "goalposts", "presence") if key in rule)


@st.composite
def conditions(draw: st.DrawFn, before: dict[str, Data]) -> Data:
    """A condition on facts and on criteria that come before, so that there is no circle."""
    simple: list[st.SearchStrategy[Data]] = [
        st.sampled_from(KINDS).map(lambda kind: {"fact": "kinds", "any_of": [kind]}),
        st.sampled_from(("yes", "no")).map(lambda word: {"fact": "visit", "is": word}),
        numbers().map(lambda limit: {"fact": "size", "at_least": limit}),
    ]
    for name, rule in before.items():
        states = ("value", "unanswered", "not_applicable", "unsupported")
        simple.append(st.sampled_from(states).map(lambda state, name=name: {"state": name, "is": state}))
        simple.append(st.just({"answer": name, "answered": "yes"}))
        if answer_kind(rule) == "choice":
            options = list(rule["choice"])
            simple.append(st.sampled_from(options).map(lambda option, name=name: {"answer": name, "is": option}))
    one = st.one_of(simple)
    shape = draw(st.sampled_from(("one", "one", "not", "all", "any")))
    if shape == "one":
        return draw(one)
    return {"not": draw(one)} if shape == "not" else {shape: [draw(one), draw(one)]}


@st.composite
def criteria(draw: st.DrawFn) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for index in range(draw(st.integers(2, 5))):
        rule = draw(rules(signed, states=True))
        extra: Data = {}
        if draw(st.integers(0, 2)) == 0:
            extra["asked"] = draw(conditions(found))
        if draw(st.integers(0, 4)) == 0:
            extra["applies"] = draw(conditions(found))
        if draw(st.integers(0, 3)) == 0:
            extra["evidence"] = draw(st.sampled_from(("full", "half", "none")))
        if draw(st.integers(0, 4)) == 0:
            extra["round"] = {
                "digits": draw(st.integers(0, 2)),
                "how": draw(st.sampled_from(("half_up", "half_even", "down"))),
            }
        if draw(st.integers(0, 4)) == 0:
            act = draw(st.sampled_from(({"set": "1"}, {"cap": "2"}, {"floor": "1"}, {"result": "excluded"})))
            extra["overrides"] = [{"when": draw(conditions(found)), **act}]
        if draw(st.integers(0, 3)) == 0 and "choice" in rule:
            extra["essential"] = {
                "met_by": [list(rule["choice"])[-1]],
                "evidence": draw(st.sampled_from(("accepted", "none"))),
            }
        found[f"c{index}"] = {**rule, **extra}
    return found


@st.composite
def groups(draw: st.DrawFn, leaves: list[str], *, full: bool) -> dict[str, Data]:
    """Two to four groups over what comes before; the last one holds every group. With `full` any weight goes."""
    found: dict[str, Data] = {}
    usable = list(leaves)
    for index in range(draw(st.integers(1, 3))):
        children = draw(st.lists(st.sampled_from(usable), min_size=2, max_size=4, unique=True))
        name = f"g{index}"
        found[name] = draw(_group(children, full=full))
        usable.append(name)
    found["total"] = draw(_group([*found, leaves[0]], full=full))
    return found


@st.composite
def _group(draw: st.DrawFn, children: list[str], *, full: bool) -> Data:
    # Roots and shares need values from 0 and known tops; the whole language has negative points.
    combine = draw(st.sampled_from(COMBINES[:5] if full else COMBINES))
    extra: Data = {"times": draw(st.sampled_from(("1", "100")))}
    if combine in {"lowest", "highest"}:
        return {"combine": combine, "of": children, **extra}
    if combine == "geometric_mean":
        return {
            "combine": combine,
            "of": {child: draw(st.sampled_from(("1", "2"))) for child in children},
            "digits": 12,
        }
    of: Data = {child: draw(weights) for child in children}
    if full:
        extra |= draw(_handling(combine))
        first = children[0]
        if draw(st.booleans()):
            read = {"when": {"fact": "size", "at_least": "0"}, "weight": {"fact": "size"}}
            chosen = draw(st.sampled_from(({"when": {"fact": "visit", "is": "yes"}, "weight": "4"}, read)))
            of[first] = {"weight": [chosen, {"weight": of[first]}]}
        elif combine == "sum":
            of[first] = draw(signed)
    return {"combine": combine, "of": of, **extra}


@st.composite
def _handling(draw: st.DrawFn, combine: str) -> Data:
    found: Data = {}
    if draw(st.booleans()):
        found["when_void"] = draw(st.sampled_from(("excluded", "void", "0")))
    if draw(st.integers(0, 2)) == 0 and combine != "share":
        found["when_empty"] = draw(st.sampled_from(("none", "0", "3")))
    if draw(st.integers(0, 3)) == 0:
        found["needs"] = 2
    if draw(st.integers(0, 3)) == 0:
        found |= {"floor": "-10", "cap": "50"}
    if draw(st.integers(0, 3)) == 0:
        found["round"] = {"digits": draw(st.integers(0, 1)), "how": "half_up"}
    return found


def _levels(limit: str) -> Data:
    rungs = [
        {"id": "low", "essentials": "required"},
        {"id": "middle", "total": limit, "essentials": "required"},
        {"id": "high", "total": str(Fraction(limit) + 5), "each_section": limit},
    ]
    return {"award": {"of": "total", "sections": ["g0"], "rungs": rungs}}


FACTS: Data = {
    "kinds": {"type": "choices", "options": list(KINDS), "default": ["shop"]},
    "visit": {"type": "yes_no", "default": "no"},
    "size": {"type": "number", "optional": "yes"},
}


@st.composite
def rubrics(draw: st.DrawFn) -> Data:
    """A rubric that uses the whole language."""
    leaves = draw(criteria())
    policy = st.sampled_from(("excluded", "0", "void"))
    return {
        "rubric": "random",
        "version": "1",
        "words": WORDS,
        "defaults": {
            "unanswered": draw(policy),
            "not_applicable": draw(policy),
            "void": draw(st.sampled_from(("void", "excluded"))),
        },
        "facts": FACTS,
        "criteria": leaves,
        "groups": draw(groups(list(leaves), full=True)),
        "levels": _levels(draw(whole)),
    }


@st.composite
def plain_rubrics(draw: st.DrawFn, *, rounding: bool = True) -> Data:
    """A rubric in which a better answer can only help: no conditions, nothing negative."""
    leaves: dict[str, Data] = {
        f"c{index}": draw(rules(whole, states=False)) for index in range(draw(st.integers(2, 5)))
    }
    found = draw(groups(list(leaves), full=False))
    for part in found.values() if rounding else ():
        if draw(st.integers(0, 3)) == 0:
            part["round"] = {"digits": draw(st.integers(0, 2)), "how": draw(st.sampled_from(("half_up", "down")))}
    return {
        "rubric": "plain",
        "words": WORDS,
        "defaults": {"unanswered": "0", "not_applicable": "excluded"},
        "criteria": leaves,
        "groups": found,
        "levels": _levels(draw(whole)),
    }


def _value(answer: Answer | Fact) -> st.SearchStrategy[Any]:
    """A value of the type; lists and texts alike for several options."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "number": numbers(),
        "text": st.sampled_from(("a text", "https://example.org/page")),
        "given": st.just("plan.pdf"),
        "yes_no": st.sampled_from(("yes", "no")),
        "date": st.sampled_from(("2026-11-20", "2026-06-01", "2024-02-29", "2027-01-01")),
    }
    if answer.type in kinds:
        return kinds[answer.type]
    one = st.sampled_from(sorted(answer.options))
    if answer.type == "choice":
        return one
    exclusive = set(answer.exclusive) if isinstance(answer, Answer) else set()
    free = sorted(set(answer.options) - exclusive)
    several = st.lists(st.sampled_from(free), min_size=1, unique=True)
    return st.one_of(several, several.map(";".join), one)


@st.composite
def subjects(draw: st.DrawFn, rubric: Rubric, *, complete: bool = False) -> Subject:
    """A subject; with `complete` every answer has a value, and nobody says anything about it."""
    answers: dict[str, Any] = {}
    for name, answer in rubric.answers.items():
        state = (
            "value"
            if complete
            else draw(st.sampled_from(("value", "value", "value", "value", "N/A", "-", "error", "")))
        )
        if state:
            answers[name] = draw(_value(answer)) if state == "value" else state
    facts = {name: draw(_value(fact)) for name, fact in rubric.facts.items() if complete or draw(st.booleans())}
    if complete:
        return Subject(facts, answers, id="subject")
    about = st.sampled_from(sorted(rubric.criteria))
    evidence = draw(st.dictionaries(about, st.sampled_from(("given", "accepted", "refused", Files(2, 1)))))
    skipped = draw(st.frozensets(about, max_size=1))
    return Subject(facts, answers, evidence, draw(_rulings(rubric)), skipped, "subject")


@st.composite
def _rulings(draw: st.DrawFn, rubric: Rubric) -> dict[str, Ruling]:
    found: dict[str, Ruling] = {}
    for name, answer in rubric.answers.items():
        verdict = draw(st.sampled_from((None, None, "confirm", "adjust", "not_supported")))
        if verdict:
            value = draw(_value(answer)) if verdict == "adjust" else None
            accepted = draw(st.sampled_from((None, "accepted", "refused")))
            found[name] = Ruling(verdict, value, accepted, draw(st.sampled_from((None, "accepted", "refused"))))
    return found
