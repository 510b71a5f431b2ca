"""Appointments, series of them, change requests, holds: entities, tables, decisions."""
