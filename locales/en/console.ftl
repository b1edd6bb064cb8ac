# Pages of the staff: frame, access, accounts, trail. The desk's own texts stand in desk.ftl.

## Frame
skip = Skip to the content
nav = Sections
menu = Menu
language = Language
log-out = Log out
to-start = To the start
nav-queue = Queue
nav-follow-ups = Follow-ups
nav-register = New entry
nav-supervisor = Overview
nav-campaigns = Campaigns
nav-people = People
nav-trail = Trail
nav-reports = Reports

## Refusals
refusal-role = Not allowed
refusal-text-role = Your account does not have the role this page needs. Ask an administrator.
refusal-csrf = The form is out of date
refusal-text-csrf = Nothing was changed. Open the page again and repeat what you did.
refusal-bad = The form could not be read
refusal-text-bad = Nothing was changed. Open the page again and repeat what you did.
refusal-too-large = Too much text
refusal-text-too-large = Nothing was saved. Make the text shorter and send it again.
refusal-not-found = There is no such page
refusal-text-not-found = It may have been removed, or you may not see it.
refusal-changed = Somebody was faster
refusal-text-changed = Somebody changed this while you had the page open. Open it again and look at how it is now.
refusal-unavailable = Not possible right now
refusal-text-unavailable = The server is busy or the database does not answer. Nothing was changed. Try again in a minute.

## Coming in
login-title = Log in
login-login = Login
login-password = Password
login-submit = Log in
login-forgot = Forgot the password? An administrator makes a link for you to set a new one.
login-refused = Login or password is not right.
login-wait = { $n ->
    [one] Too many failed tries. Wait one minute and try again.
   *[other] Too many failed tries. Wait { $n } minutes and try again.
}
login-empty = There are no accounts yet. Make the first administrator on the server:
login-empty-then = The command prints a link with which you set the password. Then open this page again.
code-title = Second step
code-code = Code
code-hint = Six digits from your authenticator app, or one of your recovery codes.
code-submit = Go on
code-refused = The code is not right, or it was used already. Wait for the next one.

## One-time link and password
link-title = Set your password
link-for = This is the password of the account { $login }.
link-gone = This link was used already or has run out. Ask an administrator for a new one.
link-done = The password is set
link-done-text = All earlier sessions of the account have ended. Log in with the new password.
password-old = Present password
password-new = New password
password-again = New password again
password-hint = At least { $n } characters. A few words in a row are easy to remember.
password-save = Save the password
password-length = The password is too short or far too long. At least { $n } characters.
password-weak = The password is too easy to guess: it holds the login or repeats a few characters.
password-differs = The two new passwords differ.
password-wrong = The present password is not right.

## Second step
second-title = Second step of the login
second-why = With a second step a stolen password alone is not enough. Supervisors and administrators need it.
second-renew = The new code takes the place of the old one, and you get new recovery codes.
second-app = Install an authenticator app on your phone if you have none (FreeOTP, Aegis, Google Authenticator).
second-scan = Scan the picture with the app, or type the key into it.
second-type = Type the six digits that the app shows.
second-qr = QR code for the authenticator app
second-open = Is the app on this device? Open it with the key
second-key = Key for typing:
second-code = Six digits from the app
second-submit = Turn on
second-on = On
second-again = Set up anew
second-begin = Set up
codes-title = Recovery codes
codes-text = Each of them replaces the code of the app once, should you lose your phone.
codes-once = They are shown only now. Write them down or print them, and keep them apart from your phone.
codes-done = I have kept them
codes-left = { $n ->
    [one] { $n } recovery code is left.
   *[other] { $n } recovery codes are left.
}
codes-renew = New recovery codes

## Own account
account-title = My account
account-settings = Settings
account-zone = Time zone
account-now = The time there is now { $time }.
account-email = E-mail
account-email-hint = For the alarm of urgent cases, reminders of your follow-ups and news of change sets. Kept sealed.
account-duty = On duty
account-duty-on = You are on duty: the alarm of urgent cases comes to you.
account-duty-off = You are not on duty. The alarm of urgent cases does not come to you.
account-duty-begin = Go on duty
account-duty-end = Go off duty
account-telegram = Telegram
account-telegram-why = Tie your Telegram to the account, and the alarm, your reminders and news of change sets reach you there. No migrant sees it.
account-telegram-tie = Tie Telegram
account-telegram-send = Send this to the bot from your Telegram. The code holds for { $n } minutes and works once.
account-telegram-open = Open the bot
account-telegram-tied = Your Telegram is tied to the account.
account-telegram-untie = Untie
account-password = Password
save = Save
done-campaign-ended = Ended.
done-saved = Saved.
done-password-set = The new password holds. Your other sessions have ended.

## People
people-title = People
people-login = Login
people-login-hint = Small Latin letters, digits, dot, hyphen.
people-name = Name
people-name-hint = Migrants see it: a first name or an alias.
people-roles = Roles
people-skills = Knows
people-access = Access
people-locked = locked
people-no-password = no password yet
people-no-second = second step to come
people-active = active
people-on-duty = on duty
people-add = New account
people-add-submit = Make the account
linked-title = One-time link
linked-text = Give this link to { $name } ({ $login }), best in person or by a private message. With it the password is set.
linked-once = It is shown only now, works once, and holds for { $n } hours.
linked-done = Done
person-change = Account
person-skills = Skills
person-skills-hint = Topics or words, parted by commas: a case may be passed on to a skill.
person-max = Open cases at most
person-max-hint = Empty: as the desk's settings say.
person-access = Access
person-password-yes = A password is set.
person-password-no = No password is set yet.
person-second-yes = The second step is on.
person-second-no = The second step is off.
person-locale = Language { $language }, time zone { $zone }.
person-link = Link for a new password
person-second-remove = Remove the second step
person-sessions = End all sessions
person-lock = Lock the account
person-unlock = Unlock
person-access-hint = Locking ends all sessions at once. Accounts are not deleted, so that the trail keeps its names.
person-trail = What this account did

