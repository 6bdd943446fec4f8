"""What the HTTP edges share: who is calling, how errors look, the cross-site guard, the API's documentation."""
