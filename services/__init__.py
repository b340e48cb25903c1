"""Processes that run beside the pipeline: PostgreSQL, Airflow, the mock departments."""
