"""A seller's stock is read whole, page by page, and kept."""
