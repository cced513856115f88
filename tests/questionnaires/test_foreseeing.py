"""What may come to be asked of a company: never less than any answers bring, and no more than its kinds allow."""

from hypothesis import given
from hypothesis import strategies as st

from questionnaires import Reply, current
from questionnaires.asking import asked
from questionnaires.foreseeing import could_be_asked, depends
from tests.questionnaires.companies import FEATURES, answers, best, facts, middle, worst


@given(st.data())
def test_whatever_is_answered_nothing_is_asked_that_was_not_foreseen(data: st.DataObject) -> None:
    edition = current()
    kinds = data.draw(st.sets(st.sampled_from(sorted(FEATURES)), min_size=1))
    company = facts(*kinds)
    features = [option.value for option in edition.question("prof_features").options]
    some = data.draw(st.sets(st.sampled_from(features), min_size=1))
    users = data.draw(st.sampled_from([option.value for option in edition.question("prof_child_users").options]))
    manner = data.draw(st.sampled_from([best, middle, worst]))
    given_ = answers(edition, company, manner, features=tuple(sorted(some)), users=users)
    unfolded = set(asked(edition, company, given_))
    foreseen = could_be_asked(edition, company)
    assert unfolded <= set(foreseen)
    always = {question for question in foreseen if not depends(question, company)}
    assert always <= set(asked(edition, company, {"prof_features": Reply(tuple(sorted(some)))}))


def test_the_kinds_alone_leave_questions_out() -> None:
    edition = current()
    cafe, all_ = (set(could_be_asked(edition, facts(*kinds))) for kinds in (("internet_cafe",), tuple(FEATURES)))
    assert cafe < all_
    assert all_ == set(edition.questions)
