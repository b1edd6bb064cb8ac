# Очередь, обращения, обзор: страницы консультантов.

## Очередь
queue-title = Очередь
queue-waiting = { $n ->
        [one] Ждёт { $n } обращение
        [few] Ждут { $n } обращения
       *[other] Ждут { $n } обращений
    }
queue-urgent = срочных: { $n }
queue-claimed = в работе: { $n }
queue-mine = Мои обращения
queue-mine-none = У вас нет открытых обращений. Возьмите обращение из списка ниже.
queue-waiting-title = Ждут ответа
queue-none = Никто не ждёт.
queue-topic = Тема
queue-language = Язык
queue-country = Страна
queue-channel = Откуда
queue-time = Ждёт
queue-claim = Взять
queue-next = Следующая страница
queue-first = К началу списка
queue-ended = Закрытые обращения
queue-filter = Показать только
queue-filter-submit = Показать
queue-keys = Клавиши: j и k — по списку, Enter — открыть, c — взять, q — очередь.
queue-sound-on = Звук о срочных: включён
queue-sound-off = Звук о срочных: выключен
queue-alert = Новое срочное обращение
back-to-queue = К очереди
live-lost = Нет связи с сервером. Страница обновится сама, когда связь вернётся.
live-out = Вход закончился. Откройте страницу заново и войдите.
lost-title = Обращение уже взяли

## Слова обращения
desk-any = Все
desk-urgent = Срочно
desk-ordinary = Обычные
desk-owes = Ждёт вашего ответа
desk-reopened = Открыто снова
desk-for = Нужен
desk-topic-none = Без темы
desk-channel-tg = Telegram
desk-channel-wa = WhatsApp
desk-channel-web = Чат на сайте
desk-channel-centre = Приём в центре
desk-channel-phone = Телефон
country-TJ = Таджикистан
country-KG = Кыргызстан
country-RU = Россия
country-KZ = Казахстан
country-other = Другая страна
country-U = Не сказано
not-said = Не сказано
desk-minutes = { $n } мин
desk-hours = { $n } ч
desk-days = { $n } дн.
desk-kilobytes = { $n } КБ
desk-open-now = Сейчас рабочее время
desk-opens-at = Нерабочее время. Начало работы: { $time }
desk-closed = Нерабочее время
desk-state-waiting = Ждёт
desk-state-claimed = В работе
desk-state-closed = Закрыто
desk-state-erased = Удалено самим человеком
desk-lost = Это обращение взял(а) { $name }: { $time }.
desk-lost-ended = Это обращение уже закрыто.
desk-full = { $n ->
        [one] У вас уже { $n } открытое обращение: больше брать нельзя. Сначала закройте или передайте одно.
        [few] У вас уже { $n } открытых обращения: больше брать нельзя. Сначала закройте или передайте одно.
       *[other] У вас уже { $n } открытых обращений: больше брать нельзя. Сначала закройте или передайте одно.
    }
desk-too-long = Слишком длинно: { $chars } знаков, можно { $max }. Сократите или разделите текст.
desk-writes = { $name } пишет
desk-looks = { $name } тоже смотрит
desk-person = Человек
desk-unreachable = Человек заблокировал бота: сообщения не дойдут.
desk-window-open = WhatsApp принимает сообщения до { $time }.
desk-window-closed = Прошло 24 часа с последнего сообщения. Человек получит приглашение по шаблону, а ваш ответ — когда нажмёт на кнопку или напишет.

## Что сделано и почему нет
desk-done-claimed = Обращение ваше. Человек узнает, кто отвечает.
desk-done-sent = Отправлено.
desk-done-held = Сохранено. Ответ уйдёт, когда человек напишет или нажмёт на кнопку.
desk-done-noted = Заметка сохранена.
desk-done-handed = Обращение передано.
desk-done-closed = Обращение закрыто.
desk-done-registered = Запись сохранена.
desk-done-saved = Сохранено.
desk-done-opened = Обращение открыто.
desk-refused-unknown = Такого обращения нет.
desk-refused-not-yours = Это обращение не у вас. Ничего не отправлено.
desk-refused-ended = Обращение закрыто или удалено. Ничего не отправлено.
desk-refused-changed = Пока страница была открыта, обращение изменилось. Прочитайте новое и повторите.
desk-refused-full = У этого сотрудника уже слишком много открытых обращений.
desk-refused-empty = Текст пустой.
desk-refused-too-long = Текст слишком длинный. Ничего не сохранено.
desk-refused-no-page = Такой страницы нет, или её нельзя отправить.
desk-refused-no-colleague = Этот сотрудник сейчас не может взять обращение.
desk-refused-outcome = Проверьте поля формы.
desk-refused-nonsense = Так сохранить нельзя: проверьте числа, часы и даты.

