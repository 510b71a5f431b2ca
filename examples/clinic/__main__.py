"""`python -m examples.clinic`: the app on this machine alone."""

from __future__ import annotations

import os

import uvicorn

from examples.clinic.app import create_app

if __name__ == "__main__":
    port = int(os.environ.get("CLINIC_PORT", "8000"))
    print(f"http://127.0.0.1:{port}/  (API: /docs)")
    uvicorn.run(create_app(), host="127.0.0.1", port=port, log_level="warning")
