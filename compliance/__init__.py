"""The application: web, store, jobs and mail around the three libraries."""
