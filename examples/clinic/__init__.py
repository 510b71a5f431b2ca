"""A small clinic on the web: FastAPI over the library's async desk. Every rule it keeps is the library's."""
