-- What is open stays few, what is closed grows for ever: counting the open ones reads no closed one.
create index cases_open on cases (urgent desc, waiting_since, id, holder) where state = 'claimed';
