"""Django application `submission`."""

from __future__ import annotations

from django.apps import AppConfig


class SubmissionConfig(AppConfig):
    name = "pirab.submission"
    label = "submission"

    def ready(self) -> None:
        from pirab.blob.registry import register_reference
        from pirab.store.queries import register_blob_gate
        from pirab.submission.queries import may_read_report

        register_blob_gate(may_read_report)
        register_reference("submission_submission", "source_digest")
        register_reference("submission_submission", "outbound_digest")
        register_reference("submission_report", "digest")
