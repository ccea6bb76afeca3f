"""The running program around the conversations."""
