"""Fixtures that more than one package's tests share."""
