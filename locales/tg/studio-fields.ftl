# Майдонҳои варақаҳои студия ва калимаҳои рӯйхатҳои он. Ҷумлаҳои check.ftl низ бо онҳоянд.

# Майдонҳои гиреҳ
studio-field-id = Рамз
studio-field-kind = Навъ
studio-field-topics = Мавзӯъҳо
studio-field-when = Ба кӣ нишон додан
studio-field-otherwise = Ба дигарон нишон додан
studio-field-sources = Манбаъҳо
studio-field-reviewed = Санаи манбаъ
studio-field-undated = Манбаъ бе сана
studio-field-review_by = Санҷидан то
studio-field-caution = Эзоҳи эҳтиёт
studio-field-check_at = Дар куҷо санҷидан
studio-field-k = Саҳифа чӣ медиҳад
studio-field-choices = Тугмаҳо
studio-field-var = Номи ҷавоб
studio-field-answer = Навъи ҷавоб
studio-field-options = Вариантҳои ҷавоб
studio-field-profile = Ҷавобро дар хотир гирифтан
studio-field-optional = Гузаронидан мумкин аст
studio-field-min = На камтар аз
studio-field-max = На бештар аз
studio-field-past = Сана гузаштааст
studio-field-next = Минбаъд
studio-field-tool = Калкулятор
studio-field-inputs = Саволҳои калкулятор
studio-field-kinds = Навъҳои ҷойҳо
studio-field-by = Аз рӯи чӣ интихоб кардан

# Майдонҳои рақам
studio-field-value = Қимат
studio-field-unit = Воҳид
studio-field-from = Амал мекунад аз
studio-field-to = Амал мекунад то
studio-field-key = Минтақа
studio-field-source = Манбаъ
studio-field-grade = То чӣ андоза дақиқ
studio-key-none = тамоми кишвар

# Майдонҳои ҷой
studio-field-country = Кишвар
studio-field-citizens = Барои шаҳрвандони
studio-field-city = Шаҳр
studio-field-city_id = Шаҳр аз саволи бот
studio-field-languages = Забонҳо
studio-field-place-kind = Навъи ҷой
studio-field-phones = Телефонҳо
studio-field-site = Сайт
studio-field-address = Суроға
studio-field-confirmed = Санаи тасдиқ
studio-field-certain = Рақам дақиқ аст

# Майдонҳои истилоҳ
studio-field-ru = Ба русӣ
studio-field-tg = Ба тоҷикӣ
studio-field-ky = Ба қирғизӣ
studio-field-avoid_tg = Ба тоҷикӣ ин тавр нанавиштан
studio-field-avoid_ky = Ба қирғизӣ ин тавр нанавиштан

# Майдонҳои шаблон
studio-field-name = Ном
studio-field-purpose = Барои чӣ
studio-field-category = Категория
studio-field-variables = Тағйирёбандаҳо
studio-field-sample = Намуна
studio-field-for = Барои кӣ
studio-field-body = Матн
studio-field-button = Тугма

# Майдонҳои манбаъ
studio-field-title = Ном
studio-field-date = Сана
studio-field-url = Пайванд

# Аввал: бот аз чӣ сар мекунад
studio-field-home = Менюи асосӣ
studio-field-first = Саволи аввал
studio-field-later = Саволҳо барои ҳисоб
studio-field-help = Кумаки одамон
studio-field-emergency = Хатар
studio-field-risk = Мавзӯъҳои хатарнок
studio-field-retired = Ба ҷои бардошташуда чиро нишон додан

# Қисмҳои матн
part-title = Сарлавҳа
part-text = Матн
part-button = Тугма
part-keywords = Калимаҳо барои ҷустуҷӯ
part-opt = Ҷавоби «{ $value }»
part-out = Натиҷаи «{ $value }»
part-note = Эзоҳ
part-name = Ном барои кормандон
part-tool = Калкулятор

# Навъҳои гиреҳҳо
kind-menu = Меню
kind-page = Саҳифа
kind-ask = Савол
kind-tool = Калкулятор
kind-places = Ҷойҳои кумак
kind-feedback = Тақриз
kind-handoff = Машваратчӣ
kind-end = Анҷом

# Саҳифа чӣ медиҳад
k-how = Чӣ тавр аз рӯи қонун рафтан ва кор кардан
k-help = Кумакро аз куҷо гирифтан
k-both = Ҳарду
k-other = Дигар

# Эзоҳҳои эҳтиёт
caution-check = Шояд тағйир ёфта бошад
caution-recalled = Бо матни қонун муқоиса нашудааст

# Навъҳои ҷавоб
answer-one-of = Яке аз вариантҳо
answer-date = Сана
answer-number = Адад
answer-text = Бо калимаҳои худ

# Бот дар бораи шахс чиро медонад
profile-audience = Кист
profile-citizenship = Шаҳрвандӣ
profile-destination = Кишвари кор
profile-sex = Ҷинс
profile-age = Синну сол
profile-city = Шаҳр

# Калкуляторҳо ва саволҳои онҳо
tool-name-deadlines = Мӯҳлатҳо дар Русия
tool-name-kz-deadlines = Мӯҳлатҳо дар Қазоқистон
tool-name-late-wages = Қарзи маош
tool-name-patent-cost = Нархи патент
tool-input-citizenship = Шаҳрвандӣ
tool-input-entry = Санаи вуруд
tool-input-amount = Маблағи қарз
tool-input-since = Кай бояд медоданд
tool-input-rate = Меъёри калидӣ (ключевая ставка)
tool-input-month = Моҳ
tool-input-region = Минтақа

# Воҳидҳо
unit-rub = Рубл
unit-rub-month = Рубл дар як моҳ
unit-days = Рӯз
unit-working-days = Рӯзи корӣ
unit-months = Моҳ
unit-years = Сол
unit-percent = Фоиз
unit-number = Танҳо адад
unit-kzt = Тенге
unit-kgs = Соми қирғизӣ
unit-tjs = Сомонӣ
unit-usd = Доллари ИМА
unit-mrp = МРП (нишондиҳандаи ҳисобии моҳона)
unit-hours = Соат

# То чӣ андоза дақиқ
grade-found = Дар манбаъ ҳаст
grade-calc = Аз рӯи формула ҳисоб шудааст
grade-draft = Аз лоиҳаи қонун

# Навъҳои ҷойҳо
place-kind-emergency = Хадамоти фаврӣ
place-kind-hotline = Телефони боварӣ
place-kind-embassy = Сафорат
place-kind-consulate = Консулгарӣ
place-kind-legal-aid = Кумаки ҳуқуқӣ
place-kind-centre = Маркази кумак
place-kind-labour-inspection = Нозироти меҳнат
place-kind-none = ягон навъ интихоб нашудааст

# Дар мундариҷа чӣ ҳаст
item-node = Гиреҳ
item-text = Матн
item-figure = Рақам
item-region = Минтақа
item-place = Ҷой
item-source = Манбаъ
item-term = Истилоҳ
item-reply = Ҷавоби тайёр
item-template = Шаблони WhatsApp
item-retired = Гиреҳи бардошташуда
item-head = Аввали файл
item-whole = Файл

# Забонҳо: «матн ба тоҷикӣ нест»
in-ru = ба русӣ
in-tg = ба тоҷикӣ
in-ky = ба қирғизӣ
in-en = ба англисӣ

# Тамоми санҷиш
check-nothing = ҳеҷ чиз
check-sum = Гиреҳҳо: { $nodes }. Хатоҳо: { $errors }, огоҳиҳо: { $warnings }, мӯҳлатҳои гузашта: { $due }.
