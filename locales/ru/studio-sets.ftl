# Pages of the studio: change sets and releases.

## Change sets
sets-title = Наборы изменений
sets-text = Набор собирает ваши правки, чтобы опубликовать их вместе. Проверяет и публикует его другой человек.
sets-new = Новый набор
sets-set-title = Название
sets-title-hint = О чём он, например: цена патента на декабрь.
sets-open = Открыть
sets-none = Открытых наборов нет.
sets-mine = мой
sets-problem = не опубликован
sets-closed = Недавно опубликованные и отозванные
sets-part-draft = Черновики
sets-part-review = Ждут проверки
sets-part-approved = Одобрены и ждут своего времени
sets-state-draft = Черновик
sets-state-review = Проверка
sets-state-approved = Одобрен
sets-state-published = Опубликован
sets-state-withdrawn = Отозван
sets-items = { $n ->
    [one] { $n } изменение
    [few] { $n } изменения
   *[other] { $n } изменений
}
sets-at = Будет опубликован { $time }
sets-in-hand = Набор в работе
sets-check-now = Что говорит проверка?
sets-clean = Ошибок и предупреждений нет
sets-errors-n = { $n ->
    [one] { $n } ошибка
    [few] { $n } ошибки
   *[other] { $n } ошибок
}
sets-warnings-n = { $n ->
    [one] { $n } предупреждение без причины
    [few] { $n } предупреждения без причины
   *[other] { $n } предупреждений без причины
}
sets-clashes-n = { $n ->
    [one] { $n } текст опубликован тем временем
    [few] { $n } текста опубликованы тем временем
   *[other] { $n } текстов опубликованы тем временем
}

## One set
sets-problem-text = Опубликовать в назначенное время не удалось:
sets-withdrawn-text = Этот набор отозван. Что в нём было, можно прочитать.
sets-its-release = Что с ним опубликовано
sets-now = Что дальше
sets-send-text = Когда всё готово, набор проверит другой человек. До решения его никто не меняет.
sets-send = Отправить на проверку
sets-empty = Пока ничего не изменено.
sets-waits = Набор ждёт публикатора, который над ним не работал.
sets-own = Вы сами меняли или отправили этот набор, поэтому решает другой публикатор. Вернуть его вы можете.
sets-approve = Одобрить и опубликовать сейчас
sets-approve-later = Опубликовать в назначенное время
sets-approve-at = Одобрить на это время
sets-time = День и время
sets-time-zone = В вашем часовом поясе, { $zone }.
sets-send-back = Вернуть
sets-why = Что надо изменить
sets-take-back = Вернуть в работу
sets-try = Попробовать в разговоре
sets-go-on = Продолжить правку
sets-changes = Изменения
sets-describe = Изменить название и описание
sets-summary = Описание для проверяющего
sets-withdraw = Отозвать набор
sets-withdraw-text = Набор закроется, и ничего из него не публикуется. Прочитать его можно и потом.
sets-back = Назад

## Differences
sets-what-added = новое
sets-what-changed = изменено
sets-what-removed = удалено
sets-confirmed = Слова прежние: перевод подтверждён для нового русского текста.
sets-only-comments = Изменились только комментарии.
sets-too-long = Слишком длинно для сравнения по словам: смотрите исходный вид.
sets-raw = Как это записано в файле
sets-before = Было
sets-after = Стало
sets-edit = Править
sets-preview = Просмотр
sets-history = История
sets-drop = Убрать это изменение из набора
sets-yes = да

## Remarks
sets-remarks = Замечания
sets-remarks-none = О наборе в целом никто ничего не написал.
sets-remark = Замечание
sets-remark-item = Замечание к этому или убрать
sets-remark-submit = Записать замечание
sets-settle = Сделано
sets-settled = сделано

## Clashes
sets-clashes = Опубликовано тем временем
sets-clashes-text = После начала этого набора кто-то опубликовал другие тексты тех же мест. Решите о каждом, каким ему быть.
sets-clash-theirs = Что тем временем опубликовано
sets-clash-ours = Что сделает с этим ваш набор
sets-clash-gone = Это удалено.
sets-clash-ours-gone = Этот набор это удаляет.
sets-clash-mine = Взять из набора
sets-clash-published = Оставить опубликованное
sets-clash-both = Написать заново из обоих
sets-clash-both-submit = Взять этот текст
sets-clash-take-back = Чтобы выбрать, верните набор в работу.

