"""The partial indexes. They are declared apart from their tables because to declare one loads both databases' dialects,
and only migrations need to know of them: whoever reads a store should not wait for that."""

from sqlalchemy import Index

from monitor.store.tables import article, blob, outbox, source

Index("ix_source_due", source.c.next_poll_at, sqlite_where=source.c.next_poll_at.is_not(None),
      postgresql_where=source.c.next_poll_at.is_not(None))  # fmt: skip
Index("ix_article_due", article.c.next_check_at, article.c.host, article.c.stage,
      sqlite_where=article.c.next_check_at.is_not(None),
      postgresql_where=article.c.next_check_at.is_not(None))  # fmt: skip
Index("ix_article_source", article.c.source_id, sqlite_where=article.c.source_id.is_not(None),
      postgresql_where=article.c.source_id.is_not(None))  # fmt: skip
Index("ix_blob_base", blob.c.base_sha256, sqlite_where=blob.c.base_sha256.is_not(None),
      postgresql_where=blob.c.base_sha256.is_not(None))  # fmt: skip
Index("ix_outbox_pending", outbox.c.channel, outbox.c.article_id, outbox.c.id,
      sqlite_where=outbox.c.state == "pending", postgresql_where=outbox.c.state == "pending")  # fmt: skip
Index("ix_outbox_held", outbox.c.change_id,
      sqlite_where=outbox.c.state == "held", postgresql_where=outbox.c.state == "held")  # fmt: skip
Index("ix_article_held", article.c.hold_since, sqlite_where=article.c.hold_since.is_not(None),
      postgresql_where=article.c.hold_since.is_not(None))  # fmt: skip
Index("ix_outbox_due", outbox.c.channel, outbox.c.due_at,
      sqlite_where=outbox.c.state == "pending", postgresql_where=outbox.c.state == "pending")  # fmt: skip
Index("ix_article_said_key", article.c.host, article.c.said_key,
      sqlite_where=article.c.said_key.is_not(None), postgresql_where=article.c.said_key.is_not(None))  # fmt: skip
Index("ix_article_suspect_key", article.c.host, article.c.suspect_key,
      sqlite_where=article.c.suspect_key.is_not(None), postgresql_where=article.c.suspect_key.is_not(None))  # fmt: skip
Index("ix_article_marker_place", article.c.host, article.c.marker_place,
      sqlite_where=article.c.marker_place.is_not(None),
      postgresql_where=article.c.marker_place.is_not(None))  # fmt: skip
