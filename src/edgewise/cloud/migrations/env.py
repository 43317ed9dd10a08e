"""What Alembic runs around the steps: on the connection that `migrate` was handed."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
