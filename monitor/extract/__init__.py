"""(Capture, hints) -> Reading: deterministic, no network, in worker processes."""

from monitor.extract.release import EXTRACTOR
from monitor.extract.sites import SHIPPED, rule_for
from monitor.extract.worker import WorkerExtract

__all__ = ["EXTRACTOR", "SHIPPED", "WorkerExtract", "rule_for"]
