# Findings of the content check, one message a code, and the names of severities. Staff read them; migrants never do.

severity-error = Error
severity-warning = Warning
severity-due = Due

# The files themselves
caution-unknown = "Caution": "{ $value }" is not known. Choose from the list (check, recalled) or leave the field empty.
date-form = { $what }: "{ $value }" is not a date. Write year, month and day like this: 2026-11-24.
date-rough-form = { $what }: "{ $value }" is not a date of a source. Write as much of it as is known: 2026-11-24, 2026-11 or 2026.
date-twice = Both "Source date" (reviewed) and "Source has no date" (undated) are set. If the date is known, take the mark away.
figure-undated = Fill in "Source date" (reviewed), or set "Source has no date" (undated) where the source has none.
figure-value = "{ $value }" is not a number. Write digits without spaces and a decimal point: 1500 or 2.842.
file-broken = The file cannot be read: { $what }. Mend this place or bring the earlier file back.
file-missing = The file is missing. Add it: without it the content cannot be read.
format-unknown = Format { $value } is not known: this program reads format 1. Write 1 again or update the program.
grade-unknown = "How sure": "{ $value }" is not known. Choose from the list (found, calc, draft).
id-form = This cannot be a code. Use small Latin letters, digits and hyphens, a letter first, 40 at most; lang and delete are taken.
k-unknown = "What the page gives": "{ $value }" is not known. Choose from the list (how, help, both, other).
key-missing = { $what } is empty, or its value is not known. Fill it in.
language-unknown = The language "{ $value }" is not in the list. Choose from: { $known }.
kind-unknown = "Kind": "{ $value }" is not known. Choose one of: { $known }.
node-twice = This code is taken already, at { $first }. Give the node another.
place-kind-unknown = "Kind of place": "{ $value }" is not known. Choose from the list.
place-undated = Fill in "Source date" (reviewed), the date of the newest page that names the place, or set "Source has no date" (undated) where that has none.
source-unknown = The source "{ $value }" is not in the list of sources. Add it there or choose another.
text-broken = The text cannot be read: { $what }. Look at its braces and indents, or bring the earlier text back.
unit-unknown = "Unit": "{ $value }" is not known. Choose one of: { $known }.

# The tree
choice-twice = "{ $value }" stands twice among the buttons. Take one away.
home-unfit = The main menu, and each node that follows it by "Show to others" (otherwise), must be a menu, and the last of them has no "Show to" (when): it is shown when nothing else can be.
input-extra = The tool has no question "{ $value }". Take it out of "Questions of the tool".
input-missing = The tool needs the question "{ $value }". Add it to "Questions of the tool".
input-unfit = "{ $value }" needs a question with an answer of the kind "{ $wanted }"; "{ $ask }" is none. Choose another question or mend this one.
k-extra = The kind of this node is { $kind }. "What the page gives" (k) stands only on pages, tools and places: empty it.
k-missing = The kind of this node is { $kind }, so fill in "What the page gives" (k).
menu-empty = The menu has no button. Add at least one.
menu-pages = The menu has { $count } buttons and needs more than one screen: { $max } fit on one. Take some away or make a second menu.
next-missing = After this question the bot does not know what to show. Fill in "Next" or add the question to a tool.
node-unreachable = No button leads here. Add this node to the buttons of a menu.
number-range = The least ({ $min }) is above the most ({ $max }). Mend one of them.
past-missing = The tool { $tool } counts from a day that has been. Set "The date is past" (past), or "1 января" may be read as the coming one.
past-misplaced = "The date is past" (past) belongs to questions about a date only. Take the mark away.
option-form = The option "{ $value }" must be 1 to 20 Latin letters, digits or hyphens, and not "skip" where the question can be skipped.
option-twice = The option "{ $value }" stands twice. Take one away.
options-count = A question of this kind needs 1 to { $max } options; it has { $count }. Add some or take some away.
otherwise-circle = "Show to others" leads in a circle for people with { $who }. Choose another node for them.
otherwise-missing = "Show to" (when) is filled in and "Show to others" (otherwise) is not. Choose a node for the others.
otherwise-refuses = "Show to others" leads people with { $who } to a node that refuses them, too. Choose one that they may see.
profile-key-unknown = The bot keeps no answer "{ $value }". Choose from: { $known }.
target-unknown = { $what }: there is no node "{ $value }". Choose another, or make this one first.
tool-unknown = There is no tool "{ $value }". Choose one of: { $known }.
when-value-unknown = "Show to": "{ $value }" is no answer to { $what }. Choose from: { $known }.

