"""Signing in at somebody else's: OpenID Connect, the code flow with PKCE, towards configured issuers only."""
