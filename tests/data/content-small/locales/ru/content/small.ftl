# A small, whole content for the tests of the check.

home = Что вы хотите узнать?
    .text = Здесь ответы о работе.
    .keywords = меню, начало, старт

ask-citizenship = Какое у вас гражданство?
    .opt-TJ = Таджикистан
    .opt-KG = Кыргызстан
    .opt-other = Другая страна

rule = Кому нужен патент?
    .text =
        { $citizenship ->
            [TJ] Вам нужен *патент*.
           *[other] Патент нужен не всем.
        }

        Пошлина: { FIGURE("fee") }.
    .button = 📄 Патент
    .keywords = патент, разрешение

rule-kyrgyz = Нужен ли патент гражданам Кыргызстана?
    .text = Нет, не нужен.
    .button = Кыргызстан

price = Сколько стоит патент в вашем регионе?
    .out-known = { $region_name }, { $month }: *{ $payment }*.
    .out-draft = По проекту: { $payment }.
    .out-computed = По формуле: { $payment }.
    .out-not-published = За { $year } год ещё не опубликовано.
    .out-unknown-region = Спросите в налоговой службе.
    .button = Цена

ask-region = В каком регионе вы работаете?
    .opt-moscow = Москва
    .opt-other = Другой регион

ask-month = За какой месяц платить?
    .opt-this = Этот месяц
    .opt-next = Следующий месяц
    .opt-jan = Январь

help = Где помогут живые люди?
    .text = Звоните 112.
    .button = 🆘 Люди рядом

ask-age = Сколько вам лет?
    .button = Возраст

helped = Этот ответ вам помог?
    .button = Помогло?
    .opt-yes = Да
    .opt-no = Нет

goodbye = Спасибо!

place-one = Экстренная помощь
    .note = Круглосуточно.

place-two = Горячая линия
