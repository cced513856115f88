"""Everybody: the register, the Code, checking a certificate."""

from compliance.journeys.public import (
    badges,
    company,
    concern,
    home,
    log,
    register,
    reporting,
    spot_checks,
    statistics,
    try_it,
    verify,
)
from compliance.journeys.public.blueprint import public

__all__ = [
    "badges",
    "company",
    "concern",
    "home",
    "log",
    "public",
    "register",
    "reporting",
    "spot_checks",
    "statistics",
    "try_it",
    "verify",
]
