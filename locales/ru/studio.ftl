# Pages of the studio: what they share.

nav-studio = Контент
studio-title = Контент

studio-wrong-not-found = Этого больше нет.
studio-wrong-title = Напишите название: не длиннее 120 знаков.
studio-wrong-text = Напишите текст: не длиннее 2000 знаков.
studio-wrong-long = Это слишком длинно: разделите на части.
studio-wrong-state = Сейчас этого сделать нельзя: набор изменений уже на другом шаге. Обновите страницу.
studio-wrong-own = Проверить и опубликовать должен другой человек: вы сами меняли этот набор.
studio-wrong-changed = Тем временем что-то изменилось. Посмотрите на новое и повторите.
studio-wrong-overtaken = Этот текст тем временем сохранил кто-то другой. Ваш текст не потерян: сравните оба.
studio-wrong-clash = Тем временем опубликован другой текст. Сравните оба и выберите.
studio-wrong-empty = Изменений нет.
studio-wrong-errors = Есть ошибки: с ними публиковать нельзя.
studio-wrong-reasons = Есть предупреждения без причины: исправьте их или напишите, почему их можно оставить.
studio-wrong-past = Это время уже прошло.

verb-set-opened = Набор изменений открыт
verb-item-edited = Текст изменён
verb-item-dropped = Изменение убрано
verb-set-sent = Набор отправлен на проверку
verb-set-returned = Набор возвращён
verb-set-approved = Набор одобрен
verb-set-published = Набор опубликован
verb-set-withdrawn = Набор отозван
verb-reason-given = Причина записана
verb-remark-made = Замечание записано
verb-try-link-made = Ссылка для пробы сделана
verb-content-exported = Контент выгружен
verb-content-reverted = Прежний выпуск опубликован снова
verb-owner-changed = Ответственный изменён
object-change-set = Набор изменений
object-publication = Публикация
