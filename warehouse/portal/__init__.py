"""The static, offline portal that officials read."""
