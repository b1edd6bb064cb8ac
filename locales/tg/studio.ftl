# Pages of the studio: what they share.

nav-studio = Мундариҷа
studio-title = Мундариҷа

studio-wrong-not-found = Ин дигар нест.
studio-wrong-title = Номро нависед: на дарозтар аз 120 аломат.
studio-wrong-text = Матнро нависед: на дарозтар аз 2000 аломат.
studio-wrong-long = Ин хеле дароз аст: онро ба қисмҳо ҷудо кунед.
studio-wrong-state = Ҳоло ин корро кардан мумкин нест: маҷмӯи тағйирот дар қадами дигар аст. Саҳифаро нав кунед.
studio-wrong-own = Бояд каси дигар санҷад ва нашр кунад: шумо худатон ин маҷмӯъро тағйир додаед.
studio-wrong-changed = Дар ин байн чизе дигар шуд. Навашро бинед ва такрор кунед.
studio-wrong-overtaken = Ин матнро дар ин байн каси дигар нигоҳ дошт. Матни шумо гум нашуд: ҳар дуро муқоиса кунед.
studio-wrong-clash = Дар ин байн матни дигар нашр шуд. Ҳар дуро муқоиса кунед ва интихоб кунед.
studio-wrong-empty = Тағйирот нест.
studio-wrong-errors = Хатоҳо ҳастанд: бо онҳо нашр кардан мумкин нест.
studio-wrong-reasons = Огоҳиҳои бе сабаб ҳастанд: онҳоро ислоҳ кунед ё нависед, ки чаро мондан мумкин аст.
studio-wrong-past = Ин вақт аллакай гузашт.

verb-set-opened = Маҷмӯи тағйирот кушода шуд
verb-item-edited = Матн тағйир дода шуд
verb-item-dropped = Тағйирот бардошта шуд
verb-set-sent = Маҷмӯъ ба санҷиш фиристода шуд
verb-set-returned = Маҷмӯъ баргардонда шуд
verb-set-approved = Маҷмӯъ тасдиқ шуд
verb-set-published = Маҷмӯъ нашр шуд
verb-set-withdrawn = Маҷмӯъ бекор карда шуд
verb-reason-given = Сабаб навишта шуд
verb-remark-made = Эзоҳ навишта шуд
verb-try-link-made = Пайванд барои санҷидан сохта шуд
verb-content-exported = Мундариҷа бароварда шуд
verb-content-reverted = Нашри пешина аз нав нашр шуд
verb-owner-changed = Масъул иваз шуд
object-change-set = Маҷмӯи тағйирот
object-publication = Нашр
