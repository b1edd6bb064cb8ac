# Pages of the studio: change sets and releases.

## Change sets
sets-title = Өзгөртүүлөр топтомдору
sets-text = Топтом өзгөртүүлөрүңүздү чогуу жарыялоо үчүн чогултат. Аны башка киши текшерип жарыялайт.
sets-new = Жаңы топтом
sets-set-title = Аталышы
sets-title-hint = Эмне жөнүндө, мисалы: декабрдагы патенттин баасы.
sets-open = Ачуу
sets-none = Ачык топтом жок.
sets-mine = меники
sets-problem = жарыяланган жок
sets-closed = Жакында жарыяланган жана алынып салынган
sets-part-draft = Долбоорлор
sets-part-review = Текшерүүнү күтөт
sets-part-approved = Бекитилди, убактысын күтөт
sets-state-draft = Долбоор
sets-state-review = Текшерүү
sets-state-approved = Бекитилди
sets-state-published = Жарыяланды
sets-state-withdrawn = Алынып салынды
sets-items = { $n } өзгөртүү
sets-at = { $time } жарыяланат
sets-in-hand = Иштеп жаткан топтом
sets-check-now = Текшерүү эмне дейт?
sets-clean = Ката да, эскертүү да жок
sets-errors-n = { $n } ката
sets-warnings-n = { $n } себеби жазылбаган эскертүү
sets-clashes-n = Ошол арада { $n } текст жарыяланды

## One set
sets-problem-text = Белгиленген убакытта жарыяланган жок:
sets-withdrawn-text = Бул топтом алынып салынды. Ичиндегисин окуса болот.
sets-its-release = Аны менен эмне жарыяланды
sets-now = Эми эмне
sets-send-text = Баары даяр болгондо башка киши текшерет. Чечимге чейин эч ким өзгөртпөйт.
sets-send = Текшерүүгө жөнөтүү
sets-empty = Азырынча эч нерсе өзгөргөн жок.
sets-waits = Топтом үстүндө иштебеген жарыялоочуну күтөт.
sets-own = Бул топтомду өзүңүз өзгөрткөнсүз же жөнөткөнсүз, ошондуктан башка жарыялоочу чечет. Кайтара аласыз.
sets-approve = Бекитип, азыр жарыялоо
sets-approve-later = Белгиленген убакытта жарыялоо
sets-approve-at = Ушул убакытка бекитүү
sets-time = Күн жана убакыт
sets-time-zone = Сиздин убакыт алкагыңызда, { $zone }.
sets-send-back = Кайтаруу
sets-why = Эмнени өзгөртүү керек
sets-take-back = Ишке кайтаруу
sets-try = Маектешип сынап көрүү
sets-go-on = Өзгөртүүнү улантуу
sets-changes = Өзгөртүүлөр
sets-describe = Аталышын жана сүрөттөмөсүн өзгөртүү
sets-summary = Текшерүүчү үчүн сүрөттөмө
sets-withdraw = Топтомду алып салуу
sets-withdraw-text = Топтом жабылат, андан эч нерсе жарыяланбайт. Кийин да окуса болот.
sets-back = Артка

## Differences
sets-what-added = жаңы
sets-what-changed = өзгөрдү
sets-what-removed = алынды
sets-confirmed = Сөздөр ошол эле: котормо жаңы орусча текст үчүн ырасталды.
sets-only-comments = Файлдагы түшүндүрмөлөр гана өзгөрдү.
sets-too-long = Сөз-сөздөп салыштырууга өтө узун: баштапкысын караңыз.
sets-raw = Файлда кандай жазылган
sets-before = Мурда
sets-after = Эми
sets-edit = Оңдоо
sets-preview = Алдын ала көрүү
sets-history = Тарыхы
sets-drop = Бул өзгөртүүнү топтомдон алуу
sets-yes = ооба

## Remarks
sets-remarks = Эскертмелер
sets-remarks-none = Топтомдун өзү жөнүндө эч ким эч нерсе жазган жок.
sets-remark = Эскертме
sets-remark-item = Буга эскертме же алып салуу
sets-remark-submit = Эскертмени жазуу
sets-settle = Аткарылды
sets-settled = аткарылды

## Clashes
sets-clashes = Ошол арада жарыяланды
sets-clashes-text = Бул топтом башталгандан кийин кимдир бирөө ошол эле жерлердин башка тексттерин жарыялады. Ар бири кандай болорун чечиңиз.
sets-clash-theirs = Ошол арада эмне жарыяланды
sets-clash-ours = Сиздин топтом андан эмне жасайт
sets-clash-gone = Ал алынды.
sets-clash-ours-gone = Бул топтом аны алып салат.
sets-clash-mine = Топтомдогусун алуу
sets-clash-published = Жарыяланганын калтыруу
sets-clash-both = Экөөнөн жаңыдан жазуу
sets-clash-both-submit = Ушул текстти алуу
sets-clash-take-back = Тандоо үчүн топтомду ишке кайтарыңыз.

