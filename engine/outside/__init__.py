"""Sounds that come from outside: files nobody has checked, opened at arm's length."""
