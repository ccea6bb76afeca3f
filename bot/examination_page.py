"""The examination as a page for who looks after the answers, in Dutch, in one file that needs nothing else."""

from collections.abc import Iterable
from html import escape

from bot.content.answers import DUTCH, Content
from bot.examination import KINDS, Asked, Examination, Result

STYLE = """
body { font: 17px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2730; }
h1 { font-size: 1.6rem } h2 { margin-top: 2.5rem; font-size: 1.25rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem; vertical-align: top }
tr { border-bottom: 1px solid #d8dee3 } td { font-variant-numeric: tabular-nums }
.bad { background: #fde8e4 } .fair { background: #fff6dc } summary { cursor: pointer }
ul { margin: .3rem 0; padding-left: 1.2rem } .small { color: #5b6770; font-size: .9em }
@media (prefers-color-scheme: dark) {
  body { background: #14191d; color: #e6ebef } tr { border-color: #36414a } .small { color: #9aa7b0 }
  .bad { background: #4a231c } .fair { background: #40371a }
}
"""
BAD, FAIR = 75.0, 90.0
FIGURES = {
    "vragen": "",
    "bovenaan": "top_1",
    "bij de eerste 3": "top_3",
    "geholpen": "helped",
    "meteen": "sure",
    "fout": "wrong",
}
"""Of a column: what it is called, and the figure in it."""


def page_of(examination: Examination, content: Content) -> str:
    titles = {answer.id: answer.title for answer in content.in_language(DUTCH)}
    parts = [
        "<h1>Hoe goed vindt de bot het antwoord?</h1>",
        _in_short(examination),
        _kinds(examination.exam),
        _confusions(examination, titles),
        _missed(examination.exam, titles),
        _outside(examination.exam, titles),
        _topics(examination, titles),
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    title = "<title>Hoe goed vindt de bot het antwoord?</title>"
    return (
        f'<!doctype html>\n<html lang="nl"><head>{head}{title}<style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _in_short(examination: Examination) -> str:
    exam, figures = examination.exam, examination.exam.figures
    with_sense = "met" if examination.part == "meaning" else "zonder"
    told = (
        f"<b>{figures['helped']:.0f} van de 100</b> mensen zijn geholpen: het goede antwoord kwam meteen, "
        "of stond bij de knoppen.",
        f"Bij {figures['sure']:.0f} van de 100 gaf de bot meteen antwoord. "
        f"Bij {figures['wrong']:.1f} van de 100 was dat fout.",
        f"Bij {figures['top_1']:.0f} van de 100 stond het goede antwoord bovenaan, "
        f"bij {figures['top_3']:.0f} van de 100 bij de eerste drie.",
        f"Van {len(exam.outside)} vragen die niet van ons zijn kregen er {figures['false_answers']:.0f} van de 100 "
        "toch een antwoord.",
    )
    return (
        f"<p>De bot kreeg {len(exam.inside)} proefvragen die hij nog nooit had gezien ({with_sense} het extra "
        f"taalmodel).</p><ul>{''.join(f'<li>{one}</li>' for one in told)}</ul>"
        '<p class="small">Het helpt het meest om bij een antwoord vragen te schrijven zoals andere mensen het zeggen. '
        "Schrijf nooit een proefvraag over: dan meet de proef niets meer.</p>"
    )


def _kinds(exam: Result) -> str:
    worst_first = sorted(exam.by_kind().items(), key=lambda told: told[1].figures["top_1"])
    rows = [_row(KINDS[kind], *_figures(result)) for kind, result in worst_first]
    return f"<h2>Welke soort vragen is moeilijk?</h2>{_table(('soort', *FIGURES), rows)}"


def _confusions(examination: Examination, titles: dict[str, str]) -> str:
    asked = Result((*examination.exam.inside, *examination.samples.inside))
    rows = []
    for right, found, wrong in asked.confusions(30):
        questions = "".join(f"<li>{escape(one.question)}</li>" for one in wrong)
        shown = f"<details><summary>{len(wrong)} vragen</summary><ul>{questions}</ul></details>"
        rows.append(_row(_title(right, titles), _title(found, titles), shown))
    return (
        "<h2>Wat haalt de bot door elkaar?</h2>"
        "<p>Horen deze vragen echt bij het eerste antwoord? Schrijf daar dan meer van zulke vragen bij. "
        "Zijn de antwoorden bijna hetzelfde? Maak het verschil duidelijker, of maak er een van.</p>"
        + _table(("hoort bij", "de bot dacht aan", "vragen"), rows)
    )


def _missed(exam: Result, titles: dict[str, str]) -> str:
    missed = [one for one in exam.inside if not one.helped]
    return f"<h2>Niet geholpen: {len(missed)} proefvragen</h2>{_asked(missed, titles)}"


def _outside(exam: Result, titles: dict[str, str]) -> str:
    wrong = [one for one in exam.outside if one.wrong]
    if not wrong:
        return "<h2>Vragen die niet van ons zijn</h2><p>Geen enkele kreeg een antwoord.</p>"
    return f"<h2>Niet van ons, en toch een antwoord: {len(wrong)}</h2>{_asked(wrong, titles)}"


def _topics(examination: Examination, titles: dict[str, str]) -> str:
    samples = examination.samples.by_topic()
    rows = []
    for topic, result in examination.exam.by_topic().items():
        learnt = f"{samples[topic].figures['top_1']:.0f}" if topic in samples else ""
        rows.append(_row(_title(topic, titles), *_figures(result), learnt, colour=_colour(result)))
    return (
        "<h2>Per antwoord</h2><p>De laatste kolom: hoe vaak een voorbeeldvraag haar eigen antwoord vindt, als de bot "
        "die vraag zelf niet geleerd heeft. Dat zijn er meer, en moeilijkere.</p>"
        + _table(("antwoord", *FIGURES, "voorbeelden"), rows)
    )


def _figures(result: Result) -> list[str]:
    figures = result.figures
    return [str(len(result.inside)), *(f"{figures[name]:.0f}" for name in FIGURES.values() if name)]


def _colour(result: Result) -> str:
    first = result.figures["top_1"]
    return "bad" if first < BAD else "fair" if first < FAIR else ""


def _asked(asked: Iterable[Asked], titles: dict[str, str]) -> str:
    rows = [_row(escape(one.question), _title(one.topic, titles), _title(one.found, titles)) for one in asked]
    return _table(("vraag", "hoort bij", "de bot dacht aan"), rows)


def _table(head: Iterable[str], rows: Iterable[str]) -> str:
    return f"<table><tr>{''.join(f'<th>{name}</th>' for name in head)}</tr>{''.join(rows)}</table>"


def _row(*cells: str, colour: str = "") -> str:
    return f'<tr class="{colour}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _title(topic: str, titles: dict[str, str]) -> str:
    if not topic:
        return "niet van ons"
    return f'{escape(titles.get(topic, topic))}<br><span class="small">{escape(topic)}</span>'
