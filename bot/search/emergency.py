"""Danger to a life comes before any search: words that mean 112, in the bot's languages, misspelt too.

Two strengths. "now": the answer is the emergency one, whatever else the message says. "perhaps": the words may
also tell of a thing (a phone that fell) or of last week, so the emergency is offered first, with other topics.
The lists are compared as they sound, so every expression is here once; `*` is up to four words in between.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from bot.search.clauses import clauses
from bot.search.folding import fold, fold_text, plain

EMERGENCY_TOPIC = "noodgeval"

# Nobody writes these about an app.
_LIFE = """
bel 112; 112 bellen; 112 nodig; 112 gebeld
ademt niet; ademt * niet meer; niet * ademen; ademt slecht; ademt raar; ademhaling; haalt * geen adem
geen adem meer
geen lucht; bijna geen lucht; krijgt * benauwd; heel benauwd; zo benauwd; stikt; stikken; gestikt
verslikt
bewusteloos; buiten bewustzijn; niet bij bewustzijn; bewustzijn verloren; bewustzijn kwijt
flauwgevallen; flauw gevallen
niet aanspreekbaar; geen pols; geen hartslag; reanimeren; reanimatie; wordt * niet wakker
niet wakker worden
niet wakker te krijgen; krijg * niet wakker; niet meer wakker
hartaanval; hart aanval; hartinfarct; hart infarct; hartstilstand; hersenbloeding; herseninfarct
beroerte
pijn op de borst; pijn op haar borst; pijn op zijn borst; pijn in de borst; druk op de borst
mond hangt; mond * scheef; scheve mond; mondhoek; gezicht hangt; gezicht * scheef; scheef gezicht
blauw aangelopen; loopt blauw aan; lippen * blauw; blauwe lippen; epileptische aanval; epilepsie aanval
stuipen
hij bloedt; ze bloedt; zij bloedt; mevrouw bloedt; meneer bloedt; client bloedt; bloedt hevig
bloedt heel; bloedt erg; veel bloed; onder het bloed; bloed uit; bloeding; ernstig gewond; zwaar gewond
slagader
vergiftigd; vergiftiging; overdosis; dubbele dosis; dubbele dosering; dubbele medicijnen
te veel insuline; teveel insuline
te veel pillen; teveel pillen; te veel medicijnen; teveel medicijnen; insuline * aan de andere
verkeerde * gegeven; verkeerde * ingenomen; verkeerde * geslikt; verkeerde insuline
verkeerd medicijn gegeven
medicijnen van * ingenomen; pillen van * ingenomen; medicijnen van * gegeven; pillen van * gegeven
chloor gedronken
zelfmoord; suïcide; zelfdoding; wil dood; wil * niet meer leven; niet meer * leven; wil * niet meer zijn
er niet meer * zijn
einde aan * leven; eind aan * leven; iets aandoen; van kant maken; van het balkon; voor de trein
in levensgevaar; levensgevaar; levensbedreigend; gaat * dood; dood aan het gaan; dood gevonden
ligt * dood
ambulance; ziekenwagen; sos; noodgeval; spoedgeval
met een mes; met een pistool; vuurwapen; bedreigt; bedreigd; bedreiging; slaat mij; slaat me; slaat haar
word geslagen
wordt geslagen; mij geslagen; mij aangevallen; mij opgesloten; mishandelt; mishandeld; mishandeling
aangerand
verkracht; houdt mij vast; mag niet weg van; inbreker
roept * om hulp; schreeuwt om hulp; schreeuwt * van de pijn; gilt; kermt
not breathing; isn't breathing; can't breathe; cannot breathe; unconscious; bleeding; heart attack
chest pain
choking; overdose; suicide; kill herself; kill himself; kill myself; wants to die; collapsed; call 112
won't wake up; not waking up; doesn't wake up; having a stroke; threatens me; threatening me
nefes almıyor; nefes alamıyor; nefes alamıyorum; bilinci kapalı; bilinci yok; kalp krizi; kanıyor
kanama; intihar
ambulans; boğuluyor; felç geçiriyor
nie oddycha; nieprzytomna; nieprzytomny; zawał; krwawi; pogotowie; karetka; karetkę; samobójstwo; udar
dusi się
no respira; inconsciente; infarto; sangra; sangrando; ambulancia; suicidio; se ahoga
ne respire pas; ne respire plus; respire pas; respire plus; inconscient; inconsciente; crise cardiaque
saigne; suicide
ambulance; s'étouffe
لا يتنفس; لا تتنفس; فاقد الوعي; فاقدة الوعي; نزيف; ينزف; تنزف; اسعاف; إسعاف; الاسعاف; الإسعاف; انتحار
نوبة قلبية; يختنق; تختنق
не дихає; непритомна; непритомний; без свідомості; втратила свідомість; інфаркт; інсульт; кровотеча
самогубство
швидка допомога; швидку допомогу; викликати швидку; задихається; не дышит; без сознания; скорую
кровотечение
"""

# Danger, unless the message is only about a thing.
_DANGER = """
112; spoed; in nood; nood situatie; noodsituatie; brand; brandt; in brand; vuur; ruik gas
ruikt naar gas; gas ruik; gaslucht; gaslek; koolmonoxide
rook in; overal rook; iets gebroken; heup gebroken; been gebroken; arm gebroken; pols gebroken
kan niet opstaan
kan niet meer opstaan; komt niet overeind; kan niet overeind; onwel; verlamd; praat raar
praat * wartaal
ineens in de war; plotseling in de war; opgesloten; aangevallen; een mes; pistool; overvallen; verdrinkt
onderkoeld
emergency; on fire; gas leak; fell down; has fallen; acil; yangın; düştü; yere düştü; pożar; upadła
upadł; incendio
emergencia; se cayó; incendie; urgence; est tombée; est tombé; حريق; سقطت; سقط; وقعت; طوارئ; пожежа
впала; впав; упала
"""

# These happen to somebody: an emergency when a client is named, a possible one when it is only "he" or "she".
_HAPPENS_TO = """
gevallen; valt; viel; val gemaakt; val van; ten val; gestruikeld; uitgegleden; onderuit gegaan
op de grond; op de vloer; naast * bed
reageert niet; reageert nergens; niet reageren; reageert * niet; zakt weg; beweegt niet
doet niet open; doet de deur niet open; doet * deur niet; deur niet open; doet * niet open; opent * niet
komt niet naar de deur
niemand doet open; doet niemand open; hoor niks binnen; hoor niets binnen; zegt niks meer
zegt niets meer
niet op te wekken; draait weg; trekt weg; wit weggetrokken; suiker te laag; suiker heel laag; hypo
weggelopen; vermist
"""

# Worth a button at most: often about care, grief or a quarrel that is over.
_HAPPENS_OFTEN = """
bloed; bloeden; verbrand; brandwond; gestoten; ligt dood; lag dood; overleden; doodgegaan; verdwaald; in de war
verward; agressief
dreigt; dreigen; schreeuwt; slaat; schopt; geslagen; geen gehoor; neemt niet op; onveilig
verkeerde medicijnen
verkeerde medicatie; verkeerde pillen; verkeerde pil; verkeerde dosis; gebroken; niet lekker geworden
hoge koorts
"""

_CLIENTS = """
cliënt; cliënte; cliënten; klant; klante; mevrouw; mevrouwtje; mevr; mw; meneer; mijnheer; meneertje
dhr; de heer; bewoner
bewoonster; patiënt; patiënte; vrouw; man; vrouwtje; mannetje; oma; opa; dame; zorgvrager; moeder; vader
buurvrouw
buurman; echtgenoot; echtgenote; mens; lady; mister; patient; hasta; teyze; amca; pani; pan; señora
señor; madame; monsieur
"""

_SOMEBODY = "ze; zij; hij; haar; hem; iemand; niemand; collega; she; he; ik"

# What falls, hangs, breaks or is urgent without being a life. With such a word and no client it is only "perhaps".
_THINGS = """
app; apps; appje; telefoon; tel; mobiel; mobieltje; tablet; ipad; iphone; samsung; laptop; computer
scherm; beeld
internet; wifi; verbinding; systeem; site; website; bestand; bijlage; mail; foto; link; toestel; knop
ons; dossier
rooster; programma; account; bot; batterij; accu; sms; code; wachtwoord; authenticator; helpdesk
microsoft; digid
printer; pas; pasje; bericht; whatsapp; internetstoring; verlof; vrij; phone; uitleg; antwoord; oplader
"""

# A cry with nothing else: perhaps a danger, perhaps a question to come.
_ALONE = {fold_text(word) for word in ("help", "hulp", "help help", "help me", "sos", "nood", "spoed")}

_PAPERWORK = """
formulier; mic; mic melding; melding; meldingen; melden; meld; triasweb; registreren; rapporteren
rapportage; rapporteer
noteren; invullen; vul in; invul; invoeren; vastleggen; opschrijven; cursus; training; oefenen
e learning; aftekenen
"""

_LONG_PAST = """
gisteren; gister; eergisteren; vorige week; vorige maand; vorig jaar; afgelopen week; afgelopen weekend
van het weekend
verleden week; destijds; vroeger; al langs geweest; goed afgelopen
"""

_FIGURES_OF_SPEECH = """
vlees en bloed; bloed zweet en tranen; als de dood; schrik * dood; schaam * dood; lach * dood; doodop
val * in slaap; in slaap
valt * mee; viel * mee; valt * tegen; viel * tegen; valt * op; viel * op; valt * weg; viel * weg
valt * uit; viel * uit
gevallen ster; lastig gevallen; lastiggevallen; valt lastig; uit de brand; in de brand; uit nood
stik * van; bang * gevallen
geen spoed; niet met spoed; heeft geen spoed; nergens * op de grond
neemt * telefoon; telefoon neemt; aan de telefoon; aan de tel
"""

_FUZZY_FROM = 9
"""Single words at least this long also count with one letter wrong."""


@dataclass(frozen=True)
class Sign:
    """`words` are what gave it away, as they sound."""

    strength: Literal["now", "perhaps"]
    words: str


def sign_of_emergency(message: str) -> Sign | None:
    told = _as_told(message)
    if told.strip() in _ALONE:
        return Sign("perhaps", told.strip())
    paperwork, long_past = _found(_PAPERWORK, told), _found(_LONG_PAST, told)
    if words := _found(_LIFE, told) or _nearly(told):
        return Sign("perhaps" if paperwork and long_past else "now", words)
    about_thing = bool(_found(_THINGS, told))
    signs = [_sign_in(_as_told(clause), about_thing) for clause in (message, *clauses(message))]
    found = [sign for sign in signs if sign]
    strongest = next((sign for sign in found if sign.strength == "now"), found[0] if found else None)
    return replace(strongest, strength="perhaps") if strongest and (paperwork or long_past) else strongest


def _sign_in(told: str, about_thing: bool) -> Sign | None:
    """Of one clause, so that the app in the one and the client in the other do not mix.

    Only a "she" or "he" is no proof of a client when the message as a whole is about a thing.
    """
    client, thing = _found(_CLIENTS, told), _found(_THINGS, told)
    if words := _found(_DANGER, told):
        return Sign("perhaps" if thing and not client else "now", words)
    if words := _found(_HAPPENS_TO, told):
        if client and not thing:
            return Sign("now", words)
        return Sign("perhaps", words) if client or (not about_thing and _found(_SOMEBODY, told)) else None
    if client and not thing and (words := _found(_HAPPENS_OFTEN, told)):
        return Sign("perhaps", words)
    return None


def _as_told(message: str) -> str:
    return _pattern(_FIGURES_OF_SPEECH).sub(" ", f" {fold_text(message)} ")


def _found(expressions: str, told: str) -> str:
    match = _pattern(expressions).search(told)
    return match.group(0).strip() if match else ""


@cache
def _pattern(expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(f" {_as_pattern(expression)}(?= )" for expression in _each(expressions)))


def _as_pattern(expression: str) -> str:
    return " ".join(r"\*" if word == "*" else re.escape(fold(word)) for word in _words(expression)).replace(
        r"\* ", r"(?:\S+ ){0,4}"
    )


def _words(expression: str) -> list[str]:
    return " * ".join(plain(piece) for piece in expression.split("*")).split()


def _each(expressions: str) -> list[str]:
    return [expression.strip() for expression in re.split(r"[;\n]", expressions) if expression.strip()]


def _nearly(told: str) -> str:
    """A long word of the first list with one letter wrong, missing, too many, or two swapped."""
    targets = _long_words()
    for word in told.split():
        if len(word) >= _FUZZY_FROM - 1:
            for target in targets:
                if abs(len(word) - len(target)) <= 1 and _one_slip_apart(word, target):
                    return target
    return ""


@cache
def _long_words() -> tuple[str, ...]:
    folded = (fold(plain(expression)) for expression in _each(_LIFE) if " " not in expression)
    return tuple(sorted({word for word in folded if len(word) >= _FUZZY_FROM}))


def _one_slip_apart(word: str, other: str) -> bool:
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, other_rest = word[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:])
    )
