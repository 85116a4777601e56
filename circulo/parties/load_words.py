"""The words by which other programs and other languages call what we know, folded."""

LANGUAGES = {
    "espanol": "es", "castellano": "es", "spanish": "es", "ingles": "en", "english": "en",
    "catalan": "ca", "catala": "ca", "valenciano": "ca", "gallego": "gl", "galego": "gl",
    "euskera": "eu", "vasco": "eu", "basque": "eu", "frances": "fr", "french": "fr",
    "aleman": "de", "german": "de", "portugues": "pt", "portuguese": "pt", "italiano": "it",
    "italian": "it",
}  # fmt: skip
# What other programs call the same, beside our own words.
LIFECYCLES = {
    "cliente": "customer", "contacto": "contact", "lead": "lead", "subscriber": "lead",
    "marketingqualifiedlead": "lead", "marketing qualified lead": "lead",
    "cliente potencial": "lead", "salesqualifiedlead": "prospect",
    "sales qualified lead": "prospect", "opportunity": "prospect", "oportunidad": "prospect",
    "proveedor": "supplier", "vendor": "supplier", "socio": "member", "miembro": "member",
    "partner": "partner", "colaborador": "partner", "otro": "other", "evangelist": "customer",
    "antiguo cliente": "former", "excliente": "former",
}  # fmt: skip
ADDRESSED = {"usted": "formal", "tu": "familiar", "formal": "formal", "informal": "familiar"}
LABELS = {
    "mobile": "cell", "movil": "cell", "celular": "cell", "cell phone": "cell",
    "trabajo": "work", "business": "work", "oficina": "work", "casa": "home",
    "particular": "home", "personal": "home", "otro": "other",
}  # fmt: skip
KINDS = {
    "company": "organisation", "organisation": "organisation", "organization": "organisation",
    "empresa": "organisation", "compania": "organisation", "true": "organisation",
    "verdadero": "organisation", "1": "organisation", "yes": "organisation", "si": "organisation",
    "person": "person", "individual": "person", "persona": "person", "particular": "person",
    "contact": "person", "contacto": "person", "false": "person", "falso": "person", "0": "person",
    "no": "person",
}  # fmt: skip