## What the check says
sets-check = Текшерүү
sets-found = Эмне табылды
sets-check-clashes = Ошол арада башка тексттер жарыяланды. Топтомдун барагында тандаңыз, анан текшерүү уланат.
sets-errors-text = Булар менен жарыялоого болбойт.
sets-warnings-new = Бул топтомдон { $n } эскертүү
sets-warnings-text = Оңдоңуз же эмнеге калтырууга боло турганын жазыңыз.
sets-reason = Себеп
sets-reason-why = Эмнеге калтырууга болот
sets-reason-submit = Себебин жазуу
sets-due = Кайра карай турган убакыт
sets-warnings-old = Дагы { $n } эскертүү жарыялангандарда да бар.
sets-due-elsewhere = Дагы { $n } жерди кайра кароо керек

## Who stands where
sets-standing = Азыр кимдин алдында турат
sets-standing-now = Канча киши жана кайда түшөт?
sets-standing-none = Азыр бул барактар эч кимдин алдында жок.
sets-people = { $n } киши
sets-standing-lands = Барак жок болот; алар бул жерге түшөт: { $title }
sets-standing-stays = Барак калат, жаңы сөздөр менен.
sets-standing-lost = Барак жок болот, ордуна келер барагы жок.

## Releases
sets-releases = Чыгарылыштар
sets-releases-text = Жарыялангандардын баары, жаңылары алдыда. Каалаганын салыштырып, кайра жарыялоого болот.
sets-release-when = Качан
sets-release-what = Эмне
sets-release-authors = Жазгандар
sets-release-by = Жарыялаган
sets-release-now = күчүндө
sets-release-of = { $time } чыгарылышы
sets-release-first = Бул биринчи чыгарылыш: буга чейин эч нерсе болгон эмес.
sets-origin-embedded = Программа менен келди
sets-origin-folder = Папкадан
sets-origin-studio = Өзгөртүүлөр топтому
sets-origin-revert = Кайтуу
sets-origin-other = Жарыялоо
sets-no-difference = Айырма жок.
sets-left-out = Дагы { $n } өзгөртүү бул жерде көрсөтүлгөн жок.
sets-older = Мурункулары
sets-compare = Салыштыруу
sets-compare-two = Тандалган экөөнү салыштыруу
sets-compare-title = Эки чыгарылышты салыштыруу
sets-compare-old = эски
sets-compare-new = жаңы
sets-compare-of = Кайсы өзгөртүүлөр
sets-compare-all = Баары
sets-compare-rest = Тексттерден башкасы
sets-compare-turn = Тескерисинче

## Going back
sets-revert = Ушуга кайтуу
sets-revert-to = { $time } чыгарылышына кайтуу
sets-revert-text = Ал дароо кайра жарыяланат. Эч нерсе жоголбойт: азыр күчүндө турганы тизмеде калат.
sets-revert-heirs = Кийин пайда болгон { $n } барак жок болот; кимде ачык болсо, жогорку баракка түшөт.
sets-revert-same = Азыр ушул күчүндө.
sets-revert-submit = Азыр кайра жарыялоо
sets-revert-changes = Бул эмнени өзгөртөт
sets-revert-errors = Бүгүнкү эрежелер боюнча анда каталар бар, жарыялоого болбойт:

## History of an item
sets-history-none = Биринчи чыгарылыштан бери бул жерде эч нерсе өзгөргөн жок.
sets-history-drafts = Азыр өзгөртүлүүдө
sets-restore = Ушул чыгарылыштын текстин кайтаруу
sets-restore-text = Ал долбоор болот. Текшерүүсүз эч нерсе жарыяланбайт.
sets-restore-which = Кайсы текст
sets-restore-into = Кайсы топтомго
sets-restore-submit = Долбоор катары кайтаруу
sets-restore-title = Мурунку текст: { $name }
sets-restore-drafted = Бул тексттин ошол топтомдо долбоору бар. Аны ошол жерден караңыз же башка топтом тандаңыз.

## What was done
sets-did-open = Топтом ачылды.
sets-did-send = Текшерүүгө жөнөтүлдү.
sets-did-take-back = Бул кайра долбоор.
sets-did-send-back = Сиздин сөзүңүз менен кайтарылды.
sets-did-approve = Бекитилди. Өз убагында жарыяланат.
sets-did-published = Жарыяланды. Эми күчүндө.
sets-did-withdraw = Алынып салынды.
sets-did-remark = Эскертме жазылды.
sets-did-settle = Аткарылды деп белгиленди.
sets-did-reason = Себеп жазылды.
sets-did-describe = Аталышы жана сүрөттөмөсү сакталды.
sets-did-resolve = Тандалды.
sets-did-drop = Өзгөртүү топтомдон алынды.
sets-did-reverted = Кайра жарыяланды. Эми күчүндө.

