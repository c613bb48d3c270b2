"""
Values and calls across the border between the judge and the learner's process. Imports the standard library, numpy,
pandas and pyarrow only, because it alone is bound into the sandbox.

It never decides a verdict, never executes what it reads, and never unpickles what the learner's process says.
"""
