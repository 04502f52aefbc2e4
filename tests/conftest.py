import pytest

from harness import running_server


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        yield running
