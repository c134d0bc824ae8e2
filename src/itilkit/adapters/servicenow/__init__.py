"""ServiceNow: the audit log of the incident table, one row per update."""

from itilkit.adapters.servicenow.audit_log import AuditLog, audit_log

__all__ = ["AuditLog", "audit_log"]
