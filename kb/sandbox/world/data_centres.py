"""The data centres that an account sees, used or not."""

NAMES = {
    "CA1": "Canada (Vancouver)",
    "CA2": "Canada (Toronto)",
    "CA3": "Canada (Toronto)",
    "DE1": "Germany (Frankfurt)",
    "GB1": "Great Britain (Portsmouth)",
    "GB3": "Great Britain (Slough)",
    "IL1": "US Central (Chicago)",
    "NY1": "US East (New York)",
    "SG1": "APAC (Singapore)",
    "UC1": "US West (Santa Clara)",
    "UT1": "US Central (Salt Lake City)",
    "VA1": "US East (Sterling)",
    "WA1": "US West (Seattle)",
}

BALANCER_HOST = ("UC1", "VA1")  # where the load-balancer host was first available


def full_name(dc: str) -> str:
    """As the API names it: "VA1 - US East (Sterling)"."""
    return f"{dc} - {NAMES[dc]}"


def index(dc: str) -> int:
    """A small number for each, for addresses and VLANs."""
    return list(NAMES).index(dc)
