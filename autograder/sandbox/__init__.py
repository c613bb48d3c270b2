"""The learner's process: a jail, its limits, and a server that forks one confined job per submission."""
