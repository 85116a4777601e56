"""What makes tests quick without making them another thing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The hasher of the house at its lowest cost."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
