# Саҳифаҳои кормандон: чорчӯба, даромад, ҳисобҳо, дафтари амалҳо. Матнҳои навбат ва муроҷиатҳо дар desk.ftl.

## Чорчӯба
skip = Ба мундариҷа гузаштан
nav = Бахшҳо
menu = Меню
language = Забон
log-out = Баромадан
to-start = Ба аввал
nav-queue = Навбат
nav-register = Сабти нав
nav-supervisor = Шарҳи умумӣ
nav-campaigns = Маъракаҳо
nav-people = Кормандон
nav-trail = Дафтари амалҳо
nav-reports = Ҳисоботҳо

## Раддияҳо
refusal-role = Дастрасӣ нест
refusal-text-role = Ҳисоби шумо нақшеро, ки барои ин саҳифа лозим аст, надорад. Ба маъмур муроҷиат кунед.
refusal-csrf = Варақа кӯҳна шудааст
refusal-text-csrf = Ҳеҷ чиз тағйир наёфт. Саҳифаро аз нав кушоед ва такрор кунед.
refusal-bad = Варақаро хондан нашуд
refusal-text-bad = Ҳеҷ чиз тағйир наёфт. Саҳифаро аз нав кушоед ва такрор кунед.
refusal-too-large = Матн аз ҳад зиёд аст
refusal-text-too-large = Ҳеҷ чиз сабт нашуд. Матнро кӯтоҳ кунед ва боз фиристед.
refusal-not-found = Чунин саҳифа нест
refusal-text-not-found = Шояд онро нест карданд ё шумо онро дида наметавонед.
refusal-changed = Каси дигар пештар кард
refusal-text-changed = То саҳифа кушода буд, инро аллакай тағйир доданд. Онро аз нав кушоед ва бубинед, ки ҳоло чӣ гуна аст.
refusal-unavailable = Ҳоло намешавад
refusal-text-unavailable = Сервер банд аст ё махзани маълумот ҷавоб намедиҳад. Ҳеҷ чиз тағйир наёфт. Баъд аз як дақиқа боз кӯшиш кунед.

## Даромад
login-title = Даромад барои кормандон
login-login = Логин
login-password = Рамз (парол)
login-submit = Даромадан
login-forgot = Рамзро фаромӯш кардед? Маъмур барои шумо пайванд месозад, ки бо он рамзи нав мегузоред.
login-refused = Логин ё рамз нодуруст аст.
login-wait = Кӯшишҳои нобарор аз ҳад зиёд шуданд. { $n } дақиқа интизор шавед ва боз кӯшиш кунед.
login-empty = Ҳоло ягон ҳисоб нест. Маъмури аввалро дар сервер созед:
login-empty-then = Фармон пайвандеро чоп мекунад, ки бо он рамз мегузоред. Баъд ин саҳифаро аз нав кушоед.
code-title = Қадами дуюми даромад
code-code = Рамзи яквақта
code-hint = Шаш рақам аз барномаи аутентификатор ё яке аз рамзҳои эҳтиётӣ.
code-submit = Идома додан
code-refused = Рамз нодуруст аст ё аллакай истифода шудааст. Рамзи навбатиро интизор шавед.

## Пайванди яквақта ва рамз
link-title = Рамзи худро гузоред
link-for = Ин рамзи ҳисоби { $login } аст.
link-gone = Ин пайванд аллакай истифода шудааст ё муҳлаташ гузаштааст. Аз маъмур пайванди нав пурсед.
link-done = Рамз гузошта шуд
link-done-text = Ҳамаи нишастҳои пештараи ин ҳисоб анҷом ёфтанд. Бо рамзи нав дароед.
password-old = Рамзи ҳозира
password-new = Рамзи нав
password-again = Рамзи нав бори дигар
password-hint = На камтар аз { $n } аломат. Чанд калимаи паиҳамро дар хотир доштан осон аст.
password-save = Рамзро сабт кардан
password-length = Рамз аз ҳад кӯтоҳ ё аз ҳад дароз аст. На камтар аз { $n } аломат лозим.
password-weak = Рамзро ёфтан хеле осон аст: дар он логин ҳаст ё чанд аломат такрор мешавад.
password-differs = Ду рамзи нав як хел нестанд.
password-wrong = Рамзи ҳозира нодуруст аст.

