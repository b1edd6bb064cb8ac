# from ru baa6d6e6
reply-hello = Саламатсызбы! Азыр жооп берем.
    .name = Салам