## Letters
sets-news-waits-link = Ачыңыз: { $url }
sets-news-returned-link = Ачыңыз: { $url }
sets-news-failed-link = Ачыңыз: { $url }
sets-news-waits-subject = Өзгөртүүлөр топтому текшерүүнү күтөт
sets-news-waits-body = Мазмундун өзгөртүүлөр топтому текшерүүгө жөнөтүлдү, аны жарыялай аласыз.
sets-news-returned-subject = Өзгөртүүлөр топтомуңузду кайтарышты
sets-news-returned-body = Текшерүүчү сиз иштеген топтомду кайтарды. Эмне жетишпегени анын барагында жазылган.
sets-news-failed-subject = Өзгөртүүлөр топтому жарыяланган жок
sets-news-failed-body = Топтом белгиленген убакытта жарыяланган жок, кайра текшерүүнү күтөт.
sets-news-waits-no-link = Өзгөртүүлөр топтомдорун ачыңыз.
sets-news-returned-no-link = Өзгөртүүлөр топтомдорун ачыңыз.
sets-news-failed-no-link = Өзгөртүүлөр топтомдорун ачыңыз.
sets-news-waits-foot = Бул катты Safar жөнөттү: сиз анын мазмуну менен иштейсиз. Дарек эсебиңиздин барагында алмаштырылат.
sets-news-returned-foot = Бул катты Safar жөнөттү: сиз анын мазмуну менен иштейсиз. Дарек эсебиңиздин барагында алмаштырылат.
sets-news-failed-foot = Бул катты Safar жөнөттү: сиз анын мазмуну менен иштейсиз. Дарек эсебиңиздин барагында алмаштырылат.

## Kinds of items
sets-kind-node = Барак
sets-kind-text = Текст
sets-kind-figure = Мыйзамдагы сан
sets-kind-region = Аймак
sets-kind-place = Жардам жайы
sets-kind-source = Булак
sets-kind-term = Сөздүктөгү термин
sets-kind-reply = Тез жооп
sets-kind-template = WhatsApp калыбы
sets-kind-retired = Алынган барактын ордун баскан барак
sets-kind-head = Файлдын башы
sets-kind-whole = Файл

## Parts of texts
sets-text-title = Аталышы
sets-text-text = Текст
sets-text-button = Баскыч
sets-text-keywords = Ачкыч сөздөр
sets-text-name = Аталышы
sets-text-note = Эскертүү
sets-text-opt = «{ $name }» жообу
sets-text-out = «{ $name }» жыйынтыгы
sets-text-plain = Баштапкысы

## Fields of tables
sets-field-id = Код
sets-field-kind = Түрү
sets-field-choices = Баскычтар алып барат
sets-field-when = Кимге көрсөтүлөт
sets-field-otherwise = Башкаларга
sets-field-topics = Темалар
sets-field-k = Катары эсептелет
sets-field-sources = Булактар
sets-field-source = Булак
sets-field-reviewed = Булактын күнү
sets-field-review-by = Чейин кайра кароо
sets-field-undated = Күнү жок
sets-field-caution = Сактык
sets-field-check-at = Бул жерден текшерүү
sets-field-var = Жооп сакталат
sets-field-answer = Жооптун түрү
sets-field-options = Жооптор
sets-field-next = Андан кийин
sets-field-optional = Өткөрүп жиберсе болот
sets-field-profile = Эсте калат
sets-field-tool = Эсептөө
sets-field-inputs = Сурайт
sets-field-kinds = Жайлардын түрлөрү
sets-field-by = Тандоо боюнча
sets-field-min = Эң аз
sets-field-max = Эң көп
sets-field-key = Үчүн
sets-field-value = Маани
sets-field-unit = Бирдик
sets-field-from = Күчүнө кирет
sets-field-to = Чейин күчүндө
sets-field-grade = Канчалык так
sets-field-title = Аталышы
sets-field-date = Күнү
sets-field-country = Өлкө
sets-field-city = Шаар
sets-field-city-id = Шаар
sets-field-phones = Телефондор
sets-field-certain = Ырасталды
sets-field-address = Дареги
sets-field-site = Сайт
sets-field-citizens = Жарандар үчүн
sets-field-languages = Тилдер
sets-field-name = Аталышы
sets-field-purpose = Максаты
sets-field-category = Категория
sets-field-ru = Орусча
sets-field-tg = Тажикче
sets-field-ky = Кыргызча
sets-field-avoid-tg = Тажикче мындай эмес
sets-field-avoid-ky = Кыргызча мындай эмес
