"""azure-ai-ml is imported here, once, without what its dependencies warn of at that time."""

from pytest_mlschedule.azure import import_client

import_client()
