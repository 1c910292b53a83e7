"""All checks of the doctor, in the order in which their faults would stop a start."""

import asyncio
from collections.abc import Sequence
from datetime import date

from aiokafka.errors import TopicAuthorizationFailedError

from agents.stage import Stage
from streams import admin
from streams.doctor import cluster, machine, reach, stages
from streams.doctor.finding import Finding
from streams.errors import NewsflagError
from streams.settings import Settings


async def examine(
    settings: Settings, flow: Sequence[Stage], today: date, *, models: bool = True
) -> list[Finding]:
    """Look at everything.

    Args:
        settings: What is to be run.
        flow: The pipeline's stages.
        today: What the age of lists is counted to.
        models: Whether to load the stages, which takes seconds.
    """
    findings = [check(settings) for check in machine.CHECKS]
    findings.append(await stages.lists(settings, flow, today))
    if models:
        findings.append(await stages.models(settings, flow))
    if not settings.broker:
        return [*findings, Finding(reach.NAME, "ok", "none is set: `newsflag up` starts its own")]
    reached = await reach.reach(settings)
    findings += reached
    if any(found.status == "fail" for found in reached):
        return [*findings, *(_skipped(name) for name in cluster.CHECKS)]
    return findings + await _cluster(settings)


async def _cluster(settings: Settings) -> list[Finding]:
    try:
        async with asyncio.timeout(120), admin.admin_client(settings) as client:
            about = await client.describe_cluster()
            topics = await admin.states(settings)
            return await cluster.examine(
                cluster.Cluster(settings, client, len(about["brokers"]), topics)
            )
    except NewsflagError as error:
        if isinstance(error.__cause__, TopicAuthorizationFailedError):
            told = Finding(
                "topic rights",
                "fail",
                f"not allowed to see {error.__cause__.args[0]}",
                cluster.acl(settings, "--operation Read --operation Write --operation "
                            "DescribeConfigs --resource-pattern-type prefixed --topic",
                            settings.topic_prefix or "news."),
            )  # fmt: skip
        else:
            told = Finding("cluster", "fail", str(error), "see the broker's log")
        return [told, *(_skipped(name) for name in cluster.CHECKS if name != told.check)]


def _skipped(name: str) -> Finding:
    return Finding(name, "skip", "the broker can't be asked")
