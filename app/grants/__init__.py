"""What the owners of accounts elsewhere grant to this service by OAuth: consents, tokens, and sessions of a picker."""
