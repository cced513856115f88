"""Everybody: the register, the Code, checking a certificate."""

from compliance.journeys.public.views import public

__all__ = ["public"]
