"""Pages of the approver."""
