"""The pytest plugin that compares check cells with the course, never with what the learner saved."""
