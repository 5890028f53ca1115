"""What was found is told: saved searches that report each listing once."""