## Страница обращения
case-holder = Отвечает: { $name }
case-conversation = Переписка
case-question = Последний вопрос боту
case-about = О чём обращение
case-remark = Отзыв
case-note = Заметка
case-page = Страница
case-place = Место
case-save = Сохранить: { $file }
case-answer = Ответ
case-answer-in = Ваш ответ. Язык человека: { $language }
case-answer-hint = До { $n } знаков. Черновик сохраняется сам.
case-send = Отправить
case-keys = Ctrl+Enter — отправить
case-replies = Быстрые ответы
case-reply-fallback = Нет перевода: по-русски
case-reply-use = Вставить
case-pages = Отправить страницу справочника
case-page-choose = Страница
case-page-show = Посмотреть
case-close = Закрыть обращение
case-facts = Что известно
case-opened = Обратились
case-waited = Ждали
case-path = Путь по боту
case-others = Другие обращения этого человека
case-note-add = Добавить заметку
case-note-label = Видят только сотрудники
case-note-save = Сохранить заметку
case-hand = Передать обращение
case-hand-to = Кому
case-hand-queue = Вернуть в общую очередь
case-hand-people = Сотруднику
case-hand-skills = Тому, кто знает
case-hand-note = Что важно знать следующему
case-hand-submit = Передать
preview-title = Страница, как её увидит человек
preview-hint = Так сообщение придёт человеку на его языке.
preview-send = Отправить страницу
cancel = Отмена
desk-mark-claimed = Обращение взял(а): { $by }
desk-mark-transferred = { $by } → { $to }
desk-mark-assigned = { $by } назначил(а): { $to }
desk-mark-released = { $by }: возвращено в очередь
desk-mark-returned = Долго не было ответа ({ $to }): обращение вернулось в очередь
desk-mark-warned = { $to }: человек давно ждёт ответа. Скоро обращение вернётся в очередь
desk-mark-closed = Закрыто: { $by }
desk-mark-reopened = Человек написал снова: обращение открыто
desk-mark-alarmed = Никто не взял срочное обращение вовремя: отправлена тревога
desk-mark-urgent = Человек написал об опасности: обращение стало срочным
desk-file-photo = Фото
desk-file-image = Фото
desk-file-voice = Голосовое сообщение
desk-file-audio = Аудио
desk-file-video = Видео
desk-file-document = Документ
desk-file-sticker = Стикер
desk-file-other = Файл
desk-file-too-big = больше 20 МБ, не принято
desk-file-gone = файла больше нет
desk-file-refused = не принято
desk-file-coming = загружается

## Что стало с сообщением
delivery-queued = в пути
delivery-held = ждёт, пока человек напишет
delivery-sent = отправлено
delivery-delivered = доставлено
delivery-read = прочитано
delivery-failed = не доставлено
delivery-uncertain = возможно, пришло дважды
delivery-why-blocked = человек заблокировал бота
delivery-why-window-closed = прошло 24 часа
delivery-why-no-template = нет утверждённого шаблона
delivery-why-expired = страницу никто не открыл
delivery-why-nobody = некому отправлять
delivery-why-unreadable = сообщение повреждено
delivery-why-ambiguous = нет ответа от сервиса
delivery-why-throttled = сервис просит подождать
delivery-why-other = код { $code }

