"""The tests, arranged like the apps they test."""