# Texts
attribute-extra = { $attribute }: nobody will see this part of the text. Delete it.
attribute-missing = { $attribute } is missing in { $locale }. Write it.
figure-misplaced = { $attribute }: the figure "{ $value }" cannot stand here. Figures stand only in texts, notes and results of tools.
figures-differ = { $attribute }: the figures differ from the Russian. Missing: { $missing }. Too many: { $extra }. Make them the same.
plural-forms = { $attribute }: "{ $value }" has the plural forms { $found }; { $locale } has { $wanted }, and exact numbers. Mend the forms.
selectors-differ = { $attribute }: the conditions differ from the Russian. Missing: { $missing }. Too many: { $extra }. Make them the same.
text-extra = There is no node, place or reply for this text. Delete it.
text-missing = The text is missing in { $locale }. Write it.
translation-stale = The Russian text has changed since this translation was confirmed. Compare, mend it if need be, and confirm it (on the command line: safar content confirm ID).
translation-unconfirmed = Nobody has confirmed this translation yet. Read it beside the Russian and confirm it (on the command line: safar content confirm ID).
variable-printed = { $attribute }: "{ $value }" is a word of the program, not for people. Choose by it what to show; do not print it.
variable-unknown = { $attribute }: there is no variable "{ $value }" here. There are: { $known }.
variables-differ = { $attribute }: the variables differ from the Russian. Missing: { $missing }. Too many: { $extra }. Make them the same.

# Letters and markup
hidden-character = { $value } cannot be seen, or is a mark of the program. Take it out, or type this place again.
letter-foreign = { $attribute }: there are no such letters in { $locale }: { $value }. Type the words again, or put them in quotes or brackets.
markup-foreign = { $attribute }: "{ $value }" does not work here. There are only *bold*, numbered lines and bare links.
markup-star = A star has no partner on its line, or stands in a title or on a button. Add the other or take this one away.
text-folded = The whole file has none of the letters { $letters }. Is it { $locale }? Type the texts with all letters of the language.
word-russian = { $attribute }: Russian words outside brackets and quotes: { $value }. Translate them, or put the name of a paper in brackets. The text should be in { $locale }.
word-mixed = { $attribute }: "{ $value }" mixes Latin and Cyrillic letters. Type it again.

# Glossary
glossary = { $attribute }: "{ $value }" is not used here. The glossary says: { $wanted }. Replace it.

# Keywords and topics
keywords-shared = In { $locale } more than half of the words for the search are those of { $other }: who uses them may get either page. Leave each word with the page that it fits best.
keywords-steal = In { $locale } who asks with the title of this page gets another before it: { $other }. Give each the words for the search that only it is asked with.
keywords-few = There are { $count } different words for the search in { $locale }: people search in their own words, so add some up to { $min } at least.
topic-unknown = The topic "{ $value }" is not in the list of topics. Choose one from the list.

# Messages
choices-many = { $channel }: { $length } buttons on the screen, { $max } at most. Take some away.
description-long = { $channel }: the title stands under a button, too (on { $where }), and has { $length } characters, { $max } at most. Shorten the title.
label-long = { $channel }: the button "{ $label }" has { $length } characters, { $max } at most (on { $where }). Shorten it.
label-twice = Two buttons on { $value } say "{ $label }" (the second: { $other }). Change one, so that they can be told apart.
reference-broken = The text names something that is not there: { $value }. Mend it or take it out.
text-long = { $channel }: with all that the bot adds, the message has { $length } characters, { $max } at most. Shorten the text.
token-long = { $channel }: the code of a button has { $length } bytes, { $max } at most. Give the node or the option a shorter code.

