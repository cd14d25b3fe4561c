"""Blob (rfc8620#6): methods on octets; uploading and downloading are HTTP resources in `pirab.jmap.views`."""