## Итог
close-title = Итог обращения
close-hint = Если чего-то не знаете, оставьте «Не сказано». Имена и телефоны сюда не пишут.
close-help = Какая помощь
close-target = Куда направили
close-target-none = Никуда
close-sex = Пол
close-age = Возраст
close-origin = Откуда человек
close-stay = Где находится
close-audience = Кто обратился
close-family = Вопрос о семье
close-vulnerable = Уязвимая семья
close-vulnerable-hint = Один родитель; трое и больше детей; инвалидность; кормилец уехал и не на связи; нет документов; насилие или торговля людьми.
close-follow-up = Вернуться к обращению (не обязательно)
close-submit = Закрыть
close-fault-help = Выберите, какая была помощь.
close-fault-target = Для направления выберите куда.
close-fault-topic = Выберите тему из списка.
close-fault-word = Выберите значения из списков.
close-fault-follow-up = Проверьте дату.
help-information = Информация
help-advice = Личная консультация юриста
help-document = Составлен документ
help-referral = Направление в другую организацию
help-protection = Срочная защита
help-unreachable = Человек не выходит на связь
help-outside = Не наш вопрос
target-lawyer = Адвокат
target-labour-inspection = Трудовая инспекция
target-migration-service = Миграционная служба
target-consulate = Консульство, посольство
target-court-prosecutor = Суд, прокуратура
target-police = Полиция
target-health = Медицинская помощь
target-shelter = Приют
target-social-service = Социальная служба
target-other-organisation = Другая организация
sex-F = Женский
sex-M = Мужской
sex-U = Не сказано
age-under-18 = Младше 18
age-60-up = 60 и старше
age-U = Не сказано
age-18-24 = 18–24
age-25-29 = 25–29
age-30-34 = 30–34
age-35-49 = 35–49
age-50-59 = 50–59
audience-migrant = Мигрант
audience-family = Член семьи
audience-employer = Работодатель
audience-other = Другой
audience-U = Не сказано
mark-yes = Да
mark-no = Нет
mark-U = Не сказано
rating-yes = Помогло
rating-no = Не помогло

## Закрытые обращения
ended-title = Закрытые обращения
ended-none = Закрытых обращений пока нет.
ended-time = Закрыто
ended-help = Помощь
ended-who = Кто отвечал
ended-rating = Оценка
ended-follow-up = Вернуться

## Приём и телефон
register-title = Приём в центре или по телефону
register-hint = Для тех, кто пришёл или позвонил. Имя и телефон не записываются.
register-day = День
register-number = Номер в журнале центра (не обязательно)
register-number-hint = Хранится только его зашифрованный след: чтобы один человек считался один раз.
register-household = Номер семьи (не обязательно)
register-note = Заметка для сотрудников (не обязательно)
register-submit = Сохранить запись

## Обзор
supervisor-title = Обзор
supervisor-waiting = ждут
supervisor-waiting-urgent = срочных ждут
supervisor-claimed = в работе
supervisor-oldest = ждёт дольше всех
supervisor-people = Кто работает
supervisor-nobody = Консультантов пока нет.
supervisor-name = Имя
supervisor-duty = Дежурство
duty-yes = Дежурит
duty-no = Нет
supervisor-open = Открыто
supervisor-skills = Что знает
supervisor-open-cases = Обращения в работе
supervisor-open-none = Сейчас в работе ничего нет.
supervisor-figures = { $n ->
        [one] За { $n } день
        [few] За { $n } дня
       *[other] За { $n } дней
    }
supervisor-times-hint = Время считается только рабочее.
figure-opened = Обращений
figure-first-median = Первый ответ: половина
figure-first-p90 = Первый ответ: 90 %
figure-first-late = Ответ с опозданием
figure-close-median = До закрытия: половина
figure-close-p90 = До закрытия: 90 %
figure-close-late = Закрыто с опозданием
figure-closed = Закрыто
figure-reopened = Открыто снова
figure-erased = Удалено самими людьми

## Настройки
settings-title = Настройки
settings-save = Сохранить
settings-hours = Рабочее время
settings-zone = Часовой пояс офиса
settings-spans-hint = Пишите так: 9:00-13:00 14:00-18:00. Пусто — выходной.
weekday-mon = Понедельник
weekday-tue = Вторник
weekday-wed = Среда
weekday-thu = Четверг
weekday-fri = Пятница
weekday-sat = Суббота
weekday-sun = Воскресенье
settings-holidays = Праздники и выходные
settings-holidays-hint = По одной дате в строке: 2027-03-21.
settings-limits = Сроки и пределы
settings-limits-hint = В минутах рабочего времени. Тревога — в обычных минутах.
limit-max-cases = Открытых обращений у одного сотрудника, не больше
limit-warn-after = Предупредить, если нет ответа
limit-return-after = Вернуть в очередь, если нет ответа
limit-alarm-after = Тревога: срочное никто не взял
limit-first-answer-urgent = Первый ответ: срочные
limit-first-answer = Первый ответ: обычные
limit-close-urgent = Закрыть: срочные
limit-close = Закрыть: обычные
settings-centre = Центр
settings-centre-hint = К этому центру относятся услуги в отчётах.
settings-centre-code = Код: латинские буквы, цифры, дефис
settings-centre-country = Страна центра
settings-replies = Быстрые ответы
settings-replies-hint = Русский текст обязателен: он показывается, когда нет перевода. Чтобы убрать ответ, очистите все его поля.
settings-reply-new = Новый ответ
settings-reply-name = Название для сотрудников
