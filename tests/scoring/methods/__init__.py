"""Published methods as rubric files, scored against sums done by hand."""
