"""From bytes that a learner handed in to a notebook of our own cells with the learner's answers. Executes nothing."""
