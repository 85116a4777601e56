"""Given names that people use for one another, in Spanish and in English."""

_SPANISH = """
alejandro: ale alex jandro sandro
alejandra: sandra alexa jandra
alfonso: poncho fonso alfon
alberto: beto berto
antonio: toni tono antonino antoni
antonia: tonia tona
beatriz: bea betty
carlos: carlitos charly
carmen: carmela mamen carmina menchu carmele maricarmen
concepcion: concha conchi chon conchita
consuelo: chelo
cristina: cris cristi kristina
daniel: dani
dolores: lola loli lolita mariloli
eduardo: edu lalo
elena: helena
enrique: quique kike
esperanza: espe
eugenia: geni
federico: fede
felipe: pipe
fernando: fer nando fernan
francisco: paco pancho fran curro kiko francesc paquito xisco
francisca: paca paqui quica
gabriel: gabi
gabriela: gaby
gerardo: gera
gonzalo: gon
gregorio: goyo
guadalupe: lupe lupita
guillermo: guille memo
ignacio: nacho inaki
inmaculada: inma
isabel: isa chabela isabela ysabel maribel
jaime: jaume
javier: javi xavier xavi
jesus: chus chuy suso
joaquin: quin ximo
jorge: jordi
jose: pepe josep pep pepito
josefa: pepa pepi fina josefina
jose antonio: josean
jose ignacio: josi
jose luis: joselu pepelu
jose manuel: josema chema
jose maria: chema josemari txema
jose miguel: josemi
jose ramon: joserra
juan: juanito joan
juan carlos: juanca
juan jose: juanjo
juan manuel: juanma
leonardo: leo
lorenzo: lencho
lourdes: lurdes
luis: lucho luisito lluis
manuel: manolo manu lolo manel
manuela: manoli
maria: mari mary marie
angeles: marian mariangeles
magdalena: malena magda
maria jose: majo marijose
luisa: marisa marilu
mercedes: merche meche
miguel: migue mikel miquel
miguel angel: migue miguelangel
montserrat: montse
natividad: nati
nicolas: nico
pablo: pau
patricia: patri paty
pedro: perico peru pere
pilar: pili pilarica maripili piluca
rafael: rafa rafel
ramon: moncho
raul: rulo
ricardo: richi ricky
roberto: rober beto robert
rocio: chio
rosario: charo
salvador: salva chava
santiago: santi chago yago
sebastian: sebas
sergio: checo
soledad: sole
susana: susi
teresa: tere maite mayte teresita
vicente: chente vicent vicen
victoria: vicky
"""
_ENGLISH = """
abigail: abby
alexander: alec al xander
andrew: andy drew
anthony: tony
barbara: barb babs
benjamin: ben benny
catherine: kate katie cathy kathy katherine kathryn catalina
charles: charlie chuck
christina: chris tina
christopher: chris kit
david: dave
deborah: debbie deb
donald: don donny
dorothy: dot dottie
edward: ed eddie ned ted
elizabeth: liz beth lizzie betsy eliza libby
frederick: fred freddie
geoffrey: geoff jeffrey jeff
gerald: gerry jerry
gregory: greg
henry: harry hank
jacob: jake
james: jim jimmy jamie
jennifer: jenny jen
jessica: jess jessie
john: jack johnny jon
jonathan: jonny
joshua: josh
kenneth: ken kenny
lawrence: larry laurie
leonard: len lenny
margaret: maggie meg peggy marge
matthew: matt
michael: mike mick mickey
nathaniel: nate nathan
nicholas: nick nicky
pamela: pam
patrick: paddy pat
peter: pete
philip: phil phillip
rebecca: becky becca
richard: rick dick rich
ronald: ron ronnie
samantha: sammy
samuel: sam
stephen: steve steven
susan: sue suzie
thomas: tom tommy
timothy: tim timmy
victor: vic
walter: walt wally
william: will bill billy liam
zachary: zach zack
"""


def pairs() -> list[tuple[str, str]]:
    """Each short or other form with the name that it stands for; the first that is said holds."""
    found: dict[str, str] = {}
    for line in (_SPANISH + _ENGLISH).split("\n"):
        name, _sign, forms = line.partition(":")
        for form in forms.split():
            found.setdefault(form, name)
    return list(found.items())
