# Поля форм студии и слова из её списков. Ими же говорят предложения check.ftl.

# Поля узла
studio-field-id = Код
studio-field-kind = Вид
studio-field-topics = Темы
studio-field-when = Кому показывать
studio-field-otherwise = Иначе показать
studio-field-sources = Источники
studio-field-reviewed = Дата источника
studio-field-undated = Источник без даты
studio-field-review_by = Проверить до
studio-field-caution = Оговорка
studio-field-check_at = Где проверить
studio-field-k = Что даёт страница
studio-field-choices = Кнопки
studio-field-var = Имя ответа
studio-field-answer = Вид ответа
studio-field-options = Варианты ответа
studio-field-profile = Запомнить ответ
studio-field-optional = Можно пропустить
studio-field-min = Не меньше
studio-field-max = Не больше
studio-field-past = Дата уже прошла
studio-field-next = Дальше
studio-field-tool = Калькулятор
studio-field-inputs = Вопросы калькулятора
studio-field-kinds = Виды мест
studio-field-by = По чему отбирать

# Поля цифры
studio-field-value = Значение
studio-field-unit = Единица
studio-field-from = Действует с
studio-field-to = Действует по
studio-field-key = Регион
studio-field-source = Источник
studio-field-grade = Насколько точно
studio-key-none = вся страна

# Поля места
studio-field-country = Страна
studio-field-citizens = Для граждан
studio-field-city = Город
studio-field-city_id = Город из вопроса бота
studio-field-languages = Языки
studio-field-place-kind = Вид места
studio-field-phones = Телефоны
studio-field-site = Сайт
studio-field-address = Адрес
studio-field-confirmed = Дата подтверждения
studio-field-certain = Номер точный

# Поля термина
studio-field-ru = По-русски
studio-field-tg = По-таджикски
studio-field-ky = По-кыргызски
studio-field-avoid_tg = Так по-таджикски не писать
studio-field-avoid_ky = Так по-кыргызски не писать

# Поля шаблона
studio-field-name = Название
studio-field-purpose = Для чего
studio-field-category = Категория
studio-field-variables = Переменные
studio-field-sample = Пример
studio-field-for = Для кого
studio-field-body = Текст
studio-field-button = Кнопка

# Поля источника
studio-field-title = Название
studio-field-date = Дата
studio-field-url = Ссылка

# Начало дерева: с чего бот начинает
studio-field-home = Главное меню
studio-field-first = Первый вопрос
studio-field-later = Вопросы для подсчёта
studio-field-help = Помощь человека
studio-field-emergency = Опасность
studio-field-risk = Опасные темы
studio-field-retired = Что показать вместо убранного

# Части текста
part-title = Заголовок
part-text = Текст
part-button = Кнопка
part-keywords = Слова для поиска
part-opt = Ответ «{ $value }»
part-out = Итог «{ $value }»
part-note = Примечание
part-name = Название для сотрудников
part-tool = Калькулятор

# Виды узлов
kind-menu = Меню
kind-page = Страница
kind-ask = Вопрос
kind-tool = Калькулятор
kind-places = Места помощи
kind-feedback = Отзыв
kind-handoff = Консультант
kind-end = Конец

# Что даёт страница
k-how = Как ехать и работать по закону
k-help = Где получить помощь
k-both = И то, и другое
k-other = Другое

# Оговорки
caution-check = Могло измениться
caution-recalled = По тексту закона не сверено

# Виды ответа
answer-one-of = Один из вариантов
answer-date = Дата
answer-number = Число
answer-text = Свои слова

# Что бот знает о человеке
profile-audience = Кто он
profile-citizenship = Гражданство
profile-destination = Страна работы
profile-sex = Пол
profile-age = Возраст
profile-city = Город

# Калькуляторы и их вопросы
tool-name-deadlines = Сроки в России
tool-name-kz-deadlines = Сроки в Казахстане
tool-name-late-wages = Долг по зарплате
tool-name-patent-cost = Сколько стоит патент
tool-input-citizenship = Гражданство
tool-input-entry = Дата въезда
tool-input-amount = Сумма долга
tool-input-since = Когда должны были заплатить
tool-input-rate = Ключевая ставка
tool-input-month = Месяц
tool-input-region = Регион

# Единицы
unit-rub = Рубли
unit-rub-month = Рубли в месяц
unit-days = Дни
unit-working-days = Рабочие дни
unit-months = Месяцы
unit-years = Годы
unit-percent = Проценты
unit-number = Просто число
unit-kzt = Тенге
unit-kgs = Сомы
unit-tjs = Сомони
unit-usd = Доллары США
unit-mrp = МРП (месячный расчётный показатель)
unit-hours = Часы

# Насколько точно
grade-found = Есть в источнике
grade-calc = Посчитано по формуле
grade-draft = Из законопроекта

# Виды мест
place-kind-emergency = Экстренная служба
place-kind-hotline = Горячая линия
place-kind-embassy = Посольство
place-kind-consulate = Консульство
place-kind-legal-aid = Юридическая помощь
place-kind-centre = Центр помощи
place-kind-labour-inspection = Трудовая инспекция
place-kind-none = не выбран ни один вид

# Что лежит в содержании
item-node = Узел
item-text = Текст
item-figure = Цифра
item-region = Регион
item-place = Место
item-source = Источник
item-term = Термин
item-reply = Быстрый ответ
item-template = Шаблон WhatsApp
item-retired = Убранный узел
item-head = Начало файла
item-whole = Файл

# Языки: «текста нет по-таджикски»
in-ru = по-русски
in-tg = по-таджикски
in-ky = по-кыргызски
in-en = по-английски

# Проверка целиком
check-nothing = ничего
check-sum = Узлов: { $nodes }. Ошибок: { $errors }, предупреждений: { $warnings }, вышло сроков: { $due }.
