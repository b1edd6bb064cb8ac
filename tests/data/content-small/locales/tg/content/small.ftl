# from ru 7112b2e8
home = Чиро донистан мехоҳед?
    .text = Ин ҷо ҷавобҳо дар бораи кор.
    .keywords = меню, оғоз, старт

# from ru cc7cfe6c
ask-citizenship = Шаҳрвандии шумо кадом аст?
    .opt-TJ = Тоҷикистон
    .opt-KG = Қирғизистон
    .opt-other = Кишвари дигар

# from ru 19a4e3fb
rule = Патент ба кӣ лозим аст?
    .text =
        { $citizenship ->
            [TJ] Ба шумо *патент* лозим аст.
           *[other] Патент на ба ҳама лозим аст.
        }

        Боҷ: { FIGURE("fee") }.
    .button = 📄 Патент
    .keywords = патент, иҷозат

# from ru de46e1d0
rule-kyrgyz = Ба шаҳрвандони Қирғизистон патент лозим аст?
    .text = Не, лозим нест.
    .button = Қирғизистон

# from ru a3448181
price = Патент дар минтақаи шумо чанд пул аст?
    .out-known = { $region_name }, { $month }: *{ $payment }*.
    .out-draft = Аз рӯи лоиҳа: { $payment }.
    .out-computed = Аз рӯи формула: { $payment }.
    .out-not-published = Барои соли { $year } ҳоло нашр нашудааст.
    .out-unknown-region = Дар хадамоти андоз пурсед.
    .button = Нарх

# from ru 93bb3f8f
ask-region = Дар кадом минтақа кор мекунед?
    .opt-moscow = Москва
    .opt-other = Минтақаи дигар

# from ru 916942a7
ask-month = Барои кадом моҳ пардохт мекунед?
    .opt-this = Ҳамин моҳ
    .opt-next = Моҳи оянда
    .opt-jan = Январ

# from ru 07ef56d0
help = Одамони зинда дар куҷо кӯмак мекунанд?
    .text = Ба 112 занг занед.
    .button = 🆘 Одамон

# from ru 0bc91bb1
ask-age = Шумо чандсолаед?
    .button = Синну сол

# from ru 02a6bcaf
helped = Ин ҷавоб ба шумо кӯмак кард?
    .button = Кӯмак кард?
    .opt-yes = Ҳа
    .opt-no = Не

# from ru d48690fd
goodbye = Ташаккур!

# from ru 0a776f65
place-one = Кӯмаки таъҷилӣ
    .note = Шабонарӯзӣ.

# from ru 2bb45475
place-two = Хатти боварӣ
