"""Editions of the Code: questions, forms, and the rubric beside them."""
