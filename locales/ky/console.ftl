# Кызматкерлердин барактары: алкак, кирүү, эсептер, журнал. Кезек менен кайрылуулардын тексттери desk.ftl ичинде.

## Алкак
skip = Мазмунга өтүү
nav = Бөлүмдөр
menu = Меню
language = Тил
log-out = Чыгуу
to-start = Башына
nav-queue = Кезек
nav-register = Жаңы жазуу
nav-supervisor = Жалпы көрүнүш
nav-campaigns = Кампаниялар
nav-people = Кызматкерлер
nav-trail = Журнал
nav-reports = Отчёттор

## Баш тартуулар
refusal-role = Уруксат жок
refusal-text-role = Эсебиңизде бул баракка керектүү роль жок. Администраторго кайрылыңыз.
refusal-csrf = Форма эскирип калды
refusal-text-csrf = Эч нерсе өзгөргөн жок. Баракты кайра ачып, кайталаңыз.
refusal-bad = Форманы окуу мүмкүн болгон жок
refusal-text-bad = Эч нерсе өзгөргөн жок. Баракты кайра ачып, кайталаңыз.
refusal-too-large = Текст өтө көп
refusal-text-too-large = Эч нерсе сакталган жок. Текстти кыскартып, кайра жөнөтүңүз.
refusal-not-found = Мындай барак жок
refusal-text-not-found = Балким, ал өчүрүлгөн же сизге көрүнбөйт.
refusal-changed = Башка бирөө озуп кетти
refusal-text-changed = Барак ачык турганда муну башка бирөө өзгөрттү. Кайра ачып, азыр кандай экенин көрүңүз.
refusal-unavailable = Азыр болбой жатат
refusal-text-unavailable = Сервер бош эмес же маалымат базасы жооп бербейт. Эч нерсе өзгөргөн жок. Бир мүнөттөн кийин кайра аракет кылыңыз.

## Кирүү
login-title = Кызматкерлер үчүн кирүү
login-login = Логин
login-password = Сырсөз
login-submit = Кирүү
login-forgot = Сырсөздү унуттуңузбу? Администратор сизге шилтеме даярдап берет, ал аркылуу жаңысын коёсуз.
login-refused = Логин же сырсөз туура эмес.
login-wait = Ийгиликсиз аракет өтө көп болду. { $n } мүнөт күтүп, кайра аракет кылыңыз.
login-empty = Азырынча эсеп жок. Биринчи администраторду серверде түзүңүз:
login-empty-then = Буйрук сырсөз коюу үчүн шилтеме чыгарат. Андан кийин бул баракты кайра ачыңыз.
code-title = Кирүүнүн экинчи кадамы
code-code = Код
code-hint = Аутентификатор колдонмосундагы алты сан же запас коддордун бири.
code-submit = Улантуу
code-refused = Код туура эмес же мурда колдонулган. Кийинкисин күтүңүз.

## Бир жолку шилтеме жана сырсөз
link-title = Сырсөз коюңуз
link-for = Бул { $login } эсебинин сырсөзү.
link-gone = Бул шилтеме мурда колдонулган же мөөнөтү өткөн. Администратордон жаңысын сураңыз.
link-done = Сырсөз коюлду
link-done-text = Бул эсептин мурунку бардык сеанстары аяктады. Жаңы сырсөз менен кириңиз.
password-old = Азыркы сырсөз
password-new = Жаңы сырсөз
password-again = Жаңы сырсөз дагы бир жолу
password-hint = Эң аз дегенде { $n } белги. Катар келген бир нече сөздү эстеп калуу оңой.
password-save = Сырсөздү сактоо
password-length = Сырсөз өтө кыска же өтө узун. Эң аз дегенде { $n } белги керек.
password-weak = Сырсөздү табуу өтө оңой: анда логин бар же бир нече белги кайталанат.
password-differs = Эки жаңы сырсөз бирдей эмес.
password-wrong = Азыркы сырсөз туура эмес.

## Экинчи кадам
second-title = Кирүүнүн экинчи кадамы
second-why = Экинчи кадам болсо, уурдалган сырсөздүн өзү жетишсиз. Супервизорлор менен администраторлорго ал милдеттүү.
second-renew = Жаңы код эскисинин ордуна келет жана сиз жаңы запас коддорду аласыз.
second-app = Жок болсо, телефонуңузга аутентификатор колдонмосун орнотуңуз (FreeOTP, Aegis, Google Authenticator).
second-scan = Сүрөттү колдонмо менен скандаңыз же ачкычты кол менен жазыңыз.
second-type = Колдонмо көрсөткөн алты санды жазыңыз.
second-qr = Аутентификатор колдонмосу үчүн QR-код
second-open = Колдонмо ушул эле түзмөктөбү? Аны ачкыч менен ачыңыз
second-key = Кол менен жазуу үчүн ачкыч:
second-code = Колдонмодогу алты сан
second-submit = Иштетүү
second-on = Иштеп турат
second-again = Кайра тууралоо
second-begin = Тууралоо
codes-title = Запас коддор
codes-text = Телефонуңузду жоготсоңуз, алардын ар бири колдонмонун кодун бир жолу алмаштырат.
codes-once = Алар азыр гана көрсөтүлөт. Жазып же басып алып, телефондон өзүнчө сактаңыз.
codes-done = Сактап койдум
codes-left = Калган запас коддор: { $n }.
codes-renew = Жаңы запас коддор

