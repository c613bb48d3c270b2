"""Many submissions: collecting them from a folder, grading them side by side, resuming after any death."""
