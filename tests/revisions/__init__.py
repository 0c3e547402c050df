"""Made-up revisions of articles, whose truth is known because it is made with them."""
