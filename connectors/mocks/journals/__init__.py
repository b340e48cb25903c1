"""Mock e-journals of three products and the files of schools that have none; they know nothing of the pipeline."""
