# Страницы сотрудников: рамка, вход, учётные записи, журнал. Тексты очереди и обращений стоят в desk.ftl.

## Рамка
skip = Перейти к содержанию
nav = Разделы
menu = Меню
language = Язык
log-out = Выйти
to-start = На главную
nav-queue = Очередь
nav-follow-ups = Вернуться
nav-register = Новая запись
nav-supervisor = Обзор
nav-campaigns = Кампании
nav-people = Сотрудники
nav-trail = Журнал
nav-reports = Отчёты

## Отказы
refusal-role = Нет доступа
refusal-text-role = У вашей учётной записи нет роли, которая нужна для этой страницы. Обратитесь к администратору.
refusal-csrf = Форма устарела
refusal-text-csrf = Ничего не изменилось. Откройте страницу заново и повторите.
refusal-bad = Форму не удалось прочитать
refusal-text-bad = Ничего не изменилось. Откройте страницу заново и повторите.
refusal-too-large = Слишком много текста
refusal-text-too-large = Ничего не сохранено. Сократите текст и отправьте ещё раз.
refusal-not-found = Такой страницы нет
refusal-text-not-found = Возможно, её удалили или она вам не видна.
refusal-changed = Кто-то успел раньше
refusal-text-changed = Пока страница была открыта, это уже изменили. Откройте её заново и посмотрите, как сейчас.
refusal-unavailable = Сейчас не получается
refusal-text-unavailable = Сервер занят или база данных не отвечает. Ничего не изменилось. Попробуйте через минуту.

## Вход
login-title = Вход для сотрудников
login-login = Логин
login-password = Пароль
login-submit = Войти
login-forgot = Забыли пароль? Администратор сделает ссылку, по которой вы зададите новый.
login-refused = Логин или пароль неверны.
login-wait = { $n ->
    [one] Слишком много неудачных попыток. Подождите { $n } минуту и попробуйте снова.
    [few] Слишком много неудачных попыток. Подождите { $n } минуты и попробуйте снова.
   *[other] Слишком много неудачных попыток. Подождите { $n } минут и попробуйте снова.
}
login-empty = Учётных записей ещё нет. Создайте первого администратора на сервере:
login-empty-then = Команда напечатает ссылку, по которой вы зададите пароль. Потом откройте эту страницу снова.
code-title = Второй шаг входа
code-code = Код
code-hint = Шесть цифр из приложения-аутентификатора или один из запасных кодов.
code-submit = Продолжить
code-refused = Код неверный или уже был использован. Дождитесь следующего.

## Одноразовая ссылка и пароль
link-title = Задайте пароль
link-for = Это пароль учётной записи { $login }.
link-gone = Ссылка уже использована или её срок вышел. Попросите у администратора новую.
link-done = Пароль задан
link-done-text = Все прежние сеансы этой учётной записи завершены. Войдите с новым паролем.
password-old = Нынешний пароль
password-new = Новый пароль
password-again = Новый пароль ещё раз
password-hint = Не меньше { $n } знаков. Несколько слов подряд легко запомнить.
password-save = Сохранить пароль
password-length = Пароль слишком короткий или чересчур длинный. Нужно не меньше { $n } знаков.
password-weak = Пароль слишком легко угадать: в нём есть логин или повторяются одни и те же знаки.
password-differs = Два новых пароля не совпадают.
password-wrong = Нынешний пароль неверен.

## Второй шаг
second-title = Второй шаг входа
second-why = Со вторым шагом одного украденного пароля мало. Для супервизоров и администраторов он обязателен.
second-renew = Новый код заменит старый, и вы получите новые запасные коды.
second-app = Установите на телефон приложение-аутентификатор, если его ещё нет (FreeOTP, Aegis, Google Authenticator).
second-scan = Отсканируйте картинку приложением или введите ключ вручную.
second-type = Введите шесть цифр, которые покажет приложение.
second-qr = QR-код для приложения-аутентификатора
second-open = Приложение на этом же устройстве? Открыть его с ключом
second-key = Ключ для ввода вручную:
second-code = Шесть цифр из приложения
second-submit = Включить
second-on = Включён
second-again = Настроить заново
second-begin = Настроить
codes-title = Запасные коды
codes-text = Каждый из них один раз заменит код приложения, если вы потеряете телефон.
codes-once = Они показываются только сейчас. Запишите или распечатайте их и храните отдельно от телефона.
codes-done = Я их сохранил(а)
codes-left = Осталось запасных кодов: { $n }.
codes-renew = Новые запасные коды