## Қадами дуюм
second-title = Қадами дуюми даромад
second-why = Бо қадами дуюм танҳо рамзи дуздидашуда кофӣ нест. Барои супервизорон ва маъмурон он ҳатмист.
second-renew = Рамзи нав ҷои кӯҳнаро мегирад ва шумо рамзҳои нави эҳтиётӣ мегиред.
second-app = Агар надошта бошед, ба телефон барномаи аутентификатор насб кунед (FreeOTP, Aegis, Google Authenticator).
second-scan = Тасвирро бо барнома скан кунед ё калидро дастӣ ворид кунед.
second-type = Шаш рақамеро, ки барнома нишон медиҳад, ворид кунед.
second-qr = QR-код барои барномаи аутентификатор
second-open = Барнома дар ҳамин дастгоҳ аст? Онро бо калид кушоед
second-key = Калид барои воридкунии дастӣ:
second-code = Шаш рақам аз барнома
second-submit = Фаъол кардан
second-on = Фаъол
second-again = Аз нав танзим кардан
second-begin = Танзим кардан
codes-title = Рамзҳои эҳтиётӣ
codes-text = Агар телефонро гум кунед, ҳар яки онҳо як бор ҷои рамзи барномаро мегирад.
codes-once = Онҳо танҳо ҳозир нишон дода мешаванд. Нависед ё чоп кунед ва аз телефон ҷудо нигоҳ доред.
codes-done = Ман онҳоро нигоҳ доштам
codes-left = Рамзҳои эҳтиётии боқимонда: { $n }.
codes-renew = Рамзҳои нави эҳтиётӣ

## Ҳисоби худӣ
account-title = Ҳисоби ман
account-settings = Танзимот
account-zone = Минтақаи вақт
account-now = Ҳоло дар он ҷо { $time } аст.
account-email = Почтаи электронӣ
account-email-hint = Танҳо барои бонги муроҷиатҳои фаврӣ. Рамзгузорӣ шуда нигоҳ дошта мешавад.
account-duty = Навбатдорӣ
account-duty-on = Шумо навбатдоред: бонги муроҷиатҳои фаврӣ ба шумо меояд.
account-duty-off = Шумо навбатдор нестед. Бонги муроҷиатҳои фаврӣ ба шумо намеояд.
account-duty-begin = Оғози навбатдорӣ
account-duty-end = Анҷоми навбатдорӣ
account-telegram = Telegram
account-telegram-why = Telegram-и худро пайваст кунед, он гоҳ бонг ба он ҷо меояд. Муҳоҷирон онро намебинанд.
account-telegram-tie = Telegram-ро пайваст кардан
account-telegram-send = Инро аз Telegram-и худ ба бот фиристед. Рамз { $n } дақиқа эътибор дорад ва як бор кор мекунад.
account-telegram-open = Ботро кушодан
account-telegram-tied = Telegram-и шумо пайваст аст.
account-telegram-untie = Ҷудо кардан
account-password = Рамз
save = Сабт кардан
done-campaign-ended = Анҷом ёфт.
done-saved = Сабт шуд.
done-password-set = Рамзи нав эътибор дорад. Нишастҳои дигари шумо анҷом ёфтанд.

