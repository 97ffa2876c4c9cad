//! A platform for those without an account: the Admin API, signed webhooks and end users, on loopback.
