"""What bench/answering.py serves beside the portal: a naive save of the same service, and one that saves nothing."""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import generate_csrf
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

QUESTIONS = [f"question_{n}" for n in range(60)]
CHOICES = [("yes", "Yes"), ("partial", "Partly"), ("no", "No")]


class Base(DeclarativeBase):
    """A competent first version: ORM objects, library defaults."""


db = SQLAlchemy(model_class=Base)


class User(Base, UserMixin):  # type: ignore[misc]
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    memberships: Mapped[list["Membership"]] = relationship()


class Membership(Base):
    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    company_id: Mapped[int] = mapped_column()


class Assessment(Base):
    __tablename__ = "assessment"
    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="draft")
    answers: Mapped[list["Answer"]] = relationship(back_populates="assessment")


class Answer(Base):
    __tablename__ = "answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    question: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    assessment: Mapped[Assessment] = relationship(back_populates="answers")


class Revision(Base):
    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    value: Mapped[str] = mapped_column(Text)
    saved_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime] = mapped_column()


class AnswerForm(FlaskForm):  # type: ignore[misc]
    value = RadioField(choices=CHOICES, validators=[InputRequired()])
    comment = TextAreaField(validators=[Length(max=2000)])


app = Flask(__name__)
app.config["SECRET_KEY"] = "bench"
if store := os.environ.get("BENCH_STORE_URL", ""):
    app.config["SQLALCHEMY_DATABASE_URI"] = store.replace("postgresql://", "postgresql+psycopg://")
else:
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ.get('BENCH_STORE', ':memory:')}"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 60}}
db.init_app(app)
csrf = CSRFProtect(app)
manager = LoginManager(app)
manager.user_loader(lambda number: db.session.get(User, int(number)))
with app.app_context():
    db.create_all()


@app.post("/nothing")
@csrf.exempt  # type: ignore[untyped-decorator]
def nothing() -> dict[str, Any]:
    return {"saved": len(request.form)}


@app.get("/sign-in/<int:number>")
def sign_in(number: int) -> str:
    """A person with one company and a whole draft."""
    answers = [Answer(question=question, value="no") for question in QUESTIONS]
    user = User(id=number, memberships=[Membership(company_id=number)])
    db.session.add_all([user, Assessment(id=number, company_id=number, answers=answers)])
    db.session.commit()
    login_user(user)
    return f'<input name="csrf_token" value="{generate_csrf()}">'


@app.post("/naive/<int:assessment_id>/<question>")
@login_required  # type: ignore[untyped-decorator]
def naive(assessment_id: int, question: str) -> dict[str, Any]:
    """Loads the person, the assessment and its answers, checks the form, changes the object, keeps the history."""
    assessment = db.session.get(Assessment, assessment_id) or abort(404)
    if assessment.company_id not in {one.company_id for one in current_user.memberships}:
        abort(404)
    answer = next((one for one in assessment.answers if one.question == question), None) or abort(404)
    form = AnswerForm()
    if not form.validate_on_submit():
        abort(422)
    answer.value, answer.comment = form.value.data, form.comment.data or ""
    now = datetime.now(UTC)
    db.session.add(Revision(answer_id=answer.id, value=answer.value, saved_by=current_user.id, saved_at=now))
    db.session.commit()
    return {"saved": answer.id}
