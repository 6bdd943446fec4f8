"""The Galaxy dialect: cloud get and send, and the histories, datasets and jobs around them, for `bioblend`."""