## Своя учётная запись
account-title = Моя учётная запись
account-settings = Настройки
account-zone = Часовой пояс
account-now = Сейчас там { $time }.
account-email = Электронная почта
account-email-hint = Для тревоги о срочных обращениях, напоминаний вернуться к обращению и новостей о наборах изменений. Хранится зашифрованной.
account-duty = Дежурство
account-duty-on = Вы дежурите: тревога о срочных обращениях приходит вам.
account-duty-off = Вы не дежурите. Тревога о срочных обращениях вам не приходит.
account-duty-begin = Начать дежурство
account-duty-end = Закончить дежурство
account-telegram = Telegram
account-telegram-why = Привяжите свой Telegram, и тревога, напоминания и новости о наборах изменений придут туда. Мигранты его не увидят.
account-telegram-tie = Привязать Telegram
account-telegram-send = Отправьте это боту со своего Telegram. Код действует { $n } минут и срабатывает один раз.
account-telegram-open = Открыть бота
account-telegram-tied = Ваш Telegram привязан.
account-telegram-untie = Отвязать
account-password = Пароль
save = Сохранить
done-campaign-ended = Завершён.
done-saved = Сохранено.
done-password-set = Новый пароль действует. Другие ваши сеансы завершены.

## Сотрудники
people-title = Сотрудники
people-login = Логин
people-login-hint = Строчные латинские буквы, цифры, точка, дефис.
people-name = Имя
people-name-hint = Его видят мигранты: только имя или псевдоним.
people-roles = Роли
people-skills = Что знает
people-access = Доступ
people-locked = заблокирован
people-no-password = ещё нет пароля
people-no-second = нет второго шага
people-active = активен
people-on-duty = дежурит
people-add = Новая учётная запись
people-add-submit = Создать учётную запись
linked-title = Одноразовая ссылка
linked-text = Передайте эту ссылку сотруднику: { $name } ({ $login }), лучше лично или личным сообщением. По ней задают пароль.
linked-once = Она показывается только сейчас, срабатывает один раз и действует { $n } ч.
linked-done = Готово
person-change = Учётная запись
person-skills = Навыки
person-skills-hint = Темы или слова через запятую: обращение можно передать по навыку.
person-max = Открытых обращений не больше
person-max-hint = Пусто: как в настройках консультаций.
person-access = Доступ
person-password-yes = Пароль задан.
person-password-no = Пароль ещё не задан.
person-second-yes = Второй шаг включён.
person-second-no = Второй шаг выключен.
person-locale = Язык { $language }, часовой пояс { $zone }.
person-link = Ссылка для нового пароля
person-second-remove = Снять второй шаг
person-sessions = Завершить все сеансы
person-lock = Заблокировать
person-unlock = Разблокировать
person-access-hint = Блокировка сразу завершает все сеансы. Учётные записи не удаляются, чтобы в журнале остались имена.
person-trail = Что делала эта учётная запись

## Что не так в форме
wrong-login = Логин: от 2 до 40 строчных латинских букв, цифр, точек, дефисов или подчёркиваний.
wrong-login-taken = Такой логин уже занят.
wrong-name = Имя пустое, слишком длинное или содержит недопустимые знаки.
wrong-roles = Выберите хотя бы одну роль.
wrong-zone = Такого часового пояса нет.
wrong-skills = Слишком много навыков, или один из них слишком длинный.
wrong-email = Это не адрес электронной почты.
wrong-max-cases = Открытых обращений не больше: число от 1 до 200 или пусто.
wrong-last-admin = Должен остаться хотя бы один активный администратор. Ничего не изменилось.
wrong-changed = Пока страница была открыта, эту запись изменили. Откройте её заново и посмотрите, как сейчас.

## Роли
role-consultant = консультант
role-supervisor = супервизор
role-editor = редактор
role-publisher = издатель
role-campaigner = ответственный за кампании
role-admin = администратор
role-viewer = наблюдатель
role-hint-consultant = берёт обращения и отвечает
role-hint-supervisor = видит все обращения, распределяет их, задаёт часы работы
role-hint-editor = готовит черновики содержания
role-hint-publisher = публикует содержание
role-hint-campaigner = ведёт кампании и коды
role-hint-admin = ведёт учётные записи, читает журнал
role-hint-viewer = читает отчёты

## Часовые пояса
zone-0 = Лондон зимой
zone-60 = Варшава, Берлин зимой
zone-120 = Калининград
zone-180 = Москва, Санкт-Петербург, Стамбул
zone-240 = Самара, Тбилиси, Дубай
zone-300 = Душанбе, Ташкент, Алматы, Екатеринбург
zone-360 = Бишкек, Омск
zone-420 = Новосибирск, Красноярск
zone-480 = Иркутск
zone-540 = Якутск, Сеул
zone-600 = Владивосток, Хабаровск
zone-660 = Магадан, Сахалин
zone-720 = Камчатка

