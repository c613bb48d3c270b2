"""
What a delay service in production is made of: its interfaces and its keys.

`contract` says what the parts must look like, `keys` how a cached answer is found again. Nothing here is graded.
"""
