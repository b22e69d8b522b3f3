"""What the demo tells the person at the terminal."""

from config.demo.cast import CAST, Secrets

STEPS = (
    "Sign in as alice and press Start: pictures come grey and blurred. Stay with the first one for a minute and the",
    "limit for severity 3 is reached; after 4 minutes at the desk a break is due. Sign in as dana in another window and",
    "tighten that limit under Limits: within a second it holds at alice's desk. Wim proposes a ceiling, rosa signs it.",
    "Ines starts today: a walk through the desk comes first, and her limits grow by and by.",
)


def describe_demo(*, base_url: str, found: Secrets) -> list[str]:
    """Return the lines: a sign-in for each role, the key, and a curl line that works as pasted."""
    body = '{"external_id": "from-my-terminal", "category": "SPAM_FRAUD", "text": "Buy now, pay never."}'
    return [
        "",
        f"Sign in at {base_url}/accounts/login/  (all with the password {found.password})",
        *(f"  {member.username:<6} {', '.join(member.roles)}{_skills(member.skills)}" for member in CAST),
        "",
        *STEPS,
        "The demo asks for no second factor; a real installation asks all but moderators for one.",
        "",
        f"API key of the platform: {found.api_key}",
        "Submit something yourself:",
        f"  curl -s {base_url}/api/v1/items -H 'Authorization: Bearer {found.api_key}' \\",
        f"    -H 'Content-Type: application/json' -d '{body}'",
        f"Read about the interface at {base_url}/api/v1/docs",
        "",
    ]


def _skills(skills: tuple[str, ...]) -> str:
    return f" ({', '.join(skills)})" if skills else ""
