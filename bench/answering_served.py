"""What bench/answering.py serves beside the portal: a naive autosave, and a POST that saves nothing."""

import os
from typing import Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """A competent first version: ORM objects, library defaults."""


db = SQLAlchemy(model_class=Base)


class Assessment(Base):
    __tablename__ = "assessment"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    answers: Mapped[list["Answer"]] = relationship(back_populates="assessment")


class Answer(Base):
    __tablename__ = "answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    question: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text, default="")
    assessment: Mapped[Assessment] = relationship(back_populates="answers")


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ.get('BENCH_STORE', ':memory:')}"
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 60}}
db.init_app(app)
with app.app_context():
    db.create_all()


@app.post("/nothing")
def nothing() -> dict[str, Any]:
    return {"saved": len(request.form)}


@app.post("/naive/<int:assessment_id>/<question>")
def naive(assessment_id: int, question: str) -> dict[str, Any]:
    """Loads the assessment with its answers, changes the object, commits."""
    assessment = db.session.get(Assessment, assessment_id)
    if assessment is None:
        assessment = Assessment(id=assessment_id)
        db.session.add(assessment)
    answer = next((one for one in assessment.answers if one.question == question), None)
    if answer is None:
        answer = Answer(question=question)
        assessment.answers.append(answer)
    answer.value = request.form["value"]
    db.session.commit()
    return {"saved": answer.id}
