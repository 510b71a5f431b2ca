"""Values from plain dicts, and their JSON Schema. The only part that uses pydantic."""
