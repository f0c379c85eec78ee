"""Audits: a sample of the dataset for coders, and what their answers say of it."""
