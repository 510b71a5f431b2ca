"""Series of wall-clock times: rules, the integer engine, exceptions, text."""
