"""How PostgreSQL's `unaccent` folds Latin letters and the signs around them."""

import unicodedata

# A sign and what it becomes, where taking the accent off is not enough.
_SPECIAL = (
    "¡!¦©(C)¦ªa¦«<<¦\u00ad-¦®(R)¦±+/-¦µμ¦ºo¦»>>¦¼ 1/4¦½ 1/2¦¾ 3/4¦¿?¦ÆAE¦ÐD¦×*¦ØO¦ÞTH¦ßss¦æae¦"
    "ðd¦÷/¦øo¦þth¦ĐD¦đd¦ĦH¦ħh¦ıi¦ĲIJ¦ĳij¦ĸq¦ĿL¦ŀl¦ŁL¦łl¦ŉ'n¦ŊN¦ŋn¦ŒOE¦œoe¦ŦT¦ŧt¦ſs¦ƀb¦ƁB¦ƂB¦ƃb¦"
    "ƇC¦ƈc¦ƉD¦ƊD¦ƋD¦ƌd¦ƐE¦ƑF¦ƒf¦ƓG¦ƕhv¦ƖI¦ƗI¦ƘK¦ƙk¦ƚl¦ƝN¦ƞn¦ƢOI¦ƣoi¦ƤP¦ƥp¦ƫt¦ƬT¦ƭt¦ƮT¦ƲV¦ƳY¦ƴy¦"
    "ƵZ¦ƶz¦ǄDZ¦ǅDz¦ǆdz¦ǇLJ¦ǈLj¦ǉlj¦ǊNJ¦ǋNj¦ǌnj¦ǤG¦ǥg¦ǱDZ¦ǲDz¦ǳdz¦ȡd¦ȤZ¦ȥz¦ȴl¦ȵn¦ȶt¦ȷj¦ȸdb¦ȹqp¦"
    "ȺA¦ȻC¦ȼc¦ȽL¦ȾT¦ȿs¦ɀz¦ɃB¦ɄU¦ɆE¦ɇe¦ɈJ¦ɉj¦ɌR¦ɍr¦ɎY¦ɏy¦ɓb¦ɕc¦ɖd¦ɗd¦ɛe¦ɟj¦ɠg¦ɡg¦ɢG¦ɦh¦ɧh¦ɨi¦ɪI¦"
    "ɫl¦ɬl¦ɭl¦ɱm¦ɲn¦ɳn¦ɴN¦ɶOE¦ɼr¦ɽr¦ɾr¦ʀR¦ʂs¦ʈt¦ʉu¦ʋv¦ʏY¦ʐz¦ʑz¦ʙB¦ʛG¦ʜH¦ʝj¦ʟL¦ʠq¦ʣdz¦ʥdz¦ʦts¦"
    "ʪls¦ʫlz¦ʰh¦ʲj¦ʳr¦ʷw¦ʸy¦ʹ'¦ʺ\"¦ʻ'¦ʼ'¦ʽ'¦˂<¦˃>¦˄^¦ˆ^¦ˈ'¦ˋ`¦ː:¦˖+¦˗-¦˜~¦ˡl¦ˢs¦ˣx¦ẚa¦ẜs¦ẝs¦"
    "ẞSS¦ỺLL¦ỻll¦ỼV¦ỽv¦ỾY¦ỿy¦‐-¦‑-¦‒-¦–-¦—-¦―-¦‖||¦‘'¦’'¦‚,¦‛'¦“\"¦”\"¦„,,¦‟\"¦․.¦‥..¦…...¦′'¦"
    '″"¦‹<¦›>¦‼!!¦⁄/¦⁅[¦⁆]¦⁇??¦⁈?!¦⁉!?¦⁎*¦₠CE¦₢Cr¦₣Fr.¦₤L.¦₧Pts¦₹Rs¦₺TL¦℀a/c¦℁a/s¦ℂC¦℃°C¦℅c/o¦'
    "℆c/u¦℉°F¦ℊg¦ℋH¦ℌH¦ℍH¦ℎh¦ℐI¦ℑI¦ℒL¦ℓl¦ℕN¦№No¦℗(P)¦℘P¦ℙP¦ℚQ¦ℛR¦ℜR¦ℝR¦℞Rx¦℡TEL¦ℤZ¦ΩΩ¦ℨZ¦KK¦ÅA¦"
    "ℬB¦ℭC¦ℯe¦−-¦ﬀff¦ﬁfi¦ﬂfl¦ﬃffi¦ﬄffl¦ﬅst¦ﬆst¦"
    "ⱥa¦ⱦt"
)


def _table() -> dict[int, str]:
    table: dict[int, str] = {code: "" for code in range(0x300, 0x363)}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        bare = unicodedata.normalize("NFD", chr(code))[0]
        if bare.isascii():
            table[code] = bare
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    return table | {ord(pair[0]): pair[1:] for pair in _SPECIAL.split("¦") if pair}


TABLE = _table()
