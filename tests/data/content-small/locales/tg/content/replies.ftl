# from ru baa6d6e6
reply-hello = Салом! Ҳозир ҷавоб медиҳам.
    .name = Салом
