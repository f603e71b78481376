"""Procedures made executable: steps, events, progress, runs and their store."""
