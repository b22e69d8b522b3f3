"""The categories of WELLBEING.md, with the DSA's of EVIDENCE.md section 4. An organisation adds its own."""

from datetime import UTC, datetime

SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)
DSA = "STATEMENT_CATEGORY_"

# code, severity, flags, label in plain words, DSA category without its prefix
TAXONOMY = (
    ("VIO_KILL", 4, "VGA", "Killing, execution, torture", "VIOLENCE"),
    ("VIO_SEXUAL", 4, "VGSA", "Sexual violence, rape", "VIOLENCE"),
    ("CHILD_ABUSE", 4, "CVGA", "Violence against a child", "PROTECTION_OF_MINORS"),
    ("SUICIDE", 4, "VGA", "Suicide being carried out", "SELF_HARM"),
    ("CSAM", 4, "CSVGA", "Sexual abuse of a child", "PROTECTION_OF_MINORS"),
    ("VIO_ATTACK", 3, "VGA", "Attack, war, many victims", "VIOLENCE"),
    ("VIO_DOMESTIC", 3, "VA", "Violence at home or because of gender", "CYBER_VIOLENCE_AGAINST_WOMEN"),
    ("GORE", 3, "G", "Dead or mutilated bodies, open surgery", "VIOLENCE"),
    ("ACCIDENT", 3, "GA", "Deadly or serious accident", "VIOLENCE"),
    ("TERROR", 3, "VGAT", "Terrorist or extremist propaganda", "RISK_FOR_PUBLIC_SECURITY"),
    ("CHILD_SEXUALISED", 3, "CST", "Sexualised minors, grooming", "PROTECTION_OF_MINORS"),
    ("SELF_INJURY", 3, "G", "Self-injury, shown", "SELF_HARM"),
    ("ANIMAL", 3, "VGA", "Cruelty to animals", "ANIMAL_WELFARE"),
    ("SEX_EXTREME", 3, "SGV", "Bestiality, extreme or degrading sex", "OTHER_VIOLATION_TC"),
    ("VIO_ASSAULT", 2, "VA", "Fight, assault, police violence", "VIOLENCE"),
    ("THREAT", 2, "VT", "Threat, call to violence", "ILLEGAL_OR_HARMFUL_SPEECH"),
    ("SELF_HARM_PROMO", 2, "T", "Praise of self-harm or eating disorders, farewell notes", "SELF_HARM"),
    ("HATE", 2, "T", "Hate, dehumanisation", "ILLEGAL_OR_HARMFUL_SPEECH"),
    ("HARASS", 2, "T", "Harassment, stalking, doxxing", "CYBER_VIOLENCE"),
    ("NCII", 2, "S", "Intimate images without consent, sexual deepfakes", "CYBER_VIOLENCE"),
    ("TRAFFICKING", 2, "CT", "Exploitation, trafficking of people", "RISK_FOR_PUBLIC_SECURITY"),
    ("DISGUST", 2, "G", "Bodily fluids, made to shock", "OTHER_VIOLATION_TC"),
    ("SEX_ADULT", 1, "S", "Sex between adults, nudity", "OTHER_VIOLATION_TC"),
    ("ILLICIT", 1, "T", "Drugs, weapons, illegal goods", "UNSAFE_AND_PROHIBITED_PRODUCTS"),
    (
        "DISINFO",
        1,
        "T",
        "Disinformation, conspiracy",
        "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    ),
    ("SPAM_FRAUD", 0, "T", "Spam, fraud, infringed rights or privacy", "SCAMS_AND_FRAUD"),
)
# Shipped disabled: nobody looks at it here. It is handed over by its hash, where the law says to whom.
DISABLED = frozenset({"CSAM"})


def add(apps, _schema_editor):
    category = apps.get_model("moderation", "Category")
    version = apps.get_model("moderation", "CategoryVersion")
    for position, (code, severity, flags, label, dsa) in enumerate(TAXONOMY):
        category.objects.create(
            code=code,
            label=label,
            dsa_category=DSA + dsa,
            is_enabled=code not in DISABLED,
            position=position,
        )
        version.objects.create(category_id=code, severity=severity, flags=flags, effective_from=SINCE_EVER)


def remove(apps, _schema_editor):
    codes = [row[0] for row in TAXONOMY]
    apps.get_model("moderation", "CategoryVersion").objects.filter(category_id__in=codes).delete()
    apps.get_model("moderation", "Category").objects.filter(code__in=codes).delete()
