"""Pure: records in, messages and pictures out."""
