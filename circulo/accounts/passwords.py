"""Passwords that everybody in the house would guess first."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from circulo.accounts.models import User
from circulo.lib.names import plain

# What Django's own list, which is English, leaves out.
WORDS = (
    "contrasena clave miclave micontrasena administrador administradora bienvenido bienvenida "
    "usuario circulo empresa oficina ventas madrid barcelona realmadrid atletico sevilla "
    "valencia mexico guadalajara bogota santiago buenosaires argentina colombia espana "
    "teamo tequiero teamomucho mivida princesa corazon hermosa estrella familia america "
    "asdfghjkl qwertyuiop verano invierno primavera otono enero febrero septiembre diciembre"
)


class SpanishWordsValidator:
    """Refuses a common Spanish word, with or without figures and signs around it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError where the letters of a password are one such word, once or more often."""
        letters = "".join(sign for sign in plain(password) if sign.isalpha())
        if any(letters and not letters.replace(word, "") for word in WORDS.split()):
            raise ValidationError(_("This password is one of the first that anybody would try."))

    def get_help_text(self) -> str:
        """What to tell beforehand."""
        return _("Not a single common word.")
