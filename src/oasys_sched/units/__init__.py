"""One unit of work, as pure functions: what to load for it, the facts in a snapshot, the commit of a decision."""
