"""What happens, in which order, and how long we wait. Decisions only."""
