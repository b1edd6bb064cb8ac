# Pages of the studio: change sets and releases.

## Change sets
sets-title = Маҷмӯаҳои тағйирот
sets-text = Маҷмӯъ тағйироти шуморо ҷамъ мекунад, то якҷоя нашр шаванд. Онро каси дигар месанҷад ва нашр мекунад.
sets-new = Маҷмӯи нав
sets-set-title = Ном
sets-title-hint = Дар бораи чист, масалан: нархи патент барои декабр.
sets-open = Кушодан
sets-none = Маҷмӯи кушода нест.
sets-mine = аз они ман
sets-problem = нашр нашуд
sets-closed = Ба наздикӣ нашршуда ва бекоршуда
sets-part-draft = Сиёҳнавис
sets-part-review = Санҷишро интизоранд
sets-part-approved = Тасдиқ шуданд, вақти худро интизоранд
sets-state-draft = Сиёҳнавис
sets-state-review = Санҷиш
sets-state-approved = Тасдиқ шуд
sets-state-published = Нашр шуд
sets-state-withdrawn = Бекор шуд
sets-items = { $n } тағйирот
sets-at = { $time } нашр мешавад
sets-in-hand = Маҷмӯи корӣ
sets-check-now = Санҷиш чӣ мегӯяд?
sets-clean = Хато ва огоҳӣ нест
sets-errors-n = { $n } хато
sets-warnings-n = { $n } огоҳии бе сабаб
sets-clashes-n = Дар ин байн { $n } матн нашр шуд

## One set
sets-problem-text = Дар вақти таъиншуда нашр нашуд:
sets-withdrawn-text = Ин маҷмӯъ бекор шуд. Он чи дар он буд, хондан мумкин аст.
sets-its-release = Он чи бо он нашр шуд
sets-now = Акнун чӣ
sets-send-text = Вақте ҳама тайёр шуд, каси дигар месанҷад. То қарор ҳеҷ кас тағйир намедиҳад.
sets-send = Ба санҷиш фиристодан
sets-empty = Ҳоло ҳеҷ чиз тағйир наёфтааст.
sets-waits = Маҷмӯъ ноширеро интизор аст, ки рӯи он кор накардааст.
sets-own = Шумо худатон ин маҷмӯъро тағйир додед ё фиристодед, бинобар ин ношири дигар қарор медиҳад. Баргардонда метавонед.
sets-approve = Тасдиқ кардан ва ҳозир нашр кардан
sets-approve-later = Дар вақти таъиншуда нашр кардан
sets-approve-at = Барои ин вақт тасдиқ кардан
sets-time = Рӯз ва вақт
sets-time-zone = Дар минтақаи вақти шумо, { $zone }.
sets-send-back = Баргардондан
sets-why = Чиро бояд тағйир дод
sets-take-back = Ба кор баргардондан
sets-try = Дар сӯҳбат санҷидан
sets-go-on = Тағйирро давом додан
sets-changes = Тағйирот
sets-describe = Ном ва тавсифро тағйир додан
sets-summary = Тавсиф барои санҷанда
sets-withdraw = Маҷмӯъро бекор кардан
sets-withdraw-text = Маҷмӯъ баста мешавад ва чизе аз он нашр намешавад. Онро баъд ҳам хондан мумкин аст.
sets-back = Бозгашт

## Differences
sets-what-added = нав
sets-what-changed = тағйир ёфт
sets-what-removed = бардошта шуд
sets-confirmed = Калимаҳо ҳамонанд: тарҷума барои матни нави русӣ тасдиқ шуд.
sets-only-comments = Танҳо эзоҳҳои файл тағйир ёфтанд.
sets-too-long = Барои муқоисаи калима ба калима дароз аст: аслашро бинед.
sets-raw = Чунон ки дар файл аст
sets-before = Пеш
sets-after = Баъд
sets-edit = Таҳрир
sets-preview = Пешнамоиш
sets-history = Таърих
sets-drop = Ин тағйиротро аз маҷмӯъ бардоштан
sets-yes = ҳа

## Remarks
sets-remarks = Эзоҳҳо
sets-remarks-none = Дар бораи тамоми маҷмӯъ касе чизе нанавиштааст.
sets-remark = Эзоҳ
sets-remark-item = Эзоҳ ба ин ё бардоштан
sets-remark-submit = Эзоҳро навиштан
sets-settle = Иҷро шуд
sets-settled = иҷро шуд

## Clashes
sets-clashes = Дар ин байн нашр шуд
sets-clashes-text = Баъди оғози ин маҷмӯъ касе барои ҳамин ҷойҳо матнҳои дигар нашр кард. Дар бораи ҳар яке қарор диҳед.
sets-clash-theirs = Он чи дар ин байн нашр шуд
sets-clash-ours = Маҷмӯи шумо аз он чӣ месозад
sets-clash-gone = Он бардошта шуд.
sets-clash-ours-gone = Ин маҷмӯъ онро мебардорад.
sets-clash-mine = Аз маҷмӯъ гирифтан
sets-clash-published = Нашршударо мондан
sets-clash-both = Аз ҳар ду нав навиштан
sets-clash-both-submit = Ин матнро гирифтан
sets-clash-take-back = Барои интихоб маҷмӯъро ба кор баргардонед.

