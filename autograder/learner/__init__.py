"""The learner's side of one installation: working copies, the doctor, and where the learner stands."""
