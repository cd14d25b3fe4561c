"""What the DNS of a domain of ours leads to: the MTA-STS policy and the settings of mail programs. For everybody."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pirab.domainaudit import expected, queries, site
from pirab.domainaudit.types import DomainInfo
from pirab.wire.address import AddressError, normalize_domain


@require_safe
def transport_policy(request: HttpRequest) -> HttpResponse:
    """`https://mta-sts.<domain>/.well-known/mta-sts.txt` (rfc8461#3.3); 404 for a domain that is not ours."""
    domain = _named(request, "mta-sts.")
    if domain is None:
        return HttpResponse("No such policy.\n", status=404, content_type="text/plain")
    answer = HttpResponse(expected.policy(domain.mta_sts, site.house()), content_type="text/plain")
    answer["Cache-Control"] = "max-age=300"
    return answer


@require_safe
def program_settings(request: HttpRequest) -> HttpResponse:
    """`https://autoconfig.<domain>/mail/config-v1.1.xml`, as Thunderbird and others ask for it."""
    domain = _named(request, "autoconfig.")
    if domain is None:
        return HttpResponse("No such domain.\n", status=404, content_type="text/plain")
    house = site.house()
    scheme = "https" if house.web_port == 443 else request.scheme
    port = "" if house.web_port in (80, 443) else f":{house.web_port}"
    text = _SETTINGS.format(
        domain=escape(domain.name),
        mail_host=escape(house.mail_host),
        submission_port=house.submission_port,
        session=escape(f"{scheme}://{house.web_host}{port}/.well-known/jmap"),
    )
    answer = HttpResponse(text, content_type="text/xml; charset=utf-8")
    answer["Cache-Control"] = "max-age=300"
    return answer


def _named(request: HttpRequest, label: str) -> DomainInfo | None:
    """The domain of ours behind `label` in the name that was asked for: a host name only chooses among ours."""
    host = request.META.get("HTTP_HOST", "").partition(":")[0].lower().rstrip(".")
    if not host.startswith(label) or len(host) > 253:
        return None
    try:
        name = normalize_domain(host.removeprefix(label))[0]
    except AddressError:
        return None
    return queries.proven_domain(name)


_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{domain}">
    <domain>{domain}</domain>
    <displayName>พิราบ (Pirab)</displayName>
    <displayShortName>Pirab</displayShortName>
    <incomingServer type="jmap">
      <url>{session}</url>
      <authentication>http-basic</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>{mail_host}</hostname>
      <port>{submission_port}</port>
      <socketType>STARTTLS</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
  </emailProvider>
</clientConfig>
"""
