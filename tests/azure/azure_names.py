"""Names of azure-ai-ml and its relatives, imported without what their dependencies warn of themselves."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.ai.ml import Input, MLClient, Output, command, load_component, load_job, spark
    from azure.ai.ml.constants import TimeZone
    from azure.ai.ml.dsl import pipeline
    from azure.ai.ml.entities import (
        AmlTokenConfiguration,
        CronTrigger,
        Data,
        Environment,
        JobSchedule,
        PipelineJob,
        RecurrencePattern,
        RecurrenceTrigger,
    )
    from azure.ai.ml.entities._load_functions import load_schedule
    from azure.ai.ml.exceptions import JobException, MlException, ValidationException
    from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
    from azure.core.pipeline.transport import HttpTransport, RequestsTransport
    from azure.identity import (
        ClientAssertionCredential,
        ClientSecretCredential,
        DefaultAzureCredential,
        DeviceCodeCredential,
        EnvironmentCredential,
        ManagedIdentityCredential,
        UsernamePasswordCredential,
        WorkloadIdentityCredential,
    )
    from azure.storage.blob import BlobClient

__all__ = [
    "AmlTokenConfiguration",
    "BlobClient",
    "ClientAssertionCredential",
    "ClientAuthenticationError",
    "ClientSecretCredential",
    "CronTrigger",
    "Data",
    "DefaultAzureCredential",
    "DeviceCodeCredential",
    "Environment",
    "EnvironmentCredential",
    "HttpResponseError",
    "HttpTransport",
    "Input",
    "JobException",
    "JobSchedule",
    "MLClient",
    "ManagedIdentityCredential",
    "MlException",
    "Output",
    "PipelineJob",
    "RecurrencePattern",
    "RecurrenceTrigger",
    "RequestsTransport",
    "ResourceNotFoundError",
    "TimeZone",
    "UsernamePasswordCredential",
    "ValidationException",
    "WorkloadIdentityCredential",
    "command",
    "load_component",
    "load_job",
    "load_schedule",
    "pipeline",
    "spark",
]