## Өз эсеби
account-title = Менин эсебим
account-settings = Тууралоолор
account-zone = Убакыт алкагы
account-now = Азыр ал жакта { $time }.
account-email = Электрондук почта
account-email-hint = Шашылыш кайрылуулар жөнүндө кабар үчүн гана. Шифрленип сакталат.
account-duty = Нөөмөт
account-duty-on = Сиз нөөмөттөсүз: шашылыш кайрылуулар жөнүндө кабар сизге келет.
account-duty-off = Сиз нөөмөттө эмессиз. Шашылыш кайрылуулар жөнүндө кабар сизге келбейт.
account-duty-begin = Нөөмөттү баштоо
account-duty-end = Нөөмөттү бүтүрүү
account-telegram = Telegram
account-telegram-why = Telegram-ыңызды байланыштырсаңыз, кабар ошол жакка келет. Мигранттар аны көрбөйт.
account-telegram-tie = Telegram-ды байланыштыруу
account-telegram-send = Муну өз Telegram-ыңыздан ботко жөнөтүңүз. Код { $n } мүнөт жарактуу жана бир жолу иштейт.
account-telegram-open = Ботту ачуу
account-telegram-tied = Telegram-ыңыз байланыштырылган.
account-telegram-untie = Ажыратуу
account-password = Сырсөз
save = Сактоо
done-campaign-ended = Бүттү.
done-saved = Сакталды.
done-password-set = Жаңы сырсөз күчүндө. Башка сеанстарыңыз аяктады.

## Кызматкерлер
people-title = Кызматкерлер
people-login = Логин
people-login-hint = Кичине латын тамгалары, сандар, чекит, дефис.
people-name = Аты
people-name-hint = Аны мигранттар көрөт: аты же лакап ат гана.
people-roles = Ролдор
people-access = Кирүү укугу
people-locked = бөгөттөлгөн
people-no-password = сырсөзү азырынча жок
people-no-second = экинчи кадамы жок
people-active = активдүү
people-on-duty = нөөмөттө
people-add = Жаңы эсеп
people-add-submit = Эсеп түзүү
linked-title = Бир жолку шилтеме
linked-text = Бул шилтемени { $name } ({ $login }) кызматкерге бериңиз, жакшысы өз колуна же жеке билдирүү менен. Ал аркылуу сырсөз коюлат.
linked-once = Ал азыр гана көрсөтүлөт, бир жолу иштейт жана { $n } саат жарактуу.
linked-done = Даяр
person-change = Эсеп
person-skills = Көндүмдөр
person-skills-hint = Темалар же сөздөр үтүр менен: кайрылууну көндүм боюнча өткөрүп берсе болот.
person-max = Ачык кайрылуулар эң көп
person-max-hint = Бош: кеңеш берүүнүн тууралоосундагыдай.
person-access = Кирүү укугу
person-password-yes = Сырсөз коюлган.
person-password-no = Сырсөз азырынча коюла элек.
person-second-yes = Экинчи кадам иштеп турат.
person-second-no = Экинчи кадам өчүк.
person-locale = Тили { $language }, убакыт алкагы { $zone }.
person-link = Жаңы сырсөз үчүн шилтеме
person-second-remove = Экинчи кадамды алып салуу
person-sessions = Бардык сеанстарды бүтүрүү
person-lock = Эсепти бөгөттөө
person-unlock = Бөгөттөн чыгаруу
person-access-hint = Бөгөттөө бардык сеанстарды дароо бүтүрөт. Журналда аттар калсын үчүн эсептер өчүрүлбөйт.
person-trail = Бул эсеп эмне кылды

## Формада эмне туура эмес
wrong-login = Логин: 2ден 40ка чейин кичине латын тамгасы, сан, чекит, дефис же астын сызык.
wrong-login-taken = Бул логин бош эмес.
wrong-name = Аты бош, өтө узун же жараксыз белгилер бар.
wrong-roles = Жок дегенде бир роль тандаңыз.
wrong-zone = Мындай убакыт алкагы жок.
wrong-skills = Көндүмдөр өтө көп же бирөө өтө узун.
wrong-email = Бул электрондук почтанын дареги эмес.
wrong-max-cases = Ачык кайрылуулар: 1ден 200гө чейинки сан же бош.
wrong-last-admin = Жок дегенде бир активдүү администратор калышы керек. Эч нерсе өзгөргөн жок.
wrong-changed = Барак ачык турганда бул эсепти бирөө өзгөрттү. Кайра ачып, азыр кандай экенин көрүңүз.

