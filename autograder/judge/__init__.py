"""Running the trusted notebook, scoring what was observed, telling the learner. Believes nothing of the learner's."""