## What the check says
sets-check = Проверка
sets-found = Что найдено
sets-check-clashes = Тем временем опубликованы другие тексты. Выберите на странице набора, тогда проверка продолжится.
sets-errors-text = С ними публиковать нельзя.
sets-warnings-new = { $n ->
    [one] { $n } предупреждение из-за этого набора
    [few] { $n } предупреждения из-за этого набора
   *[other] { $n } предупреждений из-за этого набора
}
sets-warnings-text = Исправьте их или напишите, почему их можно оставить.
sets-reason = Причина
sets-reason-why = Почему можно оставить
sets-reason-submit = Записать причину
sets-due = Пора пересмотреть
sets-warnings-old = { $n ->
    [one] Ещё { $n } предупреждение есть и в опубликованном.
    [few] Ещё { $n } предупреждения есть и в опубликованном.
   *[other] Ещё { $n } предупреждений есть и в опубликованном.
}
sets-due-elsewhere = { $n ->
    [one] Ещё { $n } место пора пересмотреть
    [few] Ещё { $n } места пора пересмотреть
   *[other] Ещё { $n } мест пора пересмотреть
}

## Who stands where
sets-standing = У кого это сейчас перед глазами
sets-standing-now = Сколько людей и куда они попадут?
sets-standing-none = Сейчас этих страниц ни у кого нет перед глазами.
sets-people = { $n ->
    [one] { $n } человек
    [few] { $n } человека
   *[other] { $n } человек
}
sets-standing-lands = Страницы не будет; они попадут на: { $title }
sets-standing-stays = Страница остаётся, с новыми словами.
sets-standing-lost = Страницы не будет, и преемника у неё нет.

## Releases
sets-releases = Выпуски
sets-releases-text = Всё, что публиковалось, сначала новое. Любой выпуск можно сравнить с другим и опубликовать снова.
sets-release-when = Когда
sets-release-what = Что
sets-release-authors = Написали
sets-release-by = Опубликовал
sets-release-now = действует
sets-release-of = Выпуск от { $time }
sets-release-first = Это первый выпуск: раньше ничего не было.
sets-origin-embedded = Пришло с программой
sets-origin-folder = Из папки
sets-origin-studio = Набор изменений
sets-origin-revert = Возврат
sets-origin-other = Публикация
sets-no-difference = Различий нет.
sets-left-out = { $n ->
    [one] Ещё { $n } изменение здесь не показано.
    [few] Ещё { $n } изменения здесь не показаны.
   *[other] Ещё { $n } изменений здесь не показаны.
}
sets-older = Более ранние
sets-compare = Сравнить
sets-compare-two = Сравнить два выбранных
sets-compare-title = Сравнение двух выпусков
sets-compare-old = старый
sets-compare-new = новый
sets-compare-of = Какие изменения
sets-compare-all = Все
sets-compare-rest = Кроме текстов
sets-compare-turn = Наоборот

## Going back
sets-revert = Вернуться к этому
sets-revert-to = Вернуться к выпуску от { $time }
sets-revert-text = Он сразу публикуется снова. Ничего не теряется: то, что действует сейчас, останется в списке.
sets-revert-heirs = { $n ->
    [one] { $n } появившаяся с тех пор страница исчезнет; у кого она открыта, попадёт на страницу выше.
    [few] { $n } появившиеся с тех пор страницы исчезнут; у кого они открыты, попадут на страницу выше.
   *[other] { $n } появившихся с тех пор страниц исчезнут; у кого они открыты, попадут на страницу выше.
}
sets-revert-same = Это и действует сейчас.
sets-revert-submit = Опубликовать снова сейчас
sets-revert-changes = Что это изменит
sets-revert-errors = По нынешним правилам в нём есть ошибки, опубликовать нельзя:

## History of an item
sets-history-none = С первого выпуска здесь ничего не менялось.
sets-history-drafts = Меняется сейчас
sets-restore = Вернуть текст этого выпуска
sets-restore-text = Он станет черновиком. Без проверки ничего не публикуется.
sets-restore-which = Какой текст
sets-restore-into = В какой набор
sets-restore-submit = Вернуть как черновик
sets-restore-title = Прежний текст: { $name }
sets-restore-drafted = У этого текста в том наборе уже есть черновик. Посмотрите его там или выберите другой набор.

