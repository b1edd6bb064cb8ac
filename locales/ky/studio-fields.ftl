# Студиянын формаларынын талаалары жана тизмелеринин сөздөрү. check.ftl сүйлөмдөрү да ушулар менен.

# Түйүндүн талаалары
studio-field-id = Код
studio-field-kind = Түрү
studio-field-topics = Темалар
studio-field-when = Кимге көрсөтүү
studio-field-otherwise = Башкаларга көрсөтүү
studio-field-sources = Булактар
studio-field-reviewed = Булактын датасы
studio-field-undated = Булак датасыз
studio-field-review_by = Текшерүү мөөнөтү
studio-field-caution = Эскертме
studio-field-check_at = Кайдан текшерүү
studio-field-k = Барак эмне берет
studio-field-choices = Баскычтар
studio-field-var = Жооптун аты
studio-field-answer = Жооптун түрү
studio-field-options = Жооп варианттары
studio-field-profile = Жоопту эстеп калуу
studio-field-optional = Өткөрүп жиберүүгө болот
studio-field-min = Эң азы
studio-field-max = Эң көбү
studio-field-past = Дата өтүп кеткен
studio-field-next = Андан ары
studio-field-tool = Калькулятор
studio-field-inputs = Калькулятордун суроолору
studio-field-kinds = Орундардын түрлөрү
studio-field-by = Эмне боюнча тандоо

# Сандын талаалары
studio-field-value = Мааниси
studio-field-unit = Бирдиги
studio-field-from = Күчүндө: башталышы
studio-field-to = Күчүндө: аягы
studio-field-key = Аймак
studio-field-source = Булак
studio-field-grade = Канчалык так
studio-key-none = бүт өлкө

# Орундун талаалары
studio-field-country = Өлкө
studio-field-citizens = Кайсы өлкөнүн жарандарына
studio-field-city = Шаар
studio-field-city_id = Боттун суроосундагы шаар
studio-field-languages = Тилдер
studio-field-place-kind = Орундун түрү
studio-field-phones = Телефондор
studio-field-site = Сайт
studio-field-address = Дарек
studio-field-confirmed = Такталган күнү
studio-field-certain = Номер так

# Терминдин талаалары
studio-field-ru = Орусча
studio-field-tg = Тажикче
studio-field-ky = Кыргызча
studio-field-avoid_tg = Тажикче мындай жазылбайт
studio-field-avoid_ky = Кыргызча мындай жазылбайт

# Шаблондун талаалары
studio-field-name = Аталышы
studio-field-purpose = Эмне үчүн
studio-field-category = Категория
studio-field-variables = Өзгөрмөлөр
studio-field-sample = Мисал
studio-field-for = Ким үчүн
studio-field-body = Текст
studio-field-button = Баскыч

# Булактын талаалары
studio-field-title = Аталышы
studio-field-date = Дата
studio-field-url = Шилтеме

# Башы: бот эмнеден баштайт
studio-field-home = Башкы меню
studio-field-first = Биринчи суроо
studio-field-later = Эсеп үчүн суроолор
studio-field-help = Адамдын жардамы
studio-field-emergency = Коркунуч
studio-field-risk = Коркунучтуу темалар
studio-field-retired = Алынгандын ордуна эмнени көрсөтүү

# Тексттин бөлүктөрү
part-title = Аталыш
part-text = Текст
part-button = Баскыч
part-keywords = Издөө сөздөрү
part-opt = «{ $value }» жообу
part-out = «{ $value }» жыйынтыгы
part-note = Эскертүү
part-name = Кызматкерлер үчүн аталышы
part-tool = Калькулятор

# Түйүндөрдүн түрлөрү
kind-menu = Меню
kind-page = Барак
kind-ask = Суроо
kind-tool = Калькулятор
kind-places = Жардам орундары
kind-feedback = Пикир
kind-handoff = Кеңешчи
kind-end = Аягы

# Барак эмне берет
k-how = Мыйзам боюнча кантип барып иштөө
k-help = Жардамды кайдан алуу
k-both = Экөө тең
k-other = Башка

# Эскертмелер
caution-check = Өзгөргөн болушу мүмкүн
caution-recalled = Мыйзамдын тексти менен салыштырылган эмес

# Жооптун түрлөрү
answer-one-of = Варианттардын бири
answer-date = Дата
answer-number = Сан
answer-text = Өз сөзү менен

# Бот адам жөнүндө эмнени билет
profile-audience = Ким экени
profile-citizenship = Жарандыгы
profile-destination = Иштеген өлкөсү
profile-sex = Жынысы
profile-age = Жашы
profile-city = Шаар

# Калькуляторлор жана алардын суроолору
tool-name-deadlines = Россиядагы мөөнөттөр
tool-name-kz-deadlines = Казакстандагы мөөнөттөр
tool-name-late-wages = Айлык боюнча карыз
tool-name-patent-cost = Патенттин баасы
tool-input-citizenship = Жарандыгы
tool-input-entry = Кирген күнү
tool-input-amount = Карыздын суммасы
tool-input-since = Качан төлөнүшү керек эле
tool-input-rate = Негизги чен (ключевая ставка)
tool-input-month = Ай
tool-input-region = Аймак

# Бирдиктер
unit-rub = Рубль
unit-rub-month = Айына рубль
unit-days = Күн
unit-working-days = Жумуш күнү
unit-months = Ай
unit-years = Жыл
unit-percent = Пайыз
unit-number = Жөн эле сан
unit-kzt = Теңге
unit-kgs = Сом
unit-tjs = Сомони
unit-usd = АКШ доллары
unit-mrp = МРП (айлык эсептик көрсөткүч)
unit-hours = Саат

# Канчалык так
grade-found = Булакта бар
grade-calc = Формула менен эсептелген
grade-draft = Мыйзам долбоорунан

# Орундардын түрлөрү
place-kind-emergency = Шашылыш кызмат
place-kind-hotline = Ишеним телефону
place-kind-embassy = Элчилик
place-kind-consulate = Консулдук
place-kind-legal-aid = Укуктук жардам
place-kind-centre = Жардам борбору
place-kind-labour-inspection = Эмгек инспекциясы
place-kind-none = бир да түр тандалган эмес

# Мазмунда эмне бар
item-node = Түйүн
item-text = Текст
item-figure = Сан
item-region = Аймак
item-place = Орун
item-source = Булак
item-term = Термин
item-reply = Даяр жооп
item-template = WhatsApp шаблону
item-retired = Алынган түйүн
item-head = Файлдын башы
item-whole = Файл

# Тилдер: «текст тажикче жок»
in-ru = орусча
in-tg = тажикче
in-ky = кыргызча
in-en = англисче

# Бүт текшерүү
check-nothing = эч нерсе
check-sum = Түйүндөр: { $nodes }. Каталар: { $errors }, эскертүүлөр: { $warnings }, өткөн мөөнөттөр: { $due }.