# Figures
figure-out = The figure { $value } has no value on { $date }: people read that it is not published yet. Add a new value with its source.
figure-overlap = Two values on one day (region: { $key }): this one and the one in line { $line } of the file. Mend "Valid from" or "Valid until".
figure-period = "Valid until" ({ $to }) is before "Valid from" ({ $from }). Mend one of them.
figure-unknown = { $attribute }: there is no figure "{ $value }". Add it to the figures or choose another.
figure-unused = No text and no tool asks for this figure. Put it into a text or delete it.
number-hard = { $attribute }: "{ $value } …" is a sum in digits. Make it a figure with its period and source, and choose that from the list.
region-unknown = "Region": "{ $value }" is not in the list of regions. Choose one from the list.

# Sources
check-at-missing = The caution is "May have changed". Fill in "Where to check" (check_at): a site or an office.
facts-undated = { $what } is empty: facts are shown with their source and date. Fill it in.
review-overdue = The check was due by { $date }. Compare with the source, mend what has changed, and set a new day in "Check by" (review_by).
reviewed-future = { $what }: { $date } lies in the future. Mend the date.

# Places
city-unasked = People cannot be shown the places of their city: no question asks for it. Add a question with the name of answer "city" and options, or do not narrow by city.
city-unknown = The city "{ $value }" is no option of the question about the city. Choose from: { $known }.
country-unknown = The country "{ $value }" is not in the list. Choose from: { $known }.
phone-form = Nobody can dial this phone number. Write digits; a plus in front, spaces, hyphens and brackets may stand.
place-certain = "The number is sure" (certain) is set, but there is no phone. Add a phone or take the mark away.
place-twice = There is a place with this code already. Give another code or delete one of the two.
places-none = There is no place of this kind: { $value }. Add one, or take the kind out of "Kinds of places".

# Templates of WhatsApp
template-body = The text of a template must have 1 to 1,024 characters; this one has ({ $value }). Change it.
template-button = The button of a template must have 1 to 20 characters; this one has ({ $value }). Change it.
template-button-missing = In { $value } there is no button: without one nothing brings the answer. Fill in "Button".
template-category = There is no category "{ $value }". Choose UTILITY, MARKETING or AUTHENTICATION.
template-code = WhatsApp has no language "{ $value }". It has no Tajik either: give those who read Tajik the Russian text in "For whom" (for).
template-locale = There is no language "{ $value }". Choose ru, tg or ky.
template-locale-missing = Nobody who reads { $value } gets this template. Add them to "For whom" (for) of one text.
template-locale-twice = People who read { $value } stand in "For whom" (for) more than once. Leave them at one text.
template-name = The name "{ $value }" must have small Latin letters, digits and underscores only.
reply-long = The text has { $length } characters; a consultant can send { $max }. Shorten it.
reply-twice = There is a quick reply with this code already, at { $first }. Give another code.
template-purpose = "Purpose": "{ $value }" is not known. Choose answer.
template-purpose-missing = No template has the purpose "{ $value }". Add one.
template-purpose-twice = The template "{ $value }" has a purpose that another has already. Leave one of them.
template-twice = The template "{ $value }" stands twice. Delete one or give another name.
template-variable-unknown = There is no variable "{ $value }" for a template. There is only date.
template-variables = In { $value } the places of variables, 1 to n in double braces, are not those of "Variables". Mend the text or the field.

# Ids that are gone
id-revived = This code was retired, and now there is such a node again. Take the code out of the retired ones, or give the node another.
id-vanished = This node was in the last release, and old buttons lead to it. Say which node is shown instead of it ([retired]).

# The program's own texts
interface-missing = The program has no such text in { $locale }. Tell your administrator.
interface-variables = The variables of a text of the program differ from the Russian. Wanted: { $wanted }. Found: { $found }. Tell your administrator.
