"""The badge: a signed credential that anyone can check offline. Grading decides; here it is only sealed."""
