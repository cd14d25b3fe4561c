"""Every HTTP resource of the application process. EventSource is a process of its own: `pirab.conf.push`."""

from __future__ import annotations

from django.urls import path

from pirab.jmap import http, views
from pirab.openapi import docs, domain_pages, health
from pirab.openapi.api import api

urlpatterns = [
    path("jmap/", views.api),
    path(".well-known/jmap", views.session),
    path("jmap/download/<str:account_id>/<str:blob_id>/<path:name>", views.download),
    path("jmap/upload/<str:account_id>/", views.upload),
    path("jmap/upload/<str:account_id>", views.upload),
    path("api/v1/docs", docs.page),
    path("api/v1/docs.css", docs.style),
    path("api/v1/", api.urls),
    path(".well-known/mta-sts.txt", domain_pages.transport_policy),
    path("mail/config-v1.1.xml", domain_pages.program_settings),
    path(".well-known/autoconfig/mail/config-v1.1.xml", domain_pages.program_settings),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.measured),
]

handler400 = http.bad_request
handler404 = http.no_such_resource
handler500 = http.failed
