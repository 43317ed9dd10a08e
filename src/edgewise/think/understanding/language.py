"""Is a sentence in a language that is neither Chinese nor English?

Such a sentence must lead to no call: words look alike ("volume", "navigation", 窓) and mean other
things. Names and titles in other languages within a Chinese or English command are no reason: the
words of the command around them decide. It tells such languages apart from the two, not which one
it is; short sentences of words that English also has are not recognised. Words chosen from what
drivers say in French, German, Spanish, Italian, Portuguese, Dutch and Polish; scripts by Unicode block.
"""
# ruff: noqa: E501  (a table of words is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex

_SCRIPT = regex(
    "[\u0370-\u03ff\u0400-\u04ff\u0530-\u05ff\u0600-\u06ff\u0750-\u077f\u0900-\u0dff\u0e00-\u0fff"
    "\u1000-\u109f\u10a0-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7af]"
)
"""Greek, Cyrillic, Armenian, Hebrew, Arabic, Indic, Thai, Georgian, kana, hangul."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ORDERS_EN = _words(
    "play call dial ring phone text message email mail tell send navigate drive take go bring find search show add put remind "
    "remember translate say open close turn switch set start stop read look get book order buy create write how what what's "
    "where who when why is are can could i i'd i'm let's save note google add search"
)
_ORDER_ZH = regex(
    r"^(?:请|帮我|给我|我想|我要|麻烦|能不能|可以)*(?:播放|[放听唱来]|点一?首|导航|带我|去|打电话|打给|拨打|呼叫|给.+(?:打|发)|发|告诉|翻译|搜|找|查|添加|把|将|提醒|记|打开|关|用.{1,4}[说念读])"
    r"|怎么[说念读]|什么意思"
)
_JAPANESE = regex(
    r"[\u3040-\u309f](?:ください|て|で|ます|です|か|ない|たい|よ|ね)[。？?! ]*$|を|[てで]ください"
)

_ENGLISH = _words(
    "the a an my your his her our their it is are was am be been do does did has have will would can could should of to in on at for with from and or "
    "but not no yes please me i you he she we they this that these those what what's where when who why how all every some any more less up down off out "
    "window windows light lights seat heating music volume temperature door doors car road home work turn open close set switch play call stop start lock "
    "unlock navigate make put bit song phone screen air fan there here it's i'm don't now then too also very"
)
_FOREIGN = _words(
    # French
    "le les des du une un et est sont dans sur sous avec pour pas moins moi mon ma mes ton ta tes votre notre vous nous je elle ce cette quel quelle quoi où comment combien heure maintenant plaît s'il plait merci bonjour "
    "ouvre ouvrez ouvrir ferme fermez fermer allume allumez allumer éteins éteignez éteindre eteins monte baisse augmente diminue appelle appelez joue jouez jouer mets mettez lance envoie arrête arrete règle emmène emmene "
    "fenêtre fenetre vitre vitres porte portes coffre lumière lumières phares climatisation clim chauffage siège musique chanson toit voiture fort message maman à au aux qu'il est-il fait-il "
    # German
    "der die das den dem ein eine einen einer und ist sind nicht mit für auf aus zu zum zur nach bei mir mich mein meine meinen dein du wir ihr wie was wo wann warum bitte danke jetzt mehr weniger "
    "öffne öffnen oeffne schließe schliesse schließ mach mache schalte schalt stell stelle ruf rufe spiel spiele fahr fahre bring drehe dreh sende schick zeige schalten öffnen stellen ausschalten einschalten aktivieren deaktivieren beleuchten muss kann "
    "fenster tür türen kofferraum licht lichter klimaanlage heizung sitzheizung sitz musik lied sie können könnten kannst würden lassen lass erhöhen erhöhe verringern verringere reduzieren heben drehen schließen lauter leiser wärmer kälter temperatur ein an ab uhr wetter scheinwerfer "
    # Spanish
    "el la los las una unos y es son con para por favor mi mis tu su qué que cómo como dónde donde cuándo cuánto cuanto más menos ahora gracias hola del al en "
    "abre abrir cierra cerrar enciende encender apaga apagar sube subir baja bajar llama llamar pon poner reproduce toca envía manda activa activar desactiva desactivar apague encienda desbloquea desbloquear bloquea bloquear puedes podrías puede detén detener cambia gira dormitorio lámpara ayuda navega lleva quiero "
    "ventana ventanas ventanilla puerta puertas maletero luz luces faros aire acondicionado calefacción asiento música canción volumen temperatura coche casa madre hora tiempo "
    # Italian
    "lo gli uno di del della sono per più meno mio mia che cosa dove quando adesso grazie apri aprire chiudi chiudere accendi accendere spegni spegnere alza abbassa chiama metti suona porta manda "
    "finestrino finestra portiera bagagliaio luci fari l'aria condizionata riscaldamento sedile musica canzone ore tempo "
    # Portuguese
    "os uma não por meu minha você onde quando agora obrigado abra abrir feche fechar ligue ligar desligue desligar aumente abaixe toque janela porta luz ar-condicionado rádio som "
    # Dutch
    "het een en van niet voor naar mijn zet sluit bel speel raam ramen deur licht aan uit zachter graag alsjeblieft verwarming muziek "
    # Polish
    "otwórz zamknij włącz wyłącz proszę czy mógłbyś możesz zmniejsz zwiększ zmień zatrzymaj podnieś opuść przełącz zadzwoń zagraj okno okna drzwi światło światła muzyka muzykę się jest nie że"
)  # fmt: skip
_SHARED = _words(
    "a an do on me in of to so no is it at as or he we us by be my am all are also but die was man will ring call stop start radio message temperature volume music navigation phone car video pop star not far per son dove ore pour ma mes y lo toca fort plus ferme monte tempo radio casa llama"
)
"""English words that other languages write alike; they speak for English only where more does."""

_STRONG = _FOREIGN - _ENGLISH - _SHARED
_WORD = regex(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ACCENTED = regex("[\u00df-\u00f6\u00f8-\u024f]")
_ELIDED = regex(r"(?:qu|dell|nell|sull|all|[ldsmtjn])'(?=[^\W\d_]{4})")
"""Articles written into the next word, as in "l'aria" and "d'entrée"."""
_QUOTES = regex(r"《[^》]*》|「[^」]*」|“[^”]*”|\"[^\"]*\"")


def is_foreign(plain: str) -> bool:
    """Whether a normalised sentence is in a language that is neither Chinese nor English."""
    bare = _QUOTES.sub(" ", plain)
    if _ORDER_ZH.search(bare) and not _JAPANESE.search(bare):
        return False
    words = _WORD.findall(bare)
    latin = [word.replace("’", "'") for word in words if word[0] < "\u0250"]
    if _SCRIPT.search(bare):
        return _in_other_script(bare, latin)
    if any("\u3400" <= char <= "\u9fff" for char in bare):
        return False
    return _in_other_words(latin)


def _in_other_script(bare: str, latin: list[str]) -> bool:
    if latin and latin[0] in _ORDERS_EN:
        return False
    letters = [char for char in bare if char.isalpha()]
    return len(_SCRIPT.findall(bare)) * 4 >= len(letters)


def _in_other_words(words: list[str]) -> bool:
    if not words:
        return False
    strong = sum(word in _STRONG or _ELIDED.match(word) is not None for word in words)
    english = sum(word in _ENGLISH or word in _ORDERS_EN for word in words)
    if words[0] in _STRONG:
        return strong > english or (strong == english and len(words) <= 3)
    if words[0] in _ORDERS_EN and words[0] not in _SHARED:
        return False
    accented = any(_ACCENTED.search(word) for word in words)
    if not english and len(words) > 1 and (strong or accented):
        return True
    return strong >= 2 and strong > english