## Ролдор
role-consultant = консультант
role-supervisor = супервизор
role-editor = редактор
role-publisher = жарыялоочу
role-campaigner = өнөктүк жооптуусу
role-admin = администратор
role-viewer = байкоочу
role-hint-consultant = кайрылууларды алып, жооп берет
role-hint-supervisor = бардык кайрылууларды көрөт, бөлүштүрөт, иш саатын коёт
role-hint-editor = мазмундун долбоорлорун жазат
role-hint-publisher = мазмунду жарыялайт
role-hint-campaigner = өнөктүктөрдү жана коддорду түзөт
role-hint-admin = эсептерди түзөт, журналды окуйт
role-hint-viewer = отчётторду окуйт

## Убакыт алкактары
zone-0 = Лондон кышында
zone-60 = Варшава, Берлин кышында
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
trail-title = Аракеттердин журналы
trail-text = Ким эмнени карады жана эмне кылды: номерлер менен сөздөр гана, тексттер жок. Бул жерде эч нерсе өзгөртүлбөйт; бирөө аракет кылса, safar audit verify буйругу көрсөтөт.
trail-who = Ким
trail-everybody = баары
trail-nobody = программа же бөтөн киши
trail-kind = Эмне менен
trail-object = Номери
trail-show = Көрсөтүү
trail-when = Качан
trail-what = Эмне болду
trail-on = Эмне менен
trail-empty = Мындай болгон эмес.
trail-older = Мурунку
object-staff = эсеп
object-code = кампаниянын коду
object-case = кайрылуу
object-attachment = тиркеме
object-settings = тууралоолор
object-entry = жазуу
object-import = жүктөө
object-evidence = далил
object-report = отчёт

## Эмне болду
verb-log-in = кирди
verb-log-in-refused = кирүүдөн баш тартылды
verb-log-out = чыкты
verb-second-step-refused = экинчи кадамда баш тартылды
verb-recovery-used = запас код колдонулду
verb-password-set = сырсөз коюлду
verb-second-step-set = экинчи кадам тууралды
verb-second-step-removed = экинчи кадам алынды
verb-recovery-made = запас коддор түзүлдү
verb-link-made = бир жолку шилтеме түзүлдү
verb-telegram-code-made = Telegram үчүн код түзүлдү
verb-telegram-tied = Telegram байланышты
verb-staff-added = эсеп түзүлдү
verb-staff-changed = эсеп өзгөрдү
verb-roles-changed = ролдор өзгөрдү
verb-staff-locked = эсеп бөгөттөлдү
verb-staff-unlocked = эсеп бөгөттөн чыкты
verb-sessions-ended = сеанстар бүттү
verb-on-duty = нөөмөт башталды
verb-off-duty = нөөмөт бүттү
verb-trail-read = журналды карады
verb-case-looked = кайрылууну карады
verb-case-refused = бөтөн кайрылууга кирүүгө уруксат берилген жок
verb-case-registered = кайрылууну жазды
verb-case-claimed = кайрылууну алды
verb-case-released = кайрылууну кайтарды
verb-case-returned = кайрылуу өзү кезекке кайтты
verb-case-transferred = кайрылууну өткөрүп берди
verb-case-assigned = кайрылууну дайындады
verb-case-answered = жооп берди
verb-case-noted = ички белги жазды
verb-case-closed = кайрылууну жапты
verb-case-reopened = кайрылуу кайра ачылды
verb-case-erased = кайрылуу өчүрүлдү
verb-case-urgent = коркунуч сөздөрүнөн кайрылуу шашылыш болду
verb-case-raised = кайрылууну шашылыш кылды
verb-case-lowered = кайрылуунун шашылыштыгын алды
verb-code-added = кампаниянын коду кошулду
verb-code-changed = кампаниянын коду өзгөрдү
verb-code-ended = кампаниянын коду бүттү
verb-code-removed = кампаниянын коду өчүрүлдү
verb-attachment-looked = тиркемени карады
verb-attachment-sent = файл жөнөттү
verb-settings-changed = тууралоолор өзгөрдү
verb-entry-entered = жазуу киргизди
verb-entries-imported = жазууларды жүктөдү
verb-entry-approved = жазууну бекитти
verb-import-approved = жүктөөнү бекитти
verb-entry-returned = жазууну кайтарды
verb-entry-voided = жазууну жокко чыгарды
verb-evidence-added = далил кошту
verb-evidence-looked = далилди карады
verb-report-made = отчёт түзүлдү

# Почта менен кооптондуруу.
alarm-subject = Кооптондуруу: шашылыш кайрылуулар күтүп турат
alarm-body = { $count } шашылыш кайрылуу күтүп турат, аны эч ким алган жок.
alarm-link = Ачыңыз: { $url }
alarm-no-link = Кезекти ачыңыз.
alarm-foot = «Сафар» программасы жөнөттү, анткени сиз нөөмөттөсүз. Нөөмөт жана дарек каттоо эсебиңиздин барагында өзгөртүлөт.
