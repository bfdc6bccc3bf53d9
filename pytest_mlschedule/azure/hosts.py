"""Hosts that a mocked Azure answers for. Standard library alone: processes that a test starts use it, too."""

from __future__ import annotations

ORIGIN_HEADER = "X-MLSchedule-Origin"
"""Where a request that was sent on to a port of this machine was meant for: ``https://management.azure.com``."""
LOGIN_HOSTS = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.chinacloudapi.cn",
        "login.partner.microsoftonline.cn",
        "login.windows.net",
        "login.microsoft.com",
        "169.254.169.254",
    }
)
"""Where azure-identity logs in; the last one is the endpoint of a machine's managed identity."""
_RESOURCE_HOSTS = frozenset({"management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"})
_RESOURCE_DOMAINS = (".api.azureml.ms", ".api.ml.azure.us", ".api.ml.azure.cn")
_STORAGE = (".blob.core.", ".dfs.core.")


def is_azure(host: str) -> bool:
    """Whether a host, without its port, is one that a mocked Azure answers for."""
    name = host.lower().rstrip(".")
    return name in LOGIN_HOSTS or name in _RESOURCE_HOSTS or name.endswith(_RESOURCE_DOMAINS) or is_storage(name)


def is_storage(host: str) -> bool:
    """Whether a host is a storage account of Azure."""
    return any(part in host.lower() for part in _STORAGE)