## What the check says
sets-check = Санҷиш
sets-found = Чӣ ёфт шуд
sets-check-clashes = Дар ин байн матнҳои дигар нашр шуданд. Дар саҳифаи маҷмӯъ интихоб кунед, баъд санҷиш идома меёбад.
sets-errors-text = Бо инҳо нашр кардан мумкин нест.
sets-warnings-new = { $n } огоҳӣ аз ин маҷмӯъ
sets-warnings-text = Онҳоро ислоҳ кунед ё нависед, ки чаро мондан мумкин аст.
sets-reason = Сабаб
sets-reason-why = Чаро мондан мумкин аст
sets-reason-submit = Сабабро навиштан
sets-due = Вақти аз нав дидан
sets-warnings-old = Боз { $n } огоҳӣ, ки дар нашршуда низ ҳаст.
sets-due-elsewhere = Боз { $n } ҷойро аз нав дидан лозим

## Who stands where
sets-standing = Ҳоло дар пеши кӣ кушода аст
sets-standing-now = Чанд нафар ва ба куҷо меафтанд?
sets-standing-none = Ҳоло ин саҳифаҳо дар пеши ҳеҷ кас нестанд.
sets-people = { $n } нафар
sets-standing-lands = Саҳифа намемонад; онҳо ба ин ҷо меафтанд: { $title }
sets-standing-stays = Саҳифа мемонад, бо калимаҳои нав.
sets-standing-lost = Саҳифа намемонад ва ҷонишин надорад.

## Releases
sets-releases = Нашрҳо
sets-releases-text = Ҳама чизи нашршуда, аввал нав. Ҳар нашрро муқоиса кардан ва аз нав нашр кардан мумкин аст.
sets-release-when = Кай
sets-release-what = Чӣ
sets-release-authors = Навиштаанд
sets-release-by = Нашр кард
sets-release-now = амал мекунад
sets-release-of = Нашр аз { $time }
sets-release-first = Ин нашри аввал аст: пеш чизе набуд.
sets-origin-embedded = Бо барнома омад
sets-origin-folder = Аз папка
sets-origin-studio = Маҷмӯи тағйирот
sets-origin-revert = Бозгашт
sets-origin-other = Нашр
sets-no-difference = Фарқ нест.
sets-left-out = Боз { $n } тағйирот ин ҷо нишон дода нашуд.
sets-older = Кӯҳнатарҳо
sets-compare = Муқоиса
sets-compare-two = Ду интихобшударо муқоиса кардан
sets-compare-title = Муқоисаи ду нашр
sets-compare-old = кӯҳна
sets-compare-new = нав
sets-compare-of = Кадом тағйирот
sets-compare-all = Ҳама
sets-compare-rest = Ғайр аз матнҳо
sets-compare-turn = Баръакс

## Going back
sets-revert = Ба ин баргаштан
sets-revert-to = Ба нашри { $time } баргаштан
sets-revert-text = Он дарҳол аз нав нашр мешавад. Чизе гум намешавад: он чи ҳоло амал мекунад, дар рӯйхат мемонад.
sets-revert-heirs = { $n } саҳифае, ки баъд пайдо шуд, намемонад; ба ҳар кӣ кушода аст, саҳифаи болоӣ мебарояд.
sets-revert-same = Ҳоло ҳамин амал мекунад.
sets-revert-submit = Ҳозир аз нав нашр кардан
sets-revert-changes = Ин чиро тағйир медиҳад
sets-revert-errors = Аз рӯи қоидаҳои имрӯза он хато дорад ва нашр кардан мумкин нест:

## History of an item
sets-history-none = Аз нашри аввал ин ҷо чизе тағйир наёфтааст.
sets-history-drafts = Ҳоло тағйир дода мешавад
sets-restore = Матни ин нашрро баргардондан
sets-restore-text = Он сиёҳнавис мешавад. Бе санҷиш чизе нашр намешавад.
sets-restore-which = Кадом матн
sets-restore-into = Ба кадом маҷмӯъ
sets-restore-submit = Чун сиёҳнавис баргардондан
sets-restore-title = Матни пешина: { $name }
sets-restore-drafted = Ин матн дар он маҷмӯъ аллакай сиёҳнавис дорад. Онро он ҷо бинед ё маҷмӯи дигарро интихоб кунед.

## What was done
sets-did-open = Маҷмӯъ кушода шуд.
sets-did-send = Ба санҷиш фиристода шуд.
sets-did-take-back = Ин боз сиёҳнавис аст.
sets-did-send-back = Бо гапи шумо баргардонда шуд.
sets-did-approve = Тасдиқ шуд. Дар вақташ нашр мешавад.
sets-did-published = Нашр шуд. Ҳоло амал мекунад.
sets-did-withdraw = Бекор карда шуд.
sets-did-remark = Эзоҳ навишта шуд.
sets-did-settle = Ҳамчун иҷрошуда қайд шуд.
sets-did-reason = Сабаб навишта шуд.
sets-did-describe = Ном ва тавсиф нигоҳ дошта шуд.
sets-did-resolve = Интихоб шуд.
sets-did-drop = Тағйирот аз маҷмӯъ бардошта шуд.
sets-did-reverted = Аз нав нашр шуд. Ҳоло амал мекунад.