## Журнал
trail-title = Журнал действий
trail-text = Кто что смотрел и делал: только номера и слова, без текстов. Изменить здесь ничего нельзя; команда safar audit verify покажет, если кто-то пытался.
trail-who = Кто
trail-everybody = все
trail-nobody = программа или посторонний
trail-kind = С чем
trail-object = Номер
trail-show = Показать
trail-when = Когда
trail-what = Что сделано
trail-on = С чем
trail-empty = Такого не было.
trail-older = Раньше
object-staff = учётная запись
object-code = код кампании
object-case = обращение
object-attachment = вложение
object-settings = настройки
object-entry = запись
object-import = загрузка
object-evidence = подтверждение
object-report = отчёт

## Что было сделано
verb-log-in = вход
verb-log-in-refused = отказ во входе
verb-log-out = выход
verb-second-step-refused = отказ на втором шаге
verb-recovery-used = использован запасной код
verb-password-set = задан пароль
verb-second-step-set = настроен второй шаг
verb-second-step-removed = снят второй шаг
verb-recovery-made = созданы запасные коды
verb-link-made = создана одноразовая ссылка
verb-telegram-code-made = создан код для Telegram
verb-telegram-tied = привязан Telegram
verb-staff-added = создана учётная запись
verb-staff-changed = изменена учётная запись
verb-roles-changed = изменены роли
verb-staff-locked = учётная запись заблокирована
verb-staff-unlocked = учётная запись разблокирована
verb-sessions-ended = завершены сеансы
verb-on-duty = начало дежурства
verb-off-duty = конец дежурства
verb-trail-read = просмотр журнала
verb-case-looked = просмотр обращения
verb-case-refused = отказано в чужом обращении
verb-case-registered = внесено обращение
verb-case-claimed = взято обращение
verb-case-released = обращение возвращено в очередь
verb-case-returned = обращение само вернулось в очередь
verb-case-transferred = обращение передано
verb-case-assigned = обращение назначено
verb-case-answered = ответ
verb-case-noted = внутренняя заметка
verb-case-closed = обращение закрыто
verb-case-reopened = обращение открыто снова
verb-case-erased = обращение удалено
verb-case-urgent = обращение стало срочным из-за слов об опасности
verb-case-raised = обращение отмечено срочным
verb-case-lowered = срочность обращения снята
verb-follow-up-set = назначен день, чтобы вернуться к обращению
verb-follow-up-done = вернулся(лась) к обращению в назначенный день
verb-follow-up-dropped = возвращаться к обращению не нужно: оно снова открыто или человек удалил данные
verb-follow-up-told = получил(а) напоминание вернуться к обращению
verb-code-added = добавлен код кампании
verb-code-changed = изменён код кампании
verb-code-ended = завершён код кампании
verb-code-removed = удалён код кампании
verb-attachment-looked = просмотр вложения
verb-attachment-sent = послано вложение
verb-settings-changed = изменены настройки
verb-entry-entered = ввёл(а) запись
verb-entries-imported = загрузил(а) записи
verb-entry-approved = утвердил(а) запись
verb-import-approved = утвердил(а) загрузку
verb-entry-returned = вернул(а) запись
verb-entry-voided = аннулировал(а) запись
verb-evidence-added = добавил(а) подтверждение
verb-evidence-looked = смотрел(а) подтверждение
verb-report-made = создан отчёт

# Тревога по почте.
alarm-subject = Тревога: срочные обращения ждут
alarm-body = { $count ->
        [one] { $count } срочное обращение ждёт, и никто им не занимается.
        [few] { $count } срочных обращения ждут, и никто ими не занимается.
        [many] { $count } срочных обращений ждут, и никто ими не занимается.
       *[other] { $count } срочных обращения ждут, и никто ими не занимается.
    }
alarm-link = Откройте: { $url }
alarm-no-link = Откройте очередь.
alarm-foot = Отправлено программой «Сафар», потому что вы дежурите. Дежурство и адрес меняются на странице вашей учётной записи.
reminder-subject = Сегодня нужно вернуться к обращениям
reminder-body = { $count ->
        [one] Сегодня нужно вернуться к { $count } закрытому обращению.
        [few] Сегодня нужно вернуться к { $count } закрытым обращениям.
        [many] Сегодня нужно вернуться к { $count } закрытым обращениям.
       *[other] Сегодня нужно вернуться к { $count } закрытым обращениям.
    }
reminder-link = Откройте: { $url }
reminder-no-link = Откройте страницу «Вернуться».
reminder-foot = Отправлено программой «Сафар» — раз в день, пока есть к чему вернуться. Адрес меняется на странице вашей учётной записи.
