"""Pure rules of the award: roles, lifecycle, standing, renewal. No web, no database, no clock."""
