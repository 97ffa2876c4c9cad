//! The Admin API: an HTTP client for GraphQL that knows what may be repeated and what may not.