## What is wrong with a form
wrong-login = The login is 2 to 40 small Latin letters, digits, dots, hyphens or underscores.
wrong-login-taken = This login is taken.
wrong-name = The name is empty, too long, or holds characters that cannot be shown.
wrong-roles = Choose at least one role.
wrong-zone = There is no such time zone.
wrong-skills = Too many skills, or one of them is too long.
wrong-email = This is not an e-mail address.
wrong-max-cases = Open cases at most: a number from 1 to 200, or nothing.
wrong-last-admin = There must be at least one active administrator. Nothing was changed.
wrong-changed = Somebody changed this account while you had it open. Open it again and look at how it is now.

## Roles
role-consultant = consultant
role-supervisor = supervisor
role-editor = editor
role-publisher = publisher
role-campaigner = campaigner
role-admin = administrator
role-viewer = viewer
role-hint-consultant = claims and answers cases
role-hint-supervisor = sees all cases, assigns them, sets hours
role-hint-editor = writes drafts of the content
role-hint-publisher = publishes the content
role-hint-campaigner = makes campaigns and codes
role-hint-admin = makes accounts, reads the trail
role-hint-viewer = reads reports

## Time zones
zone-0 = London in winter
zone-60 = Warsaw, Berlin in winter
zone-120 = Kaliningrad
zone-180 = Moscow, St Petersburg, Istanbul
zone-240 = Samara, Tbilisi, Dubai
zone-300 = Dushanbe, Tashkent, Almaty, Yekaterinburg
zone-360 = Bishkek, Omsk
zone-420 = Novosibirsk, Krasnoyarsk
zone-480 = Irkutsk
zone-540 = Yakutsk, Seoul
zone-600 = Vladivostok, Khabarovsk
zone-660 = Magadan, Sakhalin
zone-720 = Kamchatka

## Trail
trail-title = Trail
trail-text = Who looked at or did what: ids and words only, no texts. Nothing here can be changed; the command safar audit verify finds it if somebody tried.
trail-who = Who
trail-everybody = everybody
trail-nobody = the program or a stranger
trail-kind = On what
trail-object = Its number
trail-show = Show
trail-when = When
trail-what = What
trail-on = On what
trail-empty = Nothing like that was done.
trail-older = Older
object-staff = account
object-code = campaign code
object-case = case
object-attachment = attachment
object-settings = settings
object-entry = entry
object-import = import
object-evidence = evidence
object-report = report

## What was done
verb-log-in = logged in
verb-log-in-refused = login refused
verb-log-out = logged out
verb-second-step-refused = second step refused
verb-recovery-used = used a recovery code
verb-password-set = password set
verb-second-step-set = second step set up
verb-second-step-removed = second step removed
verb-recovery-made = recovery codes made
verb-link-made = one-time link made
verb-telegram-code-made = Telegram code made
verb-telegram-tied = Telegram tied
verb-staff-added = account made
verb-staff-changed = account changed
verb-roles-changed = roles changed
verb-staff-locked = account locked
verb-staff-unlocked = account unlocked
verb-sessions-ended = sessions ended
verb-on-duty = went on duty
verb-off-duty = went off duty
verb-trail-read = read the trail
verb-case-looked = looked at the case
verb-case-refused = was refused a case of somebody else
verb-case-registered = entered a case
verb-case-claimed = claimed the case
verb-case-released = gave the case back
verb-case-returned = case went back by itself
verb-case-transferred = passed the case on
verb-case-assigned = assigned the case
verb-case-answered = answered
verb-case-noted = wrote a note
verb-case-closed = closed the case
verb-case-reopened = case opened again
verb-case-erased = case erased
verb-case-urgent = case became urgent by words of danger
verb-case-raised = made the case urgent
verb-case-lowered = made the case ordinary
verb-follow-up-set = set a follow-up of the case
verb-follow-up-done = followed the case up
verb-follow-up-dropped = the follow-up was dropped: the case opened again, or its person is gone
verb-follow-up-told = was reminded of the follow-up
verb-code-added = campaign code added
verb-code-changed = campaign code changed
verb-code-ended = campaign code ended
verb-code-removed = campaign code removed
verb-attachment-looked = looked at an attachment
verb-attachment-sent = sent a file
verb-settings-changed = settings changed
verb-entry-entered = entered an entry
verb-entries-imported = imported entries
verb-entry-approved = approved an entry
verb-import-approved = approved an import
verb-entry-returned = returned an entry
verb-entry-voided = voided an entry
verb-evidence-added = added evidence
verb-evidence-looked = looked at evidence
verb-report-made = report made

# The alarm by e-mail.
alarm-subject = Alarm: urgent cases wait
alarm-body = { $count ->
        [one] { $count } urgent case waits, and nobody attends to it.
       *[other] { $count } urgent cases wait, and nobody attends to them.
    }
alarm-link = Open: { $url }
alarm-no-link = Open the queue.
alarm-foot = Sent by Safar because you are on duty. Duty and address are changed on your account page.
reminder-subject = Follow-ups are due
reminder-body = { $count ->
        [one] { $count } closed case is to be looked at again today.
       *[other] { $count } closed cases are to be looked at again today.
    }
reminder-link = Open: { $url }
reminder-no-link = Open the page Follow-ups.
reminder-foot = Sent by Safar, once a day while something is due. Your address is changed on your account page.
