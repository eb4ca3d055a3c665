"""What organizers fill in to set up a competition."""
