"""What stands in an answer where an employer's own facts are not known."""

from conversations.words import Words, _

GENERAL: dict[str, Words] = {
    "helpdesk": _("the helpdesk at your work"),
    "roster_app": _("the roster app of your work"),
    "record_app": _("the client record app of your work"),
    "hours_app": _("the hours app of your work"),
    "hr_app": _("the staff app of your work"),
    "mail_app": _("the mail app of your work"),
    "code_app": _("the app that gives your sign-in code"),
    "sick_line": _("your team leader"),
    "hr_contact": _("the staff department of your work"),
    "team": _("your team"),
    "coach": _("the digital coach of the library"),
    "library": _("the library"),
    "next_dropin": _("the drop-in in the library"),
    "learning_hours": _("the hours your employer gives for learning"),
}
