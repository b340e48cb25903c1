"""The command line by what it is about; each command calls one function."""
