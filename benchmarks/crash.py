"""Kill a pulling process at random moments and look for lost, doubled or re-read pages."""
