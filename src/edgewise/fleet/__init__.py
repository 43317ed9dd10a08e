"""Signed delivery: enrolment, releases, rollout and rollback."""
