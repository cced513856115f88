"""Everybody: the register, the Code, checking a certificate."""

from compliance.journeys.public import company, home, register, statistics, try_it, verify
from compliance.journeys.public.blueprint import public

__all__ = ["company", "home", "public", "register", "statistics", "try_it", "verify"]
