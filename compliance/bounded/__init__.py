"""Work done in a process of its own, bounded in memory, time and number: it may fail, the portal may not."""
