"""The scopes of what gathers certificates: a batch, an upload."""

from __future__ import annotations

from collections.abc import Sequence

from certification.certificates.models.batches import CertificateBatch
from certification.certificates.models.reports import CertificateReport
from certification.filings import queries as filings
from foundation.permission import PLATFORM, Scope, ScopeKind


def shared_scopes(row: CertificateBatch | CertificateReport) -> Sequence[Scope]:
    """The issuer's chain, and the region and competition that all its certificates share."""
    chain = list(filings.issuer_scopes(row.evaluation_organization_id) or (PLATFORM,))
    if row.region_code:
        chain.append(Scope(ScopeKind.REGION, row.region_code))
    if row.competition_id:
        chain.append(Scope(ScopeKind.COMPETITION, str(row.competition_id)))
    return chain
