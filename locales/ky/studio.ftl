# Pages of the studio: what they share.

nav-studio = Мазмун
studio-title = Мазмун

studio-wrong-not-found = Бул эми жок.
studio-wrong-title = Аталышын жазыңыз: 120 белгиден узун эмес.
studio-wrong-text = Текстти жазыңыз: 2000 белгиден узун эмес.
studio-wrong-long = Бул өтө узун: бөлүктөргө бөлүңүз.
studio-wrong-state = Азыр муну кылууга болбойт: өзгөртүүлөр топтому башка кадамда. Баракты жаңыртыңыз.
studio-wrong-own = Башка киши текшерип жарыялашы керек: бул топтомду өзүңүз өзгөрткөнсүз.
studio-wrong-changed = Ошол арада бир нерсе өзгөрдү. Жаңысын карап, кайталаңыз.
studio-wrong-overtaken = Бул текстти ошол арада башка киши сактады. Сиздин текст жоголгон жок: экөөнү салыштырыңыз.
studio-wrong-clash = Ошол арада башка текст жарыяланды. Экөөнү салыштырып тандаңыз.
studio-wrong-empty = Өзгөртүү жок.
studio-wrong-errors = Каталар бар: алар менен жарыялоого болбойт.
studio-wrong-reasons = Себеби жазылбаган эскертүүлөр бар: оңдоңуз же эмнеге калтырууга боло турганын жазыңыз.
studio-wrong-past = Бул убакыт өтүп кетти.

verb-set-opened = Өзгөртүүлөр топтому ачылды
verb-item-edited = Текст өзгөртүлдү
verb-item-dropped = Өзгөртүү алынды
verb-set-sent = Топтом текшерүүгө жөнөтүлдү
verb-set-returned = Топтом кайтарылды
verb-set-approved = Топтом бекитилди
verb-set-published = Топтом жарыяланды
verb-set-withdrawn = Топтом алынып салынды
verb-reason-given = Себеп жазылды
verb-remark-made = Эскертме жазылды
verb-try-link-made = Сынап көрүү шилтемеси жасалды
verb-content-exported = Мазмун чыгарылды
verb-content-reverted = Мурунку чыгарылыш кайра жарыяланды
verb-owner-changed = Жооптуу алмашты
object-change-set = Өзгөртүүлөр топтому
object-publication = Жарыялоо
