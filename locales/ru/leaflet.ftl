# Что видят люди: страница листовки и плакат.

leaflet-title = Safar: бесплатная справка о работе за границей
leaflet-lead = Патент, регистрация, зарплата, семья, возвращение домой. На таджикском, кыргызском и русском. Имя и паспорт не нужны.
leaflet-choose = Где вам удобнее спросить?
leaflet-languages = Язык
leaflet-telegram = Открыть в Telegram
leaflet-whatsapp = Открыть в WhatsApp
leaflet-whatsapp-hint = Сообщение со знаком # уже написано. Просто отправьте его.
leaflet-web = Открыть прямо здесь
leaflet-web-hint = Без приложения и без номера телефона.
leaflet-danger = Опасно для жизни? Звоните 112.
leaflet-free = Safar не берёт денег. Если кто-то просит деньги от имени Safar — это обман.
leaflet-greeting = Здравствуйте!
poster-title = Едете работать? Спросите у Safar
poster-line-law = Патент, регистрация, договор — по закону и без посредников
poster-line-help = Не платят, забрали паспорт, задержали — куда обратиться
poster-line-family = Семья, дети, возвращение домой
poster-line-free = Бесплатно, без имени и паспорта
poster-scan = Наведите камеру телефона
poster-type = или наберите адрес
poster-languages = Забони тоҷикӣ · Кыргыз тили · Русский язык
