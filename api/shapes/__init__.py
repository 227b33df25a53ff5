"""What the API answers, as frontends see it."""
