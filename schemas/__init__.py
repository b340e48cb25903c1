"""What data must look like; imports nothing of ours."""
