"""The process that does the jobs of the queue."""

import asyncio
import os


async def work() -> None:
    """Do jobs until told to stop."""
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as runner:  # type: ignore[attr-defined]
        await runner.run_worker_async(concurrency=4)


def main() -> None:
    """Start Django and work."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circulo.config.settings")
    django.setup()
    asyncio.run(work())


if __name__ == "__main__":
    main()
