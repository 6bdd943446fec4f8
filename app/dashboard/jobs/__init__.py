"""The pages of jobs: the list, one job, its steps as files, and the streams that say when they change."""
