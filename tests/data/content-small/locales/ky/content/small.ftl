# from ru 7112b2e8
home = Эмнени билгиңиз келет?
    .text = Бул жерде жумуш жөнүндө жооптор.
    .keywords = меню, башы, старт

# from ru cc7cfe6c
ask-citizenship = Жарандыгыңыз кайсы?
    .opt-TJ = Тажикстан
    .opt-KG = Кыргызстан
    .opt-other = Башка өлкө

# from ru 19a4e3fb
rule = Патент кимге керек?
    .text =
        { $citizenship ->
            [TJ] Сизге *патент* керек.
           *[other] Патент баарына эле керек эмес.
        }

        Жыйым: { FIGURE("fee") }.
    .button = 📄 Патент
    .keywords = патент, уруксат

# from ru de46e1d0
rule-kyrgyz = Кыргызстандын жарандарына патент керекпи?
    .text = Жок, кереги жок.
    .button = Кыргызстан

# from ru a3448181
price = Сиздин аймакта патент канча турат?
    .out-known = { $region_name }, { $month }: *{ $payment }*.
    .out-draft = Долбоор боюнча: { $payment }.
    .out-computed = Формула боюнча: { $payment }.
    .out-not-published = { $year }-жыл үчүн азырынча жарыялана элек.
    .out-unknown-region = Салык кызматынан сураңыз.
    .button = Баасы

# from ru 93bb3f8f
ask-region = Кайсы аймакта иштейсиз?
    .opt-moscow = Москва
    .opt-other = Башка аймак

# from ru 916942a7
ask-month = Кайсы ай үчүн төлөйсүз?
    .opt-this = Ушул ай
    .opt-next = Кийинки ай
    .opt-jan = Январь

# from ru 07ef56d0
help = Тирүү адамдар кайда жардам берет?
    .text = 112ге чалыңыз.
    .button = 🆘 Адамдар

# from ru 0bc91bb1
ask-age = Жашыңыз канчада?
    .button = Жашы

# from ru 02a6bcaf
helped = Бул жооп сизге жардам бердиби?
    .button = Жардам бердиби?
    .opt-yes = Ооба
    .opt-no = Жок

# from ru d48690fd
goodbye = Рахмат!

# from ru 0a776f65
place-one = Шашылыш жардам
    .note = Күнү-түнү.

# from ru 2bb45475
place-two = Ишеним телефону
