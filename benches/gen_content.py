#!/usr/bin/env python3
"""Writes benches/content/: the decision tree of the load rig's peers, as a content folder of Safar.

The filler is made as the rig's gen_tree.py makes it (same seed, same words, same order of calls), so Russian
screens carry the peers' `ru` texts, letter for letter; Tajik and Kyrgyz ones carry the peers' `kk` texts (which
are of the same Russian words). Nothing here is advice to anybody: never publish this folder.

    python3 benches/gen_content.py [FOLDER]        default: content/ beside this file
"""
import pathlib, random, sys

OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent / "content"
R = random.Random(7)
W = ("документ заявление подать через портал рабочий день услуга центр обратиться справка получить бесплатно "
     "оплата пошлина личный кабинет проверить статус вопрос ответ оператор помощь семья выплата школа врач "
     "приём запись адрес телефон график паспорт регистрация место жительства ребёнок родитель закон срок").split()
TOPICS, SUBS, KEYWORDS = 6, 4, 8


def text(n=600):
    out, size = [], 0
    while size < n:
        k = R.randint(6, 12)
        s = " ".join(R.choice(W) for _ in range(k)).capitalize() + "."
        out.append(s)
        size += len(s) + 1
    return " ".join(out)[:n]


def lang():
    """Texts by node id; drawn in the order of gen_tree.py."""
    texts = {"home": text()}
    for i in range(TOPICS):
        texts[f"topic-{i+1}"] = text()
        for j in range(SUBS):
            texts[f"sub-{i+1}-{j+1}"] = text()
    return texts


text()  # the peers' greeting with the choice of language: Safar's own is an interface text
ru, kk = lang(), lang()
extra = [{"help": text(), "emergency": text()} for _ in range(2)]  # the peers have no such screens

#          home         topic    subtopic  help      emergency
NAMES = {
    "ru": ("Главное меню", "Тема", "Раздел", "Помощь", "Срочная помощь"),
    "tg": ("Менюи асосӣ", "Мавзӯи", "Бахши", "Кӯмак", "Кӯмаки фаврӣ"),
    "ky": ("Башкы меню", "Тема", "Бөлүм", "Жардам", "Өзгөчө кырдаал"),
}


def title(locale, node):
    home, topic, sub, help_, emergency = NAMES[locale]
    kind, _, number = node.partition("-")
    named = {"home": home, "topic": topic, "sub": sub, "help": help_, "emergency": emergency}[kind]
    return f"{named} {number.replace('-', '.')}" if number else named


def keywords(locale, node, place):
    """The title and words of the filler; no draw from R, so that texts stay the peers'."""
    return ", ".join([title(locale, node).lower()] + [W[(place * 7 + k) % len(W)] for k in range(KEYWORDS)])


def ftl(locale, texts):
    out = ["# Written by benches/gen_content.py."]
    for place, (node, body) in enumerate(texts.items()):
        name = title(locale, node)
        out += ["", *([] if locale == "ru" else ["# from ru 00000000"]), f"{node} = {name}", f"    .text = {body.rstrip()}",
                f"    .button = {name}", f"    .keywords = {keywords(locale, node, place)}"]
    return "\n".join(out) + "\n"


def node(id_, kind, *lines, choices=()):
    out = ["", "[[node]]", f'id = "{id_}"', f'kind = "{kind}"', *lines]
    if choices:
        out.append("choices = [" + ", ".join(f'"{c}"' for c in choices) + "]")
    return out


def page(id_, k):
    return node(id_, "page", f'k = "{k}"', 'sources = ["bench"]', 'reviewed = "2026-11-01"', 'review_by = "2027-12-31"')


def bench_tree():
    topics = range(1, TOPICS + 1)
    out = node("home", "menu", choices=[f"topic-{i}" for i in topics])
    for i in topics:
        subs = [f"sub-{i}-{j+1}" for j in range(SUBS)]
        out += node(f"topic-{i}", "menu", choices=subs)
        for sub in subs:
            out += page(sub, "other")
    return out


def write(path, lines):
    body = lines if isinstance(lines, str) else "\n".join(["# Written by benches/gen_content.py.", *lines]) + "\n"
    path = OUT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8", newline="\n")


write("content/settings.toml", ["format = 1", 'home = "home"', 'first = "home"', 'help = "help"', 'emergency = "emergency"'])
write("content/sources.toml", ["[source.bench]", 'title = "safar bench"', 'date = "2026-11-01"'])
write("content/bench/tree.toml", bench_tree())
write("content/help/tree.toml", page("help", "help") + page("emergency", "help"))
for locale, tree, more in (("ru", ru, extra[0]), ("tg", kk, extra[1]), ("ky", kk, extra[1])):
    write(f"locales/{locale}/content/bench.ftl", ftl(locale, tree))
    write(f"locales/{locale}/content/help.ftl", ftl(locale, more))