## What was done
sets-did-open = Набор открыт.
sets-did-send = Отправлено на проверку.
sets-did-take-back = Это снова черновик.
sets-did-send-back = Возвращено с вашими словами.
sets-did-approve = Одобрено. Будет опубликовано в своё время.
sets-did-published = Опубликовано. Это уже действует.
sets-did-withdraw = Отозвано.
sets-did-remark = Замечание записано.
sets-did-settle = Отмечено как сделанное.
sets-did-reason = Причина записана.
sets-did-describe = Название и описание сохранены.
sets-did-resolve = Выбрано.
sets-did-drop = Изменение убрано из набора.
sets-did-reverted = Опубликовано снова. Это уже действует.

## Letters
sets-news-waits-link = Откройте: { $url }
sets-news-returned-link = Откройте: { $url }
sets-news-failed-link = Откройте: { $url }
sets-news-waits-subject = Набор изменений ждёт проверки
sets-news-waits-body = Набор изменений контента отправлен на проверку, вы можете его опубликовать.
sets-news-returned-subject = Ваш набор изменений вернули
sets-news-returned-body = Проверяющий вернул набор, над которым вы работали. Чего не хватает, написано на его странице.
sets-news-failed-subject = Набор изменений не опубликован
sets-news-failed-body = Набор не удалось опубликовать в назначенное время, он снова ждёт проверки.
sets-news-waits-no-link = Откройте наборы изменений.
sets-news-returned-no-link = Откройте наборы изменений.
sets-news-failed-no-link = Откройте наборы изменений.
sets-news-waits-foot = Письмо прислал Safar: вы работаете над его контентом. Адрес меняется на странице вашей учётной записи.
sets-news-returned-foot = Письмо прислал Safar: вы работаете над его контентом. Адрес меняется на странице вашей учётной записи.
sets-news-failed-foot = Письмо прислал Safar: вы работаете над его контентом. Адрес меняется на странице вашей учётной записи.

## Kinds of items
sets-kind-node = Страница
sets-kind-text = Текст
sets-kind-figure = Показатель закона
sets-kind-region = Регион
sets-kind-place = Место помощи
sets-kind-source = Источник
sets-kind-term = Термин словаря
sets-kind-reply = Быстрый ответ
sets-kind-template = Шаблон WhatsApp
sets-kind-retired = Преемник удалённой страницы
sets-kind-head = Заголовок файла
sets-kind-whole = Файл

## Parts of texts
sets-text-title = Заголовок
sets-text-text = Текст
sets-text-button = Кнопка
sets-text-keywords = Ключевые слова
sets-text-name = Название
sets-text-note = Примечание
sets-text-opt = Ответ «{ $name }»
sets-text-out = Итог «{ $name }»
sets-text-plain = Исходный вид

## Fields of tables
sets-field-id = Код
sets-field-kind = Вид
sets-field-choices = Кнопки ведут на
sets-field-when = Показывать
sets-field-otherwise = Другим показать
sets-field-topics = Темы
sets-field-k = Считается как
sets-field-sources = Источники
sets-field-source = Источник
sets-field-reviewed = Дата источника
sets-field-review-by = Пересмотреть до
sets-field-undated = Без даты
sets-field-caution = Осторожность
sets-field-check-at = Проверить на
sets-field-var = Ответ хранится как
sets-field-answer = Вид ответа
sets-field-options = Ответы
sets-field-next = Дальше
sets-field-optional = Можно пропустить
sets-field-profile = Запоминается
sets-field-tool = Расчёт
sets-field-inputs = Спрашивает
sets-field-kinds = Виды мест
sets-field-by = Выбор по
sets-field-min = Наименьшее
sets-field-max = Наибольшее
sets-field-key = Для
sets-field-value = Значение
sets-field-unit = Единица
sets-field-from = Действует с
sets-field-to = Действует до
sets-field-grade = Насколько точно
sets-field-title = Название
sets-field-date = Дата
sets-field-country = Страна
sets-field-city = Город
sets-field-city-id = Город
sets-field-phones = Телефоны
sets-field-certain = Подтверждено
sets-field-address = Адрес
sets-field-site = Сайт
sets-field-citizens = Для граждан
sets-field-languages = Языки
sets-field-name = Название
sets-field-purpose = Назначение
sets-field-category = Категория
sets-field-ru = По-русски
sets-field-tg = По-таджикски
sets-field-ky = По-киргизски
sets-field-avoid-tg = Не так по-таджикски
sets-field-avoid-ky = Не так по-киргизски
