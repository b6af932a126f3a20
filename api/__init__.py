"""The HTTP API: every domain has the same five files, endpoints, service, repository, schemas and auth."""