## Letters
sets-news-waits-link = Кушоед: { $url }
sets-news-returned-link = Кушоед: { $url }
sets-news-failed-link = Кушоед: { $url }
sets-news-waits-subject = Маҷмӯи тағйирот санҷишро интизор аст
sets-news-waits-body = Маҷмӯи тағйироти мундариҷа ба санҷиш фиристода шуд, шумо онро нашр карда метавонед.
sets-news-returned-subject = Маҷмӯи тағйироти шуморо баргардонданд
sets-news-returned-body = Санҷанда маҷмӯеро баргардонд, ки шумо рӯи он кор кардаед. Чӣ намерасад, дар саҳифаи он навишта шудааст.
sets-news-failed-subject = Маҷмӯи тағйирот нашр нашуд
sets-news-failed-body = Маҷмӯъ дар вақти таъиншуда нашр нашуд ва боз санҷишро интизор аст.
sets-news-waits-no-link = Маҷмӯаҳои тағйиротро кушоед.
sets-news-returned-no-link = Маҷмӯаҳои тағйиротро кушоед.
sets-news-failed-no-link = Маҷмӯаҳои тағйиротро кушоед.
sets-news-waits-foot = Ин номаро Safar фиристод: шумо рӯи мундариҷаи он кор мекунед. Нишонӣ дар саҳифаи ҳисоби шумо иваз мешавад.
sets-news-returned-foot = Ин номаро Safar фиристод: шумо рӯи мундариҷаи он кор мекунед. Нишонӣ дар саҳифаи ҳисоби шумо иваз мешавад.
sets-news-failed-foot = Ин номаро Safar фиристод: шумо рӯи мундариҷаи он кор мекунед. Нишонӣ дар саҳифаи ҳисоби шумо иваз мешавад.

## Kinds of items
sets-kind-node = Саҳифа
sets-kind-text = Матн
sets-kind-figure = Рақами қонун
sets-kind-region = Минтақа
sets-kind-place = Ҷои кӯмак
sets-kind-source = Манбаъ
sets-kind-term = Истилоҳи луғат
sets-kind-reply = Ҷавоби тез
sets-kind-template = Қолаби WhatsApp
sets-kind-retired = Ҷонишини саҳифаи бардошташуда
sets-kind-head = Сарлавҳаи файл
sets-kind-whole = Файл

## Parts of texts
sets-text-title = Сарлавҳа
sets-text-text = Матн
sets-text-button = Тугма
sets-text-keywords = Калимаҳои калидӣ
sets-text-name = Ном
sets-text-note = Эзоҳ
sets-text-opt = Ҷавоби «{ $name }»
sets-text-out = Натиҷаи «{ $name }»
sets-text-plain = Асл

## Fields of tables
sets-field-id = Рамз
sets-field-kind = Навъ
sets-field-choices = Тугмаҳо мебаранд ба
sets-field-when = Нишон додан ба
sets-field-otherwise = Ба дигарон
sets-field-topics = Мавзӯъҳо
sets-field-k = Ҳамчун ҳисоб мешавад
sets-field-sources = Манбаъҳо
sets-field-source = Манбаъ
sets-field-reviewed = Санаи манбаъ
sets-field-review-by = То ин сана дидан
sets-field-undated = Бе сана
sets-field-caution = Эҳтиёт
sets-field-check-at = Санҷидан дар
sets-field-var = Ҷавоб нигоҳ дошта мешавад чун
sets-field-answer = Навъи ҷавоб
sets-field-options = Ҷавобҳо
sets-field-next = Баъд
sets-field-optional = Гузаштан мумкин
sets-field-profile = Дар ёд мемонад
sets-field-tool = Ҳисоб
sets-field-inputs = Мепурсад
sets-field-kinds = Навъҳои ҷойҳо
sets-field-by = Интихоб аз рӯи
sets-field-min = Хурдтарин
sets-field-max = Калонтарин
sets-field-key = Барои
sets-field-value = Қимат
sets-field-unit = Воҳид
sets-field-from = Амал мекунад аз
sets-field-to = Амал мекунад то
sets-field-grade = То чӣ андоза дақиқ
sets-field-title = Ном
sets-field-date = Сана
sets-field-country = Кишвар
sets-field-city = Шаҳр
sets-field-city-id = Шаҳр
sets-field-phones = Телефонҳо
sets-field-certain = Тасдиқ шуд
sets-field-address = Суроға
sets-field-site = Сомона
sets-field-citizens = Барои шаҳрвандони
sets-field-languages = Забонҳо
sets-field-name = Ном
sets-field-purpose = Мақсад
sets-field-category = Категория
sets-field-ru = Русӣ
sets-field-tg = Тоҷикӣ
sets-field-ky = Қирғизӣ
sets-field-avoid-tg = На ин тавр бо тоҷикӣ
sets-field-avoid-ky = На ин тавр бо қирғизӣ
