"""Authoring: percent files become notebooks, and the exercises are proved to grade what they say."""
