# Fields of the studio's forms and the words of its lists. The sentences of check.ftl use the same.

# Fields of a node
studio-field-id = Code
studio-field-kind = Kind
studio-field-topics = Topics
studio-field-when = Show to
studio-field-otherwise = Show to others
studio-field-sources = Sources
studio-field-reviewed = Source date
studio-field-undated = Source has no date
studio-field-review_by = Check by
studio-field-caution = Caution
studio-field-check_at = Where to check
studio-field-k = What the page gives
studio-field-choices = Buttons
studio-field-var = Name of the answer
studio-field-answer = Kind of answer
studio-field-options = Options
studio-field-profile = Keep the answer
studio-field-optional = May be skipped
studio-field-min = The least
studio-field-max = The most
studio-field-past = The date is past
studio-field-next = Next
studio-field-tool = Tool
studio-field-inputs = Questions of the tool
studio-field-kinds = Kinds of places
studio-field-by = Narrow by

# Fields of a figure
studio-field-value = Value
studio-field-unit = Unit
studio-field-from = Valid from
studio-field-to = Valid until
studio-field-key = Region
studio-field-source = Source
studio-field-grade = How sure
studio-key-none = the whole country

# Fields of a place
studio-field-country = Country
studio-field-citizens = For citizens of
studio-field-city = City
studio-field-city_id = City of the bot's question
studio-field-languages = Languages
studio-field-place-kind = Kind of place
studio-field-phones = Phones
studio-field-site = Site
studio-field-address = Address
studio-field-confirmed = Confirmed on
studio-field-certain = The number is sure

# Fields of a term
studio-field-ru = In Russian
studio-field-tg = In Tajik
studio-field-ky = In Kyrgyz
studio-field-avoid_tg = Not to be written in Tajik
studio-field-avoid_ky = Not to be written in Kyrgyz

# Fields of a template
studio-field-name = Name
studio-field-purpose = Purpose
studio-field-category = Category
studio-field-variables = Variables
studio-field-sample = Sample
studio-field-for = For whom
studio-field-body = Text
studio-field-button = Button

# Fields of a source
studio-field-title = Name
studio-field-date = Date
studio-field-url = Link

# The head: what the bot opens by itself
studio-field-home = Main menu
studio-field-first = First question
studio-field-later = Questions for the counts
studio-field-help = Help by people
studio-field-emergency = Danger
studio-field-risk = Topics of danger
studio-field-retired = Shown instead of the retired

# Parts of a text
part-title = Title
part-text = Text
part-button = Button
part-keywords = Words for the search
part-opt = Answer "{ $value }"
part-out = Result "{ $value }"
part-note = Note
part-name = Name for staff
part-tool = Tool

# Kinds of nodes
kind-menu = Menu
kind-page = Page
kind-ask = Question
kind-tool = Tool
kind-places = Places of help
kind-feedback = Feedback
kind-handoff = Consultant
kind-end = End

# What the page gives
k-how = How to go and work by the law
k-help = Where to get help
k-both = Both
k-other = Something else

# Cautions
caution-check = May have changed
caution-recalled = Not compared with the law's text

# Kinds of answer
answer-one-of = One of the options
answer-date = Date
answer-number = Number
answer-text = Own words

# What the bot knows of a person
profile-audience = Who they are
profile-citizenship = Citizenship
profile-destination = Country of work
profile-sex = Sex
profile-age = Age
profile-city = City

# Tools and their questions
tool-name-deadlines = Deadlines in Russia
tool-name-kz-deadlines = Deadlines in Kazakhstan
tool-name-late-wages = Late wages
tool-name-patent-cost = Price of the patent
tool-input-citizenship = Citizenship
tool-input-entry = Date of entry
tool-input-amount = Sum that is owed
tool-input-since = When it was due
tool-input-rate = Key rate
tool-input-month = Month
tool-input-region = Region

# Units
unit-rub = Roubles
unit-rub-month = Roubles a month
unit-days = Days
unit-working-days = Working days
unit-months = Months
unit-years = Years
unit-percent = Per cent
unit-number = A bare number
unit-kzt = Tenge
unit-kgs = Som
unit-tjs = Somoni
unit-usd = US dollars
unit-mrp = MRP (monthly index of Kazakhstan)
unit-hours = Hours

# How sure
grade-found = Found in the source
grade-calc = Computed by the formula
grade-draft = From a bill

# Kinds of places
place-kind-emergency = Emergency service
place-kind-hotline = Hotline
place-kind-embassy = Embassy
place-kind-consulate = Consulate
place-kind-legal-aid = Legal aid
place-kind-centre = Help centre
place-kind-labour-inspection = Labour inspection
place-kind-none = no kind is chosen

# What content consists of
item-node = Node
item-text = Text
item-figure = Figure
item-region = Region
item-place = Place
item-source = Source
item-term = Term
item-reply = Quick reply
item-template = WhatsApp template
item-retired = Retired node
item-head = Head of the file
item-whole = File

# Languages: "missing in Tajik"
in-ru = Russian
in-tg = Tajik
in-ky = Kyrgyz
in-en = English

# The check as a whole
check-nothing = nothing
check-sum = Nodes: { $nodes }. Errors: { $errors }, warnings: { $warnings }, due: { $due }.
