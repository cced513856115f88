"""What an uploaded file really is: judged by its content, refused when it could act, hide or explode."""

from compliance.actions.inspection.inspect import Inspected, inspect

__all__ = ["Inspected", "inspect"]
