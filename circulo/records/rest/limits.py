"""How often a token may call: counted in memory that all workers of one machine share.

The map is made before the web server forks its workers. A slot holds a token, a minute and a count;
two workers that write at the same moment may lose a count, which a limit can bear.
"""

import mmap
import struct
import time

from django.conf import settings
from django.utils.translation import gettext as _

from circulo.records.rest.refusals import Refused

SLOTS = 4096
_SLOT = struct.Struct("<QLL")
_slots = mmap.mmap(-1, SLOTS * _SLOT.size)


def count(token: int) -> None:
    """Count a call of a token; Refused where it had too many in this minute."""
    most: int = settings.API_CALLS_PER_MINUTE
    now = int(time.time())
    place = token % SLOTS * _SLOT.size
    whose, minute, calls = _SLOT.unpack_from(_slots, place)
    calls = calls + 1 if (whose, minute) == (token, now // 60) else 1
    _SLOT.pack_into(_slots, place, token, now // 60, calls)
    if most and calls > most:
        raise Refused(
            429,
            "too_many",
            _("Too many calls: at most %d in a minute.") % most,
            headers={"Retry-After": str(60 - now % 60)},
        )


def forget() -> None:
    """Start counting anew."""
    _slots[:] = bytes(len(_slots))