## Кормандон
people-title = Кормандон
people-login = Логин
people-login-hint = Ҳарфҳои хурди лотинӣ, рақамҳо, нуқта, дефис.
people-name = Ном
people-name-hint = Онро муҳоҷирон мебинанд: танҳо ном ё тахаллус.
people-roles = Нақшҳо
people-access = Дастрасӣ
people-locked = басташуда
people-no-password = ҳоло рамз надорад
people-no-second = қадами дуюм нест
people-active = фаъол
people-on-duty = навбатдор
people-add = Ҳисоби нав
people-add-submit = Ҳисоб сохтан
linked-title = Пайванди яквақта
linked-text = Ин пайвандро ба { $name } ({ $login }) диҳед, беҳтараш шахсан ё бо паёми шахсӣ. Бо он рамз гузошта мешавад.
linked-once = Он танҳо ҳозир нишон дода мешавад, як бор кор мекунад ва { $n } соат эътибор дорад.
linked-done = Тайёр
person-change = Ҳисоб
person-skills = Малакаҳо
person-skills-hint = Мавзӯъҳо ё калимаҳо бо вергул: муроҷиатро аз рӯи малака супоридан мумкин аст.
person-max = Муроҷиатҳои кушода на зиёда аз
person-max-hint = Холӣ: мувофиқи танзимоти машваратҳо.
person-access = Дастрасӣ
person-password-yes = Рамз гузошта шудааст.
person-password-no = Рамз ҳоло гузошта нашудааст.
person-second-yes = Қадами дуюм фаъол аст.
person-second-no = Қадами дуюм хомӯш аст.
person-locale = Забон { $language }, минтақаи вақт { $zone }.
person-link = Пайванд барои рамзи нав
person-second-remove = Қадами дуюмро гирифтан
person-sessions = Ҳамаи нишастҳоро анҷом додан
person-lock = Ҳисобро бастан
person-unlock = Ҳисобро кушодан
person-access-hint = Бастан ҳамаи нишастҳоро фавран анҷом медиҳад. Ҳисобҳо нест карда намешаванд, то ки дар дафтар номҳо монанд.
person-trail = Ин ҳисоб чӣ кор кард

## Дар варақа чӣ нодуруст аст
wrong-login = Логин: аз 2 то 40 ҳарфи хурди лотинӣ, рақам, нуқта, дефис ё зерхат.
wrong-login-taken = Ин логин аллакай банд аст.
wrong-name = Ном холӣ, аз ҳад дароз аст ё аломатҳои номумкин дорад.
wrong-roles = Ақаллан як нақшро интихоб кунед.
wrong-zone = Чунин минтақаи вақт нест.
wrong-skills = Малакаҳо аз ҳад зиёданд ё яке аз онҳо аз ҳад дароз аст.
wrong-email = Ин суроғаи почтаи электронӣ нест.
wrong-max-cases = Муроҷиатҳои кушода: рақам аз 1 то 200 ё холӣ.
wrong-last-admin = Бояд ақаллан як маъмури фаъол монад. Ҳеҷ чиз тағйир наёфт.
wrong-changed = То саҳифа кушода буд, ин ҳисобро тағйир доданд. Аз нав кушоед ва бубинед, ки ҳоло чӣ гуна аст.

## Нақшҳо
role-consultant = машваратчӣ
role-supervisor = супервизор
role-editor = муҳаррир
role-publisher = ношир
role-campaigner = масъули маъракаҳо
role-admin = маъмур
role-viewer = нозир
role-hint-consultant = муроҷиатҳоро мегирад ва ҷавоб медиҳад
role-hint-supervisor = ҳамаи муроҷиатҳоро мебинад, тақсим мекунад, соатҳоро муқаррар мекунад
role-hint-editor = нусхаҳои пешакии мундариҷаро менависад
role-hint-publisher = мундариҷаро нашр мекунад
role-hint-campaigner = маъракаҳо ва рамзҳоро месозад
role-hint-admin = ҳисобҳоро месозад, дафтарро мехонад
role-hint-viewer = ҳисоботҳоро мехонад

## Минтақаҳои вақт
zone-0 = Лондон дар зимистон
zone-60 = Варшава, Берлин дар зимистон
zone-120 = Калининград
zone-180 = Москва, Санкт-Петербург, Истанбул
zone-240 = Самара, Тбилиси, Дубай
zone-300 = Душанбе, Тошканд, Алмаато, Екатеринбург
zone-360 = Бишкек, Омск
zone-420 = Новосибирск, Красноярск
zone-480 = Иркутск
zone-540 = Якутск, Сеул
zone-600 = Владивосток, Хабаровск
zone-660 = Магадан, Сахалин
zone-720 = Камчатка

