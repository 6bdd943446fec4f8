"""The pages that start mirrors: the form, the plan that it leads to, and what ran before once more."""
