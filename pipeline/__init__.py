"""The steps of the pipeline, each one function per layer; DAGs and the command line call these."""