## Дафтари амалҳо
trail-title = Дафтари амалҳо
trail-text = Кӣ чиро дид ва чӣ кор кард: танҳо рақамҳо ва калимаҳо, бе матнҳо. Ин ҷо чизеро тағйир додан намешавад; агар касе кӯшиш карда бошад, фармони safar audit verify нишон медиҳад.
trail-who = Кӣ
trail-everybody = ҳама
trail-nobody = барнома ё бегона
trail-kind = Бо чӣ
trail-object = Рақами он
trail-show = Нишон додан
trail-when = Кай
trail-what = Чӣ шуд
trail-on = Бо чӣ
trail-empty = Чунин чиз набуд.
trail-older = Пештар
object-staff = ҳисоб
object-code = рамзи маърака
object-case = муроҷиат
object-attachment = замима
object-settings = танзимот
object-entry = сабт
object-import = боркунӣ
object-evidence = далел
object-report = ҳисобот

## Чӣ шуд
verb-log-in = даромад
verb-log-in-refused = даромад рад шуд
verb-log-out = баромад
verb-second-step-refused = дар қадами дуюм рад шуд
verb-recovery-used = рамзи эҳтиётӣ истифода шуд
verb-password-set = рамз гузошта шуд
verb-second-step-set = қадами дуюм танзим шуд
verb-second-step-removed = қадами дуюм гирифта шуд
verb-recovery-made = рамзҳои эҳтиётӣ сохта шуданд
verb-link-made = пайванди яквақта сохта шуд
verb-telegram-code-made = рамз барои Telegram сохта шуд
verb-telegram-tied = Telegram пайваст шуд
verb-staff-added = ҳисоб сохта шуд
verb-staff-changed = ҳисоб тағйир ёфт
verb-roles-changed = нақшҳо тағйир ёфтанд
verb-staff-locked = ҳисоб баста шуд
verb-staff-unlocked = ҳисоб кушода шуд
verb-sessions-ended = нишастҳо анҷом ёфтанд
verb-on-duty = навбатдорӣ сар шуд
verb-off-duty = навбатдорӣ тамом шуд
verb-trail-read = дафтарро хонд
verb-case-looked = муроҷиатро дид
verb-case-refused = дастрасӣ ба муроҷиати дигарон рад шуд
verb-case-registered = муроҷиатро сабт кард
verb-case-claimed = муроҷиатро гирифт
verb-case-released = муроҷиатро баргардонд
verb-case-returned = муроҷиат худ ба навбат баргашт
verb-case-transferred = муроҷиатро супорид
verb-case-assigned = муроҷиатро таъин кард
verb-case-answered = ҷавоб дод
verb-case-noted = қайди дохилӣ навишт
verb-case-closed = муроҷиатро пӯшид
verb-case-reopened = муроҷиат аз нав кушода шуд
verb-case-erased = муроҷиат нест шуд
verb-case-urgent = муроҷиат аз рӯи суханони хатар фаврӣ шуд
verb-case-raised = муроҷиатро фаврӣ кард
verb-case-lowered = фаврӣ будани муроҷиатро бекор кард
verb-code-added = рамзи маърака илова шуд
verb-code-changed = рамзи маърака тағйир ёфт
verb-code-ended = рамзи маърака анҷом ёфт
verb-code-removed = рамзи маърака нест карда шуд
verb-attachment-looked = замимаро дид
verb-attachment-sent = файл фиристод
verb-settings-changed = танзимот тағйир ёфт
verb-entry-entered = сабт навишт
verb-entries-imported = сабтҳоро бор кард
verb-entry-approved = сабтро тасдиқ кард
verb-import-approved = боркуниро тасдиқ кард
verb-entry-returned = сабтро баргардонид
verb-entry-voided = сабтро бекор кард
verb-evidence-added = далел илова кард
verb-evidence-looked = далелро дид
verb-report-made = ҳисобот сохта шуд

# Ҳушдор бо почта.
alarm-subject = Ҳушдор: муроҷиатҳои фаврӣ мунтазиранд
alarm-body = { $count } муроҷиати фаврӣ мунтазир аст, касе онро нагирифтааст.
alarm-link = Кушоед: { $url }
alarm-no-link = Навбатро кушоед.
alarm-foot = Фиристанда — барномаи «Сафар», зеро шумо навбатдор ҳастед. Навбатдорӣ ва суроға дар саҳифаи ҳисоби шумо иваз мешаванд.
