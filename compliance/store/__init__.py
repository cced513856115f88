"""Tables and queries; one file an aggregate."""
