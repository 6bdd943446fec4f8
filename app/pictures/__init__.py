"""Images are looked into by Pillow, in processes of their own, so that none can harm this one."""
