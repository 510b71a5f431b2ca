"""Suites that prove an adapter of yours: subclass one in a test module, give it a fixture, and run pytest.

```python
class TestMyRepository(RepositoryConformance):
    @pytest.fixture
    def repository(self):
        return MyRepository()  # empty, and another one for each test
```
"""

from __future__ import annotations

from oasys_sched.testing.conformance.notifiers import NotifierConformance
from oasys_sched.testing.conformance.repositories import RepositoryConformance
from oasys_sched.testing.conformance.running import violations
from oasys_sched.testing.conformance.transcripts import TranscriptStoreConformance

__all__ = ["NotifierConformance", "RepositoryConformance", "TranscriptStoreConformance", "violations"]
