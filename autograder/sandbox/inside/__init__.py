"""What is bound into the sandbox beside the protocol. Imports the standard library and `autograder.protocol` only."""
