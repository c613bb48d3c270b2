"""
What a delay service in production is made of: its interfaces, and small parts that learners need not write.

`contract` says what the parts must look like, `keys` how something computed is found again, `files` how a file appears
as a whole, `stability` how far a feature has moved. Nothing here is graded.
"""
