"""The pages of webhooks: the list and a new one; one of them with its secret, a test, and its deliveries."""
