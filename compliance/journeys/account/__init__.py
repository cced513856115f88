"""Accounts: register, sign in, second factor, sessions."""

from flask import Flask
from flask_login import LoginManager

from compliance.settings import Settings


def init(app: Flask, settings: Settings) -> None:  # noqa: ARG001
    LoginManager(app)
